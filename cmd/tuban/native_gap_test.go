package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuban/pipeline"
	"tuban/pipeline/runfile"
	"tuban/raster"
)

// gapRules have a kind that needs near infrared wherever the image is not dark, and one that does not.
const gapRules = `
kinds:
  - {code: withnir, type: JZ, eligible: ["01", "03"], when: after.red > 900 and after.nir < 500, min_area: 50 m2}
  - {code: colour, type: YH, eligible: ["01"], when: after.red > before.red + 5000}
`

// in reports whether a pixel lies in columns [x0, x1) and rows [y0, y1).
func in(x, y, x0, y0, x1, y1 int) bool { return x0 <= x && x < x1 && y0 <= y && y < y1 }

// TestReasonsOfGaps counts pixels: what was not seen, why, for which kinds, on whose land.
func TestReasonsOfGaps(t *testing.T) {
	dir := t.TempDir()
	even := func(_, _, _ int) float64 { return 1000 }
	before := []image{{name: "before", grid: testGrid(0, 0, 1, 120, 80), bands: 4, value: func(b, x, y int) float64 {
		if in(x, y, 10, 10, 20, 30) { // 200 pixels
			return math.NaN()
		}
		return even(b, x, y)
	}}}
	after := []image{
		{name: "nir", grid: testGrid(0, 0, 1, 80, 80), bands: 4, dataType: "Float32", noData: math.NaN(), value: func(b, x, y int) float64 {
			switch {
			case b == 2 && in(x, y, 50, 50, 60, 60): // 100 pixels, in one band
				return math.NaN()
			case b == 3 && in(x, y, 30, 30, 50, 40): // a patch of 200 m²
				return 400
			}
			return even(b, x, y)
		}},
		// Natural colour in the lower half of what is left, dark in a half of that.
		{name: "rgb", grid: testGrid(80, 40, 1, 40, 40), bands: 3, value: func(_, x, _ int) float64 {
			if x >= 20 {
				return 500
			}
			return 1000
		}},
	}
	f := &runfile.File{Name: "gaps", Rules: filepath.Join(dir, "rules.yaml"), Normalise: "none", Registration: "none", Outputs: []string{"gpkg"},
		Before: scenesOf(t, dir, "2024-08-14", before), After: scenesOf(t, dir, "2025-08-20", after)}
	if err := os.WriteFile(f.Rules, []byte(gapRules), 0o644); err != nil {
		t.Fatal(err)
	}
	f.Survey = &runfile.Survey{Source: runfile.Sources{writeParcels(t, filepath.Join(dir, "survey.gpkg"), []parcel{
		{"field", "0103", box(0, 0, 80, 80)}, {"wood", "0301", box(80, 0, 120, 80)},
	})}, Layer: "DLTB", Class: "DLBM", System: "TD/T 1055-2019", ID: "BSM", Unit: "ZLDWDM"}

	for _, tile := range []int{16, 500} {
		out := t.TempDir()
		m := detect(t, f, pipeline.Options{Out: out, Tile: tile}).manifest
		if !m.Complete || m.Counts.Published != 1 || m.Counts.AreaM2 < 199.5 || m.Counts.AreaM2 > 200.5 {
			t.Errorf("complete %t, %+v; want one patch of 200 m²", m.Complete, m.Counts)
		}
		areas := map[string]float64{}
		for _, r := range records(t, filepath.Join(out, "changes.gpkg"), "unobserved") {
			areas[r.values["reason"]+" of "+r.values["kinds"]] += r.number(t, "MJ")
		}
		sameAreas(t, "unobserved", areas, map[string]float64{
			// What the before image lacks leaves a kind undecided only if it looks at the before image.
			"no-data of withnir colour": 100, "no-data of colour": 200, "outside of withnir": 1600, "not-judgeable of withnir": 800,
		})
		areas = map[string]float64{}
		for _, r := range records(t, filepath.Join(out, "changes.gpkg"), "unobserved_parcels") {
			v := r.values
			areas[fmt.Sprint(v["BSM"], " ", v["DLBM"], " ", v["kind"], " ", v["reason"])] += r.number(t, "MJ")
		}
		sameAreas(t, "unobserved_parcels", areas, map[string]float64{
			"field 0103 withnir no-data": 100, "field 0103 colour no-data": 300,
			"wood 0301 withnir outside": 1600, "wood 0301 withnir not-judgeable": 800,
		})
		sameAreas(t, "manifest", m.Unobserved, map[string]float64{"no-data": 300, "outside": 1600, "not-judgeable": 800})
	}
}

func sameAreas(t *testing.T, what string, got, want map[string]float64) {
	t.Helper()
	for k, a := range want {
		if math.Abs(got[k]-a) > 0.001*a {
			t.Errorf("%s: %s has %.2f m², want %.0f", what, k, got[k], a)
		}
	}
	for k, a := range got {
		if want[k] == 0 {
			t.Errorf("%s: %s has %.2f m², want nothing", what, k, a)
		}
	}
}

