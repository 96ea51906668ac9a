package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tuban/pipeline"
	"tuban/pipeline/assess"
	"tuban/raster"
	"tuban/raster/gdal"
	"tuban/raster/vector"
)

// countyProduct is a small county's product, and what was injected.
func countyProduct(t *testing.T) (out string, m *pipeline.Manifest) {
	t.Helper()
	out = t.TempDir()
	p := detect(t, countyPair(t, 5, 420, 350), pipeline.Options{Out: out})
	if p.manifest.Counts.Published == 0 {
		t.Fatal("the county has no patch: the test means nothing")
	}
	return out, p.manifest
}

// assessed runs tuban assess --json.
func assessed(t *testing.T, args ...string) (r assess.Report) {
	t.Helper()
	out := says(t, append([]string{"assess"}, append(args, "--json")...), exitComplete)
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return r
}

// writeLabels writes labels, row by row, as a Byte raster on g.
func writeLabels(t *testing.T, path string, g raster.Grid, at func(x, y int) float32) {
	t.Helper()
	err := gdal.WriteCOG(ctx, path, gdal.RasterSpec{Grid: g, Bands: 1, DataType: "Byte"}, func(w raster.Window, planes [][]float32) error {
		for i := range planes[0] {
			planes[0][i] = at(w.X+i%w.W, w.Y+i/w.W)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAssessAgainstItself: a product is right in every measure when it is its own reference, as raster and as polygons,
// and on another grid whose pixels are finer.
func TestAssessAgainstItself(t *testing.T) {
	out, m := countyProduct(t)
	mask := readMask(t, out, m.Grid)
	dir := t.TempDir()
	same, finer, without := filepath.Join(dir, "same.tif"), filepath.Join(dir, "finer.tif"), filepath.Join(dir, "without.tif")
	label := func(x, y int) float32 { return min(1, mask[y*m.Grid.W+x]) }
	writeLabels(t, same, m.Grid, label)
	g := m.Grid
	g.W, g.H = 3*g.W, 3*g.H
	g.Transform[1], g.Transform[5] = g.Transform[1]/3, g.Transform[5]/3
	writeLabels(t, finer, g, func(x, y int) float32 { return 255 * label(x/3, y/3) })
	// The left half is not labelled: what lies there counts neither way.
	writeLabels(t, without, m.Grid, func(x, y int) float32 {
		if x < m.Grid.W/2 {
			return 255
		}
		return label(x, y)
	})
	for _, c := range []struct {
		name string
		args []string
	}{
		{"its mask", []string{"--reference", same}},
		{"its mask on a finer grid, as a picture", []string{"--reference", finer}},
		{"half of its mask", []string{"--reference", without}},
		{"its kinds as values", []string{"--reference", filepath.Join(out, "mask.tif"), "--no-value", "0", "--all-changes"}},
		{"its patches", []string{"--reference", filepath.Join(out, "changes.gpkg"), "--layer", "changes_raw", "--type-field", "kind"}},
	} {
		r := assessed(t, append([]string{out}, c.args...)...)
		if p := r.Pixels; p.All.FP != 0 || p.All.FN != 0 || p.All.TP == 0 || p.All.Kappa != 1 || p.Observed.F1 != 1 {
			t.Errorf("%s, by pixel: %+v", c.name, p)
		}
		a := r.Objects.All
		if a.Objects == 0 || a.Recall != 1 || a.Patches == 0 || a.Precision != 1 {
			t.Errorf("%s, by object: %+v %+v", c.name, a.ReferenceSide, a.PatchSide)
		}
		if r.Form == "polygons" && (a.HitsSameKind != a.Hits || a.Patches != m.Counts.Published || a.MedianAreaError > 0.2) {
			t.Errorf("%s: %+v %+v", c.name, a.ReferenceSide, a.PatchSide)
		}
	}
	// Without patches of a kind, their pixels are missed.
	kinds := sortedKeys(m.Counts.ByKind)
	r := assessed(t, out, "--reference", same, "--kind", kinds[0])
	if p := r.Pixels.All; len(kinds) < 2 || p.FP != 0 || p.FN == 0 || p.TP == 0 || r.Objects.All.Patches != m.Counts.ByKind[kinds[0]] {
		t.Errorf("kind %s alone: %+v", kinds[0], p)
	}
}

// TestAssessOddReferences: what a sparse raster does not store is 0, a layer without an object says that nothing changed, and names
// that name nothing are said.
func TestAssessOddReferences(t *testing.T) {
	out, m := countyProduct(t)
	mask := readMask(t, out, m.Grid)
	dir := t.TempDir()
	dense, sparse, empty := filepath.Join(dir, "dense.tif"), filepath.Join(dir, "sparse.tif"), filepath.Join(dir, "empty.gpkg")
	label := func(x, y int) float32 { return min(1, mask[y*m.Grid.W+x]) }
	writeLabels(t, dense, m.Grid, label)
	// The mask of a larger grid, whose first column of tiles ends where the first change begins, so that none of it is stored.
	first := m.Grid.W
	for k, v := range mask {
		if v > 0 {
			first = min(first, k%m.Grid.W)
		}
	}
	const tile = 512
	beside := tile - first
	wide := m.Grid
	wide.W += beside
	wide.Transform[0] -= float64(beside) * wide.Transform[1]
	err := gdal.WriteMask(ctx, sparse, wide, func(yield func(raster.Span) bool) {
		for k, v := range mask {
			if x := beside + k%m.Grid.W; v > 0 && !yield(raster.Span{Y: k / m.Grid.W, X0: x, X1: x + 1, Value: 1}) {
				return
			}
		}
	})
	if err != nil || first == 0 || first == m.Grid.W {
		t.Fatalf("changes begin at column %d: %v", first, err)
	}
	want, got := assessed(t, out, "--reference", dense).Pixels, assessed(t, out, "--reference", sparse).Pixels
	if want.Labelled != m.Grid.Pixels() || !reflect.DeepEqual(got, want) {
		t.Errorf("sparse %+v, dense %+v", got, want)
	}

	info, err := gdal.DescribeLayer(ctx, vector.LayerSpec{Source: filepath.Join(out, "changes.gpkg"), Layer: "changes"})
	if err != nil {
		t.Fatal(err)
	}
	if err := gdal.WriteGeoPackage(ctx, empty, []vector.Table{stringTable(info, nil)}, vector.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	r := assessed(t, out, "--reference", empty)
	if p := r.Pixels.All; p.TP+p.FN != 0 || p.FP == 0 || r.Objects.All.True != 0 || r.Objects.All.Patches != m.Counts.Published || len(r.Warnings) != 1 {
		t.Errorf("nothing changed: %+v, %+v, %q", p, r.Objects.All, r.Warnings)
	}

	package_ := filepath.Join(out, "changes.gpkg")
	says := strings.Join(assessed(t, out, "--reference", package_, "--layer", "changes", "--type-field", "cid", "--same", "a=builtt", "--types", "nix").Remarks, "\n")
	for _, w := range []string{"--types nix: no object", `--same a=builtt: the product has no kind builtt (did you mean "built"?)`} {
		if !strings.Contains(says, w) {
			t.Errorf("%q does not say %s", says, w)
		}
	}
}

// TestAssessCountsTheUnobserved: a cloud over a change makes it not found, or leaves it out.
func TestAssessCountsTheUnobserved(t *testing.T) {
	out, m := countyProduct(t)
	mask := readMask(t, out, m.Grid)
	reference := filepath.Join(t.TempDir(), "reference.tif")
	writeLabels(t, reference, m.Grid, func(x, y int) float32 { return min(1, mask[y*m.Grid.W+x]) })
	before := assessed(t, out, "--reference", reference).Pixels

	// The same product, but with nothing published and the whole of it unobserved.
	path := filepath.Join(out, "changes.gpkg")
	var tables []vector.Table
	for _, l := range []string{"changes", "changes_raw", "dropped", "scenes"} {
		info, err := gdal.DescribeLayer(ctx, vector.LayerSpec{Source: path, Layer: l})
		if err != nil {
			t.Fatal(err)
		}
		rows := readLayer(t, path, l)
		if l != "scenes" {
			rows = nil
		}
		tables = append(tables, stringTable(info, rows))
	}
	whole := stringTable(vector.LayerInfo{Name: "unobserved", CRS: m.Grid.CRS, Fields: []string{"reason", "kinds"}}, nil)
	whole.Rows = func(yield func(vector.Row, error) bool) {
		f := readLayer(t, path, "scenes")[0]
		yield(vector.Row{WKB: f.WKB, Values: []any{"cloud", strings.Join(sortedKeys(m.Counts.ByKind), " ")}}, nil)
	}
	copied := t.TempDir()
	if err := gdal.WriteGeoPackage(ctx, filepath.Join(copied, "changes.gpkg"), append(tables, whole), vector.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(out, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(copied, "manifest.json"), b, 0o644); err != nil {
		t.Fatal(err)
	}
	writeLabels(t, filepath.Join(copied, "mask.tif"), m.Grid, func(int, int) float32 { return 0 })
	r := assessed(t, copied, "--reference", reference)
	if p := r.Pixels; p.Unobserved != before.Labelled || p.UnobservedChanged != before.All.TP || p.All.FN != before.All.TP || p.All.Recall != 0 || p.Observed.TN != 0 || p.Observed.Recall.Defined() {
		t.Errorf("%+v; seen clearly it was %+v", p, before)
	}
	if o := r.Objects; o.All.Objects == 0 || o.All.Hits != 0 || o.Observed.Objects != 0 {
		t.Errorf("%+v, observed %+v", o.All.ReferenceSide, o.Observed)
	}
}

// stringTable is a layer of text fields with the rows given.
func stringTable(info vector.LayerInfo, rows []vector.Feature) vector.Table {
	t := vector.Table{Name: info.Name, CRS: info.CRS, Geometry: "MultiPolygon"}
	for _, f := range info.Fields {
		t.Fields = append(t.Fields, vector.Field{Name: f, Type: vector.String})
	}
	t.Rows = func(yield func(vector.Row, error) bool) {
		for _, f := range rows {
			r := vector.Row{WKB: f.WKB}
			for _, v := range f.Values {
				r.Values = append(r.Values, v)
			}
			if !yield(r, nil) {
				return
			}
		}
	}
	return t
}

// TestAssessSaysWhatIsWrong: each mistake has its code and its remedy.
func TestAssessSaysWhatIsWrong(t *testing.T) {
	out, m := countyProduct(t)
	dir := t.TempDir()
	far, odd := filepath.Join(dir, "far.tif"), filepath.Join(dir, "odd.tif")
	g := m.Grid
	g.Transform[0] += 1e5
	writeLabels(t, far, g, func(int, int) float32 { return 1 })
	writeLabels(t, odd, m.Grid, func(x, _ int) float32 { return float32(x % 4) })
	package_ := filepath.Join(out, "changes.gpkg")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{out}, exitUsage, "--reference"},
		{[]string{dir, "--reference", odd}, exitInput, "holds no finished product"},
		{[]string{out, "--reference", filepath.Join(dir, "nothing.tif")}, exitInput, "nothing.tif"},
		{[]string{out, "--reference", far}, exitInput, "do not overlap"},
		{[]string{out, "--reference", odd}, exitInput, "--value 1 --no-value 0"},
		{[]string{out, "--reference", odd, "--value", "1"}, exitInput, "has the value 2 at column 2, row 0"},
		{[]string{out, "--reference", odd, "--value", "1", "--no-value", "1"}, exitUsage, "means two things"},
		{[]string{out, "--reference", odd, "--overlap", "1.5"}, exitUsage, "--overlap"},
		{[]string{out, "--reference", package_, "--layer", "changes", "--type-field", "kinds"}, exitInput, `did you mean "kind"`},
		{[]string{out, "--reference", package_, "--layer", "changes", "--kind", "walter"}, exitInput, `did you mean "water"`},
	} {
		code, said, errw := tuban(append([]string{"assess"}, c.args...)...)
		if code != c.code || !strings.Contains(errw, c.says) || said != "" {
			t.Errorf("tuban assess %s: exit code %d, want %d and %q: %s%s", strings.Join(c.args, " "), code, c.code, c.says, said, errw)
		}
	}
}

// TestSample: the same seed draws the same points, in their own strata; filled in as mapped they make a map without error,
// and each error lowers it by its weight.
func TestSample(t *testing.T) {
	out, m := countyProduct(t)
	dir := filepath.Join(t.TempDir(), "sample")
	args := []string{"sample", "draw", out, "--n", "90", "--min", "8", "--seed", "4", "--out"}
	says(t, append(args, dir), exitComplete, "buffer", "unchanged", "tuban sample read")
	again := filepath.Join(t.TempDir(), "again")
	says(t, append(args, again, "--no-chips"), exitComplete)
	text := readText(t, filepath.Join(dir, "sample.csv"))
	if text != readText(t, filepath.Join(again, "sample.csv")) {
		t.Error("the same seed draws other points")
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 91 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	for _, tells := range []string{"stratum", "map_class"} {
		if column(tells) >= 0 {
			t.Errorf("the table to fill in has a column %s, which tells what the map says", tells)
		}
	}
	var design assess.Design
	if err := json.Unmarshal([]byte(readText(t, filepath.Join(dir, "sample.json"))), &design); err != nil {
		t.Fatal(err)
	}
	point := func(r []string) assess.SamplePoint {
		i := slices.IndexFunc(design.Points, func(q assess.SamplePoint) bool { return strconv.Itoa(q.ID) == r[0] })
		return design.Points[i]
	}
	// After any number of points, about the same part of each stratum is done.
	done := map[string]int{}
	for i, q := range design.Points {
		done[q.Stratum]++
		for _, s := range design.Strata {
			if even := float64(s.Drawn) * float64(i+1) / float64(len(design.Points)); math.Abs(float64(done[s.Name])-even) > 1.5 {
				t.Fatalf("after %d points, %d of stratum %s are done, not about %.1f", i+1, done[s.Name], s.Name, even)
			}
		}
	}
	mask := readMask(t, out, m.Grid)
	kinds := 0
	for _, r := range rows[1:] {
		var x, y float64
		if _, err := fmt.Sscan(r[column("x")], &x); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscan(r[column("y")], &y); err != nil {
			t.Fatal(err)
		}
		px, py := m.Grid.Pixel(x, y)
		published := mask[int(py)*m.Grid.W+int(px)] > 0
		if is := point(r).Map != assess.Unchanged; is != published {
			t.Errorf("point %s is %s on the map, published: %t", r[0], point(r).Map, published)
		} else if is {
			kinds++
		}
	}
	if kinds < 16 || kinds > 74 {
		t.Errorf("%d of 90 points are on patches", kinds)
	}
	b, err := os.ReadFile(filepath.Join(dir, "chips", "00090.png"))
	if err != nil {
		t.Fatal(err)
	}
	if img, err := png.Decode(bytes.NewReader(b)); err != nil || img.Bounds().Dx() <= 2*img.Bounds().Dy() {
		t.Errorf("the picture of point 90: %v", err)
	}
	if page := readText(t, filepath.Join(dir, "index.html")); strings.Count(page, "<figure") != 90 || !strings.Contains(page, "样点判读") {
		t.Error("index.html does not show every point")
	}

	code, _, errw := tuban("sample", "read", dir)
	if code != exitInput || !strings.Contains(errw, "90 of 90 points are left") {
		t.Errorf("nothing interpreted: exit code %d: %s", code, errw)
	}
	if code, _, errw := tuban(append(args, dir)...); code != exitInput || !strings.Contains(errw, "holds a sample already") {
		t.Errorf("a second draw into the same folder: exit code %d: %s", code, errw)
	}
	fill := func(class func(r []string) string) (r assess.SampleReport) {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		for i, row := range rows {
			row = slices.Clone(row)
			if i > 0 {
				row[column("reference")] = class(row)
			}
			if err := w.Write(row); err != nil {
				t.Fatal(err)
			}
		}
		w.Flush()
		if err := os.WriteFile(filepath.Join(dir, "sample.csv"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(says(t, []string{"sample", "read", dir, "--json"}, exitComplete)), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	perfect := fill(func(r []string) string { return point(r).Map })
	if perfect.Overall.Value != 1 || perfect.Left != 0 {
		t.Errorf("filled in as mapped: %+v", perfect.Overall)
	}
	total := 0.0
	for _, c := range perfect.Classes {
		total += float64(c.Area.Value)
	}
	if math.Abs(total-perfect.TotalM2) > 1e-6*total {
		t.Errorf("the areas add up to %.1f m², the land is %.1f m²", total, perfect.TotalM2)
	}
	first := ""
	wrong := fill(func(r []string) string {
		if point(r).Stratum == "buffer" && first == "" {
			first = r[0]
			return perfect.Classes[0].Code
		}
		return point(r).Map
	})
	for _, s := range wrong.Strata {
		if s.Name == "buffer" {
			if want := 1 - s.Weight/float64(s.Drawn); math.Abs(float64(wrong.Overall.Value)-want) > 1e-9 {
				t.Errorf("one error in the buffer: overall %v, want %v", wrong.Overall.Value, want)
			}
		}
	}
	says(t, []string{"sample", "read", dir}, exitComplete, "Stehman 2014", "overall accuracy")
}

// TestSampleReproducesThePublishedExample: Olofsson et al. 2014, Table 8, filled in as an interpreter would.
func TestSampleReproducesThePublishedExample(t *testing.T) {
	classes := []string{"deforestation", "gain", "forest", assess.Unchanged}
	d := assess.Design{PixelM2: 900, By: assess.ByKind}
	rows := [][]string{{"id", "reference"}}
	for i, counts := range [][]int{{66, 0, 5, 4}, {0, 55, 8, 12}, {1, 0, 153, 11}, {2, 1, 9, 313}} {
		d.Classes = append(d.Classes, assess.Class{Code: classes[i]})
		d.Strata = append(d.Strata, assess.SampleStratum{Name: classes[i], Pixels: []int64{200_000, 150_000, 3_200_000, 6_450_000}[i]})
		for k, n := range counts {
			for range n {
				d.Points = append(d.Points, assess.SamplePoint{ID: len(rows), Stratum: classes[i], Map: classes[i]})
				rows = append(rows, []string{fmt.Sprint(len(rows)), classes[k]})
			}
		}
	}
	dir := t.TempDir()
	js, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var table bytes.Buffer
	if err := csv.NewWriter(&table).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"sample.json": js, "sample.csv": table.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var r assess.SampleReport
	if err := json.Unmarshal([]byte(says(t, []string{"sample", "read", dir, "--json"}, exitComplete)), &r); err != nil {
		t.Fatal(err)
	}
	for k, want := range [][2]float64{{21_158, 6_158}, {11_686, 3_756}, {285_770, 15_510}, {581_386, 16_282}} {
		a := r.Classes[k].Area
		if got := [2]float64{math.Round(float64(a.Value) / 1e4), math.Round(float64(a.Margin) / 1e4)}; got != want || r.Method != "olofsson2014" {
			t.Errorf("%s: %v ± %v ha by %s, published are %v", classes[k], got[0], got[1], r.Method, want)
		}
	}
}
