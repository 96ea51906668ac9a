package export

import (
	"bufio"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"
	"unicode"

	"tuban/pipeline"
)

//go:embed page.tmpl
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// class says of a text how it may wrap: a code or a day stays in one line.
func class(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII || r == ' ' }) {
		return ""
	}
	return "c"
}

// writePage writes the verification table as a page to read and print: the columns that some patch has a value in.
func (j *job) writePage(path string, p Package) error {
	type cell struct {
		Text, Class string
	}
	var rows [][]cell
	shown := make([]bool, len(sheetColumns))
	for n, i := range p.rows {
		row := make([]cell, len(sheetColumns))
		for k, v := range cells(j.src.rows[i], n+1) {
			switch v := v.(type) {
			case string:
				row[k] = cell{v, class(v)}
			case float64:
				row[k] = cell{strconv.FormatFloat(v, 'f', decimals[sheetColumns[k].kind], 64), "n"}
			}
			shown[k] = shown[k] || row[k].Text != ""
		}
		rows = append(rows, row)
	}
	show := func(k int) bool { return shown[k] }
	for i := range rows {
		rows[i] = filtered(rows[i], show)
	}
	var heads []struct{ ZH, EN string }
	for k, c := range sheetColumns {
		if shown[k] {
			heads = append(heads, struct{ ZH, EN string }{c.header, c.en})
		}
	}
	return pipeline.ReplaceFile(path, func(w io.Writer) error {
		b := bufio.NewWriter(w)
		err := page.Execute(b, map[string]any{
			"Title": j.heading(p) + sheetPatches, "Clue": title, "Summary": j.summary(p), "Lines": j.lines(p), "Heads": heads, "Rows": rows,
			"Version": j.o.Version, "Key": j.src.Key,
		})
		if err != nil {
			return fmt.Errorf("writing %s: %w", path, err)
		}
		return b.Flush()
	})
}
