package assess

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tuban/classify/accuracy"
	"tuban/pipeline"
	"tuban/raster/vector"
)

// filled is a layer of sample.gpkg: id and reference.
type filled [][2]string

func (filled) DescribeLayer(context.Context, vector.LayerSpec) (vector.LayerInfo, error) {
	return vector.LayerInfo{}, nil
}

func (f filled) ReadLayer(_ context.Context, _ vector.LayerSpec, _ string, visit func(vector.Feature) error) error {
	for _, v := range f {
		if err := visit(vector.Feature{Values: v[:]}); err != nil {
			return err
		}
	}
	return nil
}

func (filled) WriteGeoPackage(context.Context, string, []vector.Table, vector.WriteOptions) error {
	return nil
}

// someDesign has 6 points: of built 1, 2, 3, of unchanged 4, 5, 6.
func someDesign() *Design {
	d := &Design{PixelM2: 1, By: ByKind, Classes: []Class{{"built", "新增建筑"}, {"water", "新增水面"}, {Unchanged, "未变化"}}}
	for i := range 6 {
		name := []string{"built", Unchanged}[i/3]
		d.Points = append(d.Points, SamplePoint{ID: i + 1, Stratum: name, Map: name})
	}
	d.Strata = []SampleStratum{{"built", 100, 3, 0.1}, {Unchanged, 900, 3, 0.9}}
	return d
}

// sampleFolder writes a sample whose CSV has these rows below its header.
func sampleFolder(t *testing.T, header string, rows ...string) string {
	t.Helper()
	dir := t.TempDir()
	text := header + "\n" + strings.Join(rows, "\n")
	if err := os.WriteFile(filepath.Join(dir, sampleCSV), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestReadAnswers(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("未变化")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		header string
		rows   []string
		want   string // answers by point, or what the error says
	}{
		{"codes and blanks", "id,reference", []string{"1,built", "2,", "3, Unchanged "}, "map[1:0 3:2]"},
		{"Chinese names, other columns, Windows", byteOrderMark + "ID,stratum,Reference\r", []string{"1,x,新增建筑\r", "5,y,未变化\r"}, "map[1:0 5:2]"},
		{"saved as GBK", "id,reference", []string{"4," + gbk}, "map[4:2]"},
		{"numbers as spreadsheets write them, an empty row", "id,reference", []string{"4.0,water", ",", "5,"}, "map[4:1]"},
		{"a misspelt class", "id,reference", []string{"1,built", "2,biult"}, `row 3: unknown class "biult" (did you mean "built"?)`},
		{"a point that is not there", "id,reference", []string{"7,built"}, `row 2: there is no point "7"`},
		{"a point twice", "id,reference", []string{"1,built", "1,water"}, "row 3: point 1 stands in row 2 already"},
		{"no column", "id;reference", []string{"1;built"}, "must name the columns id and reference"},
		{"a torn quote", "id,reference", []string{`1,"built`}, "row 2"},
	} {
		dir := sampleFolder(t, c.header, c.rows...)
		got, err := readAnswers(t.Context(), filled{}, dir, someDesign())
		var input *pipeline.InputError
		if err != nil && (!errors.As(err, &input) || !strings.Contains(err.Error(), c.want)) || err == nil && fmt.Sprint(map[int]int(got)) != c.want {
			t.Errorf("%s: %v, %v; want %s", c.name, got, err, c.want)
		}
	}
}

// The table and the layer complete each other, and must not contradict.
func TestTableAndLayer(t *testing.T) {
	dir := sampleFolder(t, "id,reference", "1,built", "2,")
	if err := os.WriteFile(filepath.Join(dir, sampleGPKG), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := readAnswers(t.Context(), filled{{"1", ""}, {"2", "water"}}, dir, someDesign())
	if err != nil || fmt.Sprint(map[int]int(got)) != "map[1:0 2:1]" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := readAnswers(t.Context(), filled{{"1", "water"}}, dir, someDesign()); err == nil || !strings.Contains(err.Error(), "point 1 is built in sample.csv, but water in sample.gpkg") {
		t.Errorf("a contradiction: %v", err)
	}
}

// A class that only the reference has makes the strata others than the classes; the estimates stay those of the sample.
func TestUnits(t *testing.T) {
	for _, c := range []struct {
		name    string
		got     answers
		method  accuracy.Method
		classes int
		overall float64
	}{
		{"all as mapped", answers{1: 0, 2: 0, 3: 0, 4: 2, 5: 2, 6: 2}, accuracy.Olofsson2014, 2, 1},
		{"one of three built is none", answers{1: 0, 2: 0, 3: 2, 4: 2, 5: 2}, accuracy.Olofsson2014, 2, 0.1*2/3 + 0.9},
		{"one is water, which the map does not have", answers{1: 0, 2: 0, 3: 1, 4: 2, 5: 2}, accuracy.Stehman2014, 3, 0.1*2/3 + 0.9},
	} {
		d := someDesign()
		r := &SampleReport{}
		classes, units, err := r.units(d, c.got)
		if err != nil {
			t.Fatal(err)
		}
		var codes []string
		for _, k := range classes {
			codes = append(codes, k.Code)
		}
		est, err := accuracy.Estimates([]accuracy.Stratum{{Name: "built", Size: 100}, {Name: Unchanged, Size: 900}}, codes, units)
		if err != nil || est.Method != c.method || len(classes) != c.classes || float64(est.Overall.Value)-c.overall > 1e-12 || c.overall-float64(est.Overall.Value) > 1e-12 {
			t.Errorf("%s: %s of %v, overall %v, %v", c.name, est.Method, codes, est.Overall.Value, err)
		}
	}
}
