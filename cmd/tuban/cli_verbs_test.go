package main

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"tuban/classify/rules"
	"tuban/classify/triage"
	"tuban/raster"
	"tuban/raster/gdal"
)

// says expects an exit code and words on standard output.
func says(t *testing.T, args []string, code int, words ...string) string {
	t.Helper()
	got, out, errw := tuban(args...)
	if got != code {
		t.Errorf("tuban %s: exit code %d, want %d: %s", strings.Join(args, " "), got, code, errw)
	}
	for _, w := range words {
		if !strings.Contains(out, w) {
			t.Errorf("tuban %s does not say %q:\n%s", strings.Join(args, " "), w, out)
		}
	}
	return out
}

func TestIndexList(t *testing.T) {
	says(t, []string{"index", "list"}, exitComplete, "ndvi", "归一化植被指数", "= (nir - red) / (nir + red)", "ndbi", "swir1", "needs reflectance", "the same evidence as")
}

// TestIndexOfScene compares tuban index with the formula, pixel by pixel, no data included.
func TestIndexOfScene(t *testing.T) {
	dir := t.TempDir()
	im := image{name: "scene", grid: testGrid(0, 0, 2, 211, 130), bands: 4, value: holed(3, patchy(4))}
	path, out := im.write(t, dir), filepath.Join(dir, "ndvi.tif")
	const bands = "blue=1,green=2,red=3,nir=4"
	says(t, []string{"index", "ndvi", path, "-o", out, "--bands", bands}, exitComplete)
	formula := filepath.Join(dir, "formula.tif")
	says(t, []string{"index", "(nir - red) / (nir + red)", path, "-o", formula, "--bands", bands}, exitComplete)
	values, again := readBand(t, out, im.grid), readBand(t, formula, im.grid)
	known := 0
	for i, v := range values {
		x, y := i%im.grid.W, i/im.grid.W
		red, nir := float32(im.value(2, x, y)), float32(im.value(3, x, y))
		want := (nir - red) / (nir + red)
		if want == want {
			known++
		}
		if (v != v) != (want != want) || math.Abs(float64(v-want)) > 1e-6 {
			t.Fatalf("column %d, row %d: %v, want %v", x, y, v, want)
		}
		if v != again[i] && v == v {
			t.Fatalf("column %d, row %d: the index is %v, its formula %v", x, y, v, again[i])
		}
	}
	if known < len(values)/2 || known == len(values) {
		t.Errorf("%d of %d pixels are known: the test means little", known, len(values))
	}
	code, _, errw := tuban("index", "ndbi", path, "-o", out, "--bands", bands)
	if code != exitInput || !strings.Contains(errw, "swir1") || !strings.Contains(errw, path) {
		t.Errorf("an index of a band that is missing: exit code %d: %s", code, errw)
	}
	code, _, errw = tuban("index", "ndvy", path, "-o", out, "--bands", bands)
	if code != exitInput || !strings.Contains(errw, "ndvi") {
		t.Errorf("a misspelt index: exit code %d: %s", code, errw)
	}
}

