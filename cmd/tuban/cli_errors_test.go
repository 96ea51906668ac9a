package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// goodRun is a run file that works with the files of wrongInputs; each case of the test spoils a part of it.
const goodRun = `name: test
before: {scenes: [before.tif], bands: {blue: 1, green: 2, red: 3, nir: 4}, date: 2024-08-14}
after: {scenes: ["after*.tif"], bands: {blue: 1, green: 2, red: 3, nir: 4}, date: 2025-08-20}
survey: {source: survey.gpkg, layer: DLTB, class: DLBM, system: TD/T 1055-2019}
out: out
`

// wrongInputs writes a good pair and survey, and beside them files that each have one fault.
func wrongInputs(t *testing.T) string {
	t.Helper()
	dir := folder(t, map[string]string{"text.tif": "this is no image\n", "rules.yaml": "kinds: [{code: a, type: JZ, when: after.nvdi < 1}]\n"})
	grid := testGrid(0, 0, 1, 40, 30)
	value := patchy(7)
	for _, name := range []string{"before", "after1", "after2"} {
		image{name: name, grid: grid, bands: 4, value: value}.write(t, dir)
	}
	far := grid
	far.Transform[0] += 500_000
	image{name: "far", grid: far, bands: 4, value: value}.write(t, dir)
	nowhere := grid
	nowhere.CRS = ""
	image{name: "nowhere", grid: nowhere, bands: 4, value: value}.write(t, dir)
	rotated := grid
	rotated.Transform[2], rotated.Transform[4] = 0.1, 0.1
	image{name: "rotated", grid: rotated, bands: 4, value: value}.write(t, dir)

	writeParcels(t, filepath.Join(dir, "survey.gpkg"), []parcel{{"A", "0103", box(-9, -9, 99, 99)}})
	// The zone's number is missing from the easting, though the system carries it.
	short := box(-9, -9, 99, 99)
	for i := range short {
		short[i][0] -= 42_000_000
	}
	writeParcels(t, filepath.Join(dir, "prefix.gpkg"), []parcel{{"A", "0103", short}})
	writeParcels(t, filepath.Join(dir, "empty.gpkg"), nil)
	writeParcels(t, filepath.Join(dir, "beside.gpkg"), []parcel{{"A", "0103", box(3000, 3000, 3099, 3099)}})
	writeParcels(t, filepath.Join(dir, "building.gpkg"), []parcel{{"A", "1001", box(-9, -9, 99, 99)}})
	writeParcels(t, filepath.Join(dir, "unknown.gpkg"), []parcel{{"A", "村庄", box(-9, -9, 99, 99)}})
	writeParcels(t, filepath.Join(dir, "around.gpkg"), []parcel{{"A", "0103", box(-90, -90, -50, -50)}, {"B", "0103", box(200, 200, 300, 300)}})
	return dir
}

