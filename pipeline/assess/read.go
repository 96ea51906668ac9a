package assess

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tuban/raster/spell"
	"tuban/raster/vector"
)

// answers are the interpreted classes by point, as positions among the design's classes.
type answers map[int]int

// readDesign reads sample.json.
func readDesign(dir string) (*Design, error) {
	path := filepath.Join(dir, sampleJSON)
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, badInput(fmt.Errorf("%s holds no sample: %w: give the folder that `tuban sample draw` left", dir, err))
	}
	d := &Design{}
	if err := json.Unmarshal(b, d); err != nil {
		return nil, badInput(fmt.Errorf("%s: %w: the file is damaged; the same draw with the same seed gives it again", path, err))
	}
	if len(d.Classes) == 0 || len(d.Strata) == 0 {
		return nil, badInput(fmt.Errorf("%s has no classes or no strata: the file is damaged; the same draw with the same seed gives it again", path))
	}
	return d, nil
}

// readAnswers reads what was interpreted, in sample.csv and in sample.gpkg. Either may be missing; where both say something of a
// point, they must agree.
func readAnswers(ctx context.Context, v Vectors, dir string, d *Design) (answers, error) {
	table, err := readTable(filepath.Join(dir, sampleCSV), d)
	noTable := errors.Is(err, fs.ErrNotExist)
	if err != nil && !noTable {
		return nil, badInput(err)
	}
	path := filepath.Join(dir, sampleGPKG)
	if _, err := os.Stat(path); err != nil {
		if noTable {
			return nil, badInput(fmt.Errorf("%s has neither %s nor %s: give the folder that `tuban sample draw` left", dir, sampleCSV, sampleGPKG))
		}
		return table, nil
	}
	layer, err := readLayer(ctx, v, path, d)
	if err != nil {
		return nil, badInput(err)
	}
	if noTable {
		return layer, nil
	}
	for id, class := range layer {
		if other, ok := table[id]; ok && other != class {
			return nil, badInput(fmt.Errorf("point %d is %s in %s, but %s in %s: correct one of them", id, d.Classes[other].Code, sampleCSV, d.Classes[class].Code, sampleGPKG))
		}
		table[id] = class
	}
	return table, nil
}

// readTable reads sample.csv: UTF-8, or GBK as some spreadsheets save it.
func readTable(path string, d *Design) (answers, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(b) {
		if b, err = simplifiedchinese.GB18030.NewDecoder().Bytes(b); err != nil {
			return nil, fmt.Errorf("%s is neither UTF-8 nor GBK: save it as CSV UTF-8", path)
		}
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte(byteOrderMark))))
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: save it as CSV", path, err)
	}
	id, reference := column(header, "id"), column(header, "reference")
	if id < 0 || reference < 0 {
		return nil, fmt.Errorf("%s: its first row is %q: it must name the columns id and reference, separated by commas", path, strings.Join(header, ","))
	}
	c := collector{design: d, path: path, out: answers{}, seen: map[int]int{}}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return c.out, nil
		}
		if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
			return nil, fmt.Errorf("%s, row %d: %w: save it as CSV again", path, parse.StartLine, parse.Err)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		line, _ := r.FieldPos(0)
		if strings.Trim(strings.Join(row, ""), " \t") == "" {
			continue
		}
		at := func(i int) string {
			if i < len(row) {
				return row[i]
			}
			return ""
		}
		if err := c.add(line, at(id), at(reference)); err != nil {
			return nil, err
		}
	}
}

func column(header []string, name string) int {
	return slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
}

// readLayer reads sample.gpkg; its rows are counted in the order of the file.
func readLayer(ctx context.Context, v Vectors, path string, d *Design) (answers, error) {
	c := collector{design: d, path: path, out: answers{}, seen: map[int]int{}}
	row := 0
	err := v.ReadLayer(ctx, vector.LayerSpec{Source: path, Layer: "sample", Fields: []string{"id", "reference"}}, "", func(f vector.Feature) error {
		row++
		return c.add(row, f.Values[0], f.Values[1])
	})
	return c.out, err
}

// collector gathers answers and refuses what cannot be one.
type collector struct {
	design *Design
	path   string
	out    answers
	seen   map[int]int // the row of each point
}

func (c *collector) add(row int, id, reference string) error {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(id), ".0"))
	if err != nil || n < 1 || n > len(c.design.Points) {
		return fmt.Errorf("%s, row %d: there is no point %q: the points are 1 … %d; leave the column id as it was", c.path, row, id, len(c.design.Points))
	}
	if other, twice := c.seen[n]; twice {
		return fmt.Errorf("%s, row %d: point %d stands in row %d already: delete one of them", c.path, row, n, other)
	}
	c.seen[n] = row
	reference = strings.TrimSpace(reference)
	if reference == "" {
		return nil
	}
	var known []string
	for i, k := range c.design.Classes {
		if strings.EqualFold(reference, k.Code) || reference == k.Name {
			c.out[n] = i
			return nil
		}
		known = append(known, k.Code, k.Name)
	}
	return fmt.Errorf("%s, row %d: unknown class %q%s: a class of %s, or its Chinese name; blank while it is not interpreted", c.path, row, reference, spell.Hint(reference, known), c.codes())
}

func (c *collector) codes() string {
	var list []string
	for _, k := range c.design.Classes {
		list = append(list, k.Code)
	}
	return strings.Join(list, ", ")
}