// damagedRun writes a pair whose after image ends in the middle, and its run file.
func damagedRun(t *testing.T) (runFile, damaged string, f *runfile.File) {
	t.Helper()
	dir := t.TempDir()
	paths := map[string]string{}
	for name, value := range map[string]func(band, x, y int) float64{"before": patchy(60), "after": holed(62, patchy(61))} {
		im := image{name: name, grid: testGrid(0, 0, 1, 700, 600), bands: 4, block: 128, value: value}
		paths[name] = im.write(t, dir)
	}
	st, err := os.Stat(paths["after"])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(paths["after"], st.Size()*6/10); err != nil {
		t.Fatal(err)
	}
	text := `
name: damaged
before: {scenes: [before.tif], bands: {blue: 1, green: 2, red: 3, nir: 4}, date: 2024-08-14}
after:  {scenes: [after.tif], bands: {blue: 1, green: 2, red: 3, nir: 4}, date: 2025-08-20}
rules: rules.yaml
normalise: none
registration: none
out: out
`
	runFile = filepath.Join(dir, "run.yaml")
	for name, content := range map[string]string{runFile: text, filepath.Join(dir, "rules.yaml"): "kinds: [{code: bright, type: JZ, when: after.red - before.red > 900, clean: open 3, min_area: 20 m2}]\n"} {
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, _, err = (&runFlags{}).open(ctx, runFile)
	if err != nil {
		t.Fatal(err)
	}
	return runFile, paths["after"], f
}

// TestUnreadableFile: half a file is half a product, and it says so. How much is lost does not depend on the tiles.
func TestUnreadableFile(t *testing.T) {
	runFile, damaged, f := damagedRun(t)
	plan, err := pipeline.NewPlan(ctx, drivers(), f, pipeline.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want, whole := unreadable(t, plan)
	if want == 0 || want > whole*3/4 {
		t.Fatalf("%.0f of %.0f pixels cannot be read: the test means nothing", want, whole)
	}
	code, out, errw := tuban("run", runFile)
	if code != exitGaps || !strings.HasPrefix(out, "NOT COMPLETE") {
		t.Errorf("exit code %d, want %d:\n%s%s", code, exitGaps, out, errw)
	}
	m, err := pipeline.ReadManifest(f.Out)
	if err != nil {
		t.Fatal(err)
	}
	if m.Complete || len(m.Failures) == 0 || m.Counts.Published == 0 {
		t.Errorf("complete %t, %d failures, %d patches", m.Complete, len(m.Failures), m.Counts.Published)
	}
	failed := 0.0
	for _, failure := range m.Failures {
		failed += float64(failure.Window.Pixels())
		if failure.Scene != "after" || !strings.Contains(failure.Error, damaged) {
			t.Errorf("failure %+v", failure)
		}
	}
	if failed != want {
		t.Errorf("the failures in the manifest cover %.0f pixels, want %.0f", failed, want)
	}
	if got := m.Unobserved["unreadable"]; math.Abs(got-want) > 1e-3*want || m.Unobserved["no-data"] == 0 {
		t.Errorf("unobserved %v; want %.0f m² unreadable, and no data beside it", m.Unobserved, want)
	}
	if found := wrong(t, f.Out); len(found) > 0 {
		t.Errorf("the product does not pass its check: %q", found)
	}

	f.Outputs = []string{"gpkg"}
	one := detect(t, f, pipeline.Options{Out: t.TempDir(), Tile: 4096})
	for _, tile := range []int{100, 256, 511} {
		if err := differ(one, detect(t, f, pipeline.Options{Out: t.TempDir(), Tile: tile})); err != nil {
			t.Errorf("tiles of %d pixels: %v", tile, err)
		}
	}

	code, out, errw = tuban("run", runFile, "--strict", "--out", t.TempDir())
	if code == exitComplete || code == exitGaps || !strings.Contains(errw, damaged) {
		t.Errorf("--strict: exit code %d, and this does not name %s:\n%s%s", code, damaged, out, errw)
	}
}

// unreadable counts the pixels that are lost with the after scene: those of squares of 256 pixels that cannot be read.
func unreadable(t *testing.T, p *pipeline.Plan) (bad, all float64) {
	t.Helper()
	px, err := imagery{}.Open(p.Grid, p.After, p.Roles, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	defer px.Close()
	for _, tile := range raster.Tiles(p.Grid, 256, 0) {
		b := raster.NewBlock(tile.Core, len(p.Roles))
		if err := px.Read(ctx, 0, tile.Core, b.Planes); err != nil {
			bad += float64(tile.Core.Pixels())
		}
		all += float64(tile.Core.Pixels())
	}
	return bad, all
}
