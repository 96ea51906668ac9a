package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tuban/pipeline"
)

// probabilityRules train a model on a survey, which the run of the test does not have: a raster takes its place.
const probabilityRules = `
models: {built: {features: [red], yes: [建设用地], no: [耕地]}}
kinds:
  - {code: built, type: JZ, when: after.p_built - before.p_built > 0.5, min_area: 50 m2, evidence: [before.p_built, after.p_built]}
`

// TestProbabilityRasters: rasters of percent, one of coarser pixels than the run's, decide a kind where its model cannot be
// trained; where one has no value, the kind is not judgeable.
func TestProbabilityRasters(t *testing.T) {
	dir := t.TempDir()
	plain := func(b, x, y int) float64 { return 500 + 100*float64(b) + math.Round(50*noise(3, x, y)) }
	for _, im := range []image{
		{name: "b", grid: testGrid(0, 0, 1, 120, 80), bands: 3, value: plain},
		{name: "a", grid: testGrid(0, 0, 1, 120, 80), bands: 3, value: plain},
		{name: "p1", grid: testGrid(0, 0, 1, 120, 80), bands: 1, dataType: "Byte", noData: 255, value: func(_, _, _ int) float64 { return 10 }},
		{name: "p2", grid: testGrid(-4, -4, 4, 40, 30), bands: 2, dataType: "Byte", noData: 255, value: func(b, x, y int) float64 {
			switch {
			case b == 0:
				return 0
			case in(x, y, 6, 6, 11, 11) || in(x, y, 23, 13, 28, 18): // 400 m² of new roof, and as much of an old one
				return 90
			case in(x, y, 16, 3, 21, 8): // 400 m²
				return math.NaN()
			}
			return 20
		}},
		{name: "digital", grid: testGrid(0, 0, 1, 120, 80), bands: 1, dataType: "Float32", noData: -1, value: func(_, x, y int) float64 { return 200 }},
	} {
		im.write(t, dir)
	}
	if err := os.WriteFile(filepath.Join(dir, "rules.yaml"), []byte(probabilityRules), 0o644); err != nil {
		t.Fatal(err)
	}
	run := filepath.Join(dir, "run.yaml")
	write := func(probabilities string) {
		text := `
name: rasters
before: {scenes: [b.tif], bands: {blue: 1, green: 2, red: 3}, date: 2024-08-14}
after:  {scenes: [a.tif], bands: {blue: 1, green: 2, red: 3}, date: 2025-08-20}
rules: rules.yaml
normalise: none
registration: none
outputs: [gpkg, report]
out: out
probabilities: ` + probabilities + "\n"
		if err := os.WriteFile(run, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}

	for _, c := range []struct{ probabilities, want string }{
		{"{built: {before: p1.tif, after: p2.tif, band: 2}}", "the raster has 1"},
		{"{built: {before: p1.tif, after: p1.tif}}", "holds whole numbers (Byte): say what a probability of 1 is by `scale`"},
		{"{bilt: {before: p1.tif, after: p1.tif, scale: 0.01}}", `no model "bilt" (did you mean "built"?)`},
		{"{built: {before: digital.tif, after: digital.tif}}", "digital.tif holds 200, which is no probability from 0 to 1: give its `scale`"},
	} {
		write(c.probabilities)
		if code, out, errw := tuban("run", run); code != exitInput || !strings.Contains(errw, c.want) {
			t.Errorf("%s: exit code %d, want %d and %q:\n%s%s", c.probabilities, code, exitInput, c.want, out, errw)
		}
	}

	image{name: "p1two", grid: testGrid(0, 0, 1, 120, 80), bands: 2, dataType: "Byte", noData: 255, value: func(b, x, y int) float64 {
		if in(x, y, 88, 48, 108, 68) { // built already
			return []float64{50, 95}[b]
		}
		return []float64{50, 10}[b]
	}}.write(t, dir)
	write("{built: {before: p1two.tif, after: p2.tif, band: 2, scale: 0.01}}")
	says(t, []string{"plan", run}, exitComplete, "raster    before.p_built", "p2.tif, band 2, Byte", "decided by probabilities made elsewhere alone: before.p_built, after.p_built")
	if code, out, errw := tuban("run", run); code != exitComplete || strings.Contains(errw, "p_built is not") {
		t.Fatalf("exit code %d\n%s%s", code, out, errw)
	}
	m := readProduct(t, filepath.Join(dir, "out")).manifest
	if m.Counts.Published != 1 || !(m.Counts.AreaM2 > 380 && m.Counts.AreaM2 < 420) || !(m.Unobserved["not-judgeable"] > 380 && m.Unobserved["not-judgeable"] < 520) {
		t.Errorf("%+v, unobserved %v; want a patch of 400 m², and some 400 m² that cannot be judged", m.Counts, m.Unobserved)
	}
	for _, r := range records(t, filepath.Join(dir, "out", "changes.gpkg"), "changes") {
		if got := fmt.Sprintf("%.3s %.3s", r.values["evidence1"], r.values["evidence2"]); got != "0.1 0.7" && got != "0.1 0.8" {
			t.Errorf("evidence %s", got)
		}
	}
	if !slices.ContainsFunc(m.Inputs, func(s pipeline.Source) bool {
		return s.Role == "probability after.p_built" && filepath.Base(s.URI) == "p2.tif" && s.Fingerprint != ""
	}) {
		t.Errorf("inputs %+v", m.Inputs)
	}
	if len(m.Measured.Models) != 0 || !slices.ContainsFunc(m.Measured.Bands, func(b pipeline.BandStat) bool { return b.Role == "p_built" && b.Date == "after" && b.N > 0 }) {
		t.Errorf("measured %+v", m.Measured)
	}
	report, err := os.ReadFile(filepath.Join(dir, "out", "report.html"))
	if err != nil || !strings.Contains(string(report), "由外部概率栅格 before.p_built, after.p_built 判定") {
		t.Errorf("the report does not say that rasters decide: %v", err)
	}
	if found := wrong(t, filepath.Join(dir, "out")); len(found) > 0 {
		t.Errorf("the product does not pass its check: %q", found)
	}
	f, _, err := (&runFlags{}).open(ctx, run)
	if err != nil {
		t.Fatal(err)
	}
	one := detect(t, f, pipeline.Options{Tile: 4096})
	for _, tile := range []int{16, 53} {
		if err := differ(one, detect(t, f, pipeline.Options{Out: t.TempDir(), Tile: tile})); err != nil {
			t.Errorf("tiles of %d pixels: %v", tile, err)
		}
	}
}