// TestErrorsSayWhatWhereAndHow spoils one thing at a time. Every message must name the file or setting, and a remedy.
func TestErrorsSayWhatWhereAndHow(t *testing.T) {
	dir := wrongInputs(t)
	if code, _, errw := tuban("run", write(t, dir, goodRun), "--out", filepath.Join(dir, "good")); code != exitComplete {
		t.Fatalf("the good run: exit code %d: %s", code, errw)
	}
	for _, c := range []struct{ what, old, new, words string }{
		{"no date", ", date: 2024-08-14", "", "before|before.tif|no date|date: YYYY-MM-DD"},
		{"a date that is none", "2024-08-14", "2024-13-14", "before|2024-13-14|2025-08-20"},
		{"no scenes", "[before.tif]", "[]", "before|no scenes"},
		{"an unknown key", "name: test", "title: test", "run.yaml|title|1:1"},
		{"a wrong indent", "out: out", " out: out", "run.yaml|5"},
		{"an unknown sensor", "bands: {blue: 1, green: 2, red: 3, nir: 4}, date: 2024", "sensor: GF-99, date: 2024", "before.tif|GF-99|bands"},
		{"a sensor of other bands", "bands: {blue: 1, green: 2, red: 3, nir: 4}, date: 2024", "sensor: Sentinel-2, date: 2024", "before.tif|bands|declare"},
		{"an unknown role", "nir: 4}, date: 2024", "infrared: 4}, date: 2024", "before|infrared|nir"},
		{"a band too many", "nir: 4}, date: 2024", "nir: 5}, date: 2024", "before.tif|5|4 bands"},
		{"bands unknown", ", bands: {blue: 1, green: 2, red: 3, nir: 4}, date: 2024", ", date: 2024", "before.tif|sensor|bands"},
		{"no such file", "before.tif", "befor.tif", "befor.tif|before"},
		{"no image", "before.tif", "text.tif", "text.tif|raster"},
		{"a glob without match", "after*.tif", "x*.tif", "x*.tif|no file matches|check the folder"},
		{"imagery elsewhere", "after*.tif", "far.tif", "before|after|do not overlap"},
		{"no reference system", "after*.tif", "nowhere.tif", "nowhere.tif|coordinate reference system|gdal_edit"},
		{"a rotated first scene", "before.tif", "rotated.tif", "rotated.tif|grid:"},
		{"no survey file", "survey.gpkg", "nothing.gpkg", "survey|nothing.gpkg"},
		{"no such layer", "layer: DLTB", "layer: DLTC", "survey|DLTC|DLTB"},
		{"no system", ", system: TD/T 1055-2019", "", "survey|does not guess|TD/T 1055-2019"},
		{"an unknown system", "TD/T 1055-2019", "GB 9999", "survey|GB 9999|TD/T 1055-2019"},
		{"an unknown class field", "class: DLBM", "class: DLDM", "survey.gpkg|DLDM|DLBM"},
		{"no class field", "class: DLBM, ", "", "survey|no class|DLBM"},
		{"a zone prefix", "survey.gpkg", "prefix.gpkg", "survey|prefix.gpkg|no zone number|assign EPSG:4551"},
		{"an empty survey", "survey.gpkg", "empty.gpkg", "survey"},
		{"a survey beside", "survey.gpkg", "beside.gpkg", "survey|do not overlap"},
		{"a survey around", "survey.gpkg", "around.gpkg", "around.gpkg|none of its 2 features|region"},
		{"codes that are none", "survey.gpkg", "unknown.gpkg", "unknown.gpkg|DLBM|class:"},
		{"a region beside", "out: out", "out: out\nregion: {source: beside.gpkg}", "region|do not overlap"},
		{"an empty region", "out: out", "out: out\nregion: {source: empty.gpkg}", "region|empty.gpkg|no polygon"},
		{"a region inside out", "out: out", "out: out\nregion: {bbox: [3, 3, 1, 1], crs: EPSG:4530}", "region|bbox|min x"},
		{"a region without system", "out: out", "out: out\nregion: {bbox: [0, 0, 1, 1]}", "region|crs"},
		{"no folder", "out: out", "", "out|--out"},
		{"an unset variable", "out: out", "out: ${NOT_SET_AT_ALL}", "run.yaml|line 5|NOT_SET_AT_ALL"},
		{"no such rules", "out: out", "out: out\nrules: rule.yaml", "rules|rule.yaml"},
		{"bad rules", "out: out", "out: out\nrules: rules.yaml", "rules.yaml|nvdi|ndvi"},
		{"an unknown output", "out: out", "out: out\noutputs: [pdf]", "outputs|pdf|report"},
		{"a method that is none", "out: out", "out: out\nnormalise: ir-mad", "normalise|ir-mad|auto|none"},
		{"another product", "out: out", "out: good\noutputs: [gpkg]", "good|--force"},
	} {
		if !strings.Contains(goodRun, c.old) {
			t.Fatalf("%s: %q is not in the run file", c.what, c.old)
		}
		code, out, errw := tuban("run", write(t, dir, strings.Replace(goodRun, c.old, c.new, 1)))
		if code != exitInput || out != "" {
			t.Errorf("%s: exit code %d, want %d: %s%s", c.what, code, exitInput, out, errw)
		}
		for _, w := range strings.Split(c.words, "|") {
			if !strings.Contains(errw, w) {
				t.Errorf("%s: the error does not mention %q:\n%s", c.what, w, errw)
			}
		}
		if strings.Contains(errw, "%!") || strings.Contains(errw, "panic") || len(errw) > 1500 {
			t.Errorf("%s: %s", c.what, errw)
		}
	}
}

func write(t *testing.T, dir, text string) string {
	t.Helper()
	path := filepath.Join(dir, "run.yaml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestScaleOfTheTests: the hand-made tests count on pixels of one square metre.
func TestScaleOfTheTests(t *testing.T) {
	for _, d := range []float64{0, 700} {
		g := testGrid(d, d, 1, 1, 1)
		x, y, err := coordinates{}.GroundSize(g)
		if err != nil || math.Abs(x-1) > 1e-5 || math.Abs(y-1) > 1e-5 {
			t.Errorf("a pixel is %v × %v m, %v", x, y, err)
		}
	}
}