func readBand(t *testing.T, path string, g raster.Grid) []float32 {
	t.Helper()
	info, err := gdal.Inspect(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	none := math.NaN()
	s := raster.Scene{URI: path, Native: info.Native, BlockW: info.BlockW, BlockH: info.BlockH, DataType: info.DataType,
		Bands: map[raster.Role]raster.Band{raster.Pan: {Index: 1, Scale: 1, NoData: none, HasNoData: true}}}
	r, err := gdal.NewReader(g, []raster.Scene{s}, gdal.ReaderOptions{Roles: []raster.Role{raster.Pan}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	out := make([]float32, g.Pixels())
	if err := r.Read(ctx, 0, g.Window(), [][]float32{out}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRules(t *testing.T) {
	if out := says(t, []string{"rules", "show"}, exitComplete); out != string(rules.Default(true)) {
		t.Error("rules show is not the default rules")
	}
	dir := folder(t, map[string]string{
		"default.yaml": string(rules.Default(true)),
		"bad.yaml": `kinds:
  - {code: one, type: JZ, when: after.ndvy < 0.2}
  - {code: two, type: XX, when: after.ndvi < 0.2, bridge: 5}
  - {code: three, type: JZ, when: "after.ndvi <", clean: majority 4}
  - {code: one, type: JZ, when: after.red > 1, eligible: [沙漠公园]}
categories:
  - {code: c, kinds: [four], where: area("01") >}
`})
	for _, system := range []string{"TD/T 1055-2019", "用地用海 2023"} {
		says(t, []string{"rules", "check", filepath.Join(dir, "default.yaml"), "--system", system}, exitComplete, "12 kinds, 4 categories, no problems")
	}
	code, _, errw := tuban("rules", "check", filepath.Join(dir, "bad.yaml"))
	if code != exitInput {
		t.Errorf("exit code %d, want %d", code, exitInput)
	}
	for _, w := range []string{"bad.yaml", "ndvi", "XX", "5 m", "majority", "沙漠公园", "four"} {
		if !strings.Contains(errw, w) {
			t.Errorf("the problems do not mention %q:\n%s", w, errw)
		}
	}
	for line := 2; line <= 7; line++ {
		if line != 6 && !strings.Contains(errw, fmt.Sprintf("bad.yaml:%d", line)) {
			t.Errorf("no problem of line %d:\n%s", line, errw)
		}
	}
	code, _, errw = tuban("rules", "check", filepath.Join(dir, "default.yaml"), "--system", "GB 50137")
	if code != exitUsage || !strings.Contains(errw, "TD/T 1055-2019") {
		t.Errorf("an unknown system: exit code %d: %s", code, errw)
	}
}

func TestPlanAndInspect(t *testing.T) {
	dir := t.TempDir()
	if code, _, errw := tuban("demo", "--out", dir, "--size", "300", "--inputs-only"); code != exitComplete {
		t.Fatal(errw)
	}
	out := says(t, []string{"plan", filepath.Join(dir, "run.yaml"), "--tile", "128"}, exitComplete,
		"demo, key ", "grid      300 × 300 pixels", "before    before", "2024-", "blue green red nir", "read directly", "after     after",
		"TD/T 1055-2019", "parcels touch the grid", "triage    version 1: ", "tiles     9 of 128 × 128 pixels, halo ", "read      about", "memory    about", "disk      about",
		"kind 1    ", "built 新增建（构）筑物: needs before.", "after.pantex over 15 m", "trees_lost 林木减少", "measure   quantiles of the bands, registration")
	if strings.Contains(out, "lacks") {
		t.Errorf("nothing is lacking:\n%s", out)
	}
	if exists(filepath.Join(dir, "out")) {
		t.Error("a plan wrote something")
	}
	// Without near infrared, what needs it is named before anything is read.
	text := strings.ReplaceAll(readText(t, filepath.Join(dir, "run.yaml")), "nir: 4", "rededge: 4")
	for _, name := range []string{"before.tif", "after.tif", "survey.gpkg", layersFile, farmlandFile, approvalsFile} {
		text = strings.ReplaceAll(text, name, filepath.Join(dir, name))
	}
	other := folder(t, map[string]string{"run.yaml": strings.ReplaceAll(text, "rules: default", "rules: rules.yaml"), "rules.yaml": gapRules})
	says(t, []string{"plan", filepath.Join(other, "run.yaml")}, exitComplete, "lacks     after scene after has no [nir]: withnir is not judgeable there")

	says(t, []string{"inspect", filepath.Join(dir, "before.tif")}, exitComplete,
		"GTiff, UInt16", "grid      300 × 300 pixels of 0.5 × 0.5, EPSG:4530", "DEFLATE", "band 1    blue", "band 4    nir", "no data 0", "mask      ")
	says(t, []string{"inspect", filepath.Join(dir, "survey.gpkg")}, exitComplete, "layer DLTB", "Polygon", "features", "EPSG:4530", "BSM", "DLBM", "extent")
	code, _, errw := tuban("inspect", filepath.Join(dir, "run.yaml"))
	if code != exitInput || !strings.Contains(errw, "run.yaml") {
		t.Errorf("inspecting a text: exit code %d: %s", code, errw)
	}
}

func TestTriage(t *testing.T) {
	if out := says(t, []string{"triage", "show"}, exitComplete); out != string(triage.Default()) {
		t.Error("triage show is not the default rules of triage")
	}
	text := string(triage.Default())
	dir := folder(t, map[string]string{"default.yaml": text, "bad.yaml": strings.Replace(text, "matched: 0.95", "matched: 95", 1)})
	says(t, []string{"triage", "check", filepath.Join(dir, "default.yaml"), "--system", "用地用海 2023"}, exitComplete, "version 1", "no problems")
	code, _, errw := tuban("triage", "check", filepath.Join(dir, "bad.yaml"))
	if code != exitInput || !strings.Contains(errw, "bad.yaml:") || !strings.Contains(errw, "coverage.matched") {
		t.Errorf("exit code %d: %s", code, errw)
	}
	code, _, errw = tuban("triage", "check", filepath.Join(dir, "none.yaml"))
	if code != exitInput || !strings.Contains(errw, "none.yaml") {
		t.Errorf("exit code %d: %s", code, errw)
	}
}
