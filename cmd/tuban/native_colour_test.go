package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuban/pipeline"
	"tuban/pipeline/runfile"
)

// colourRules have a kind that colour can decide as well, and one that it cannot.
const colourRules = `
kinds:
  - code: bare
    type: DT
    when: before.ndvi > 0.3 and after.ndvi < 0.2
    min_area: 50 m2
    evidence: [before.ndvi, after.ndvi]
    rgb: {when: before.exg > 0.1 and after.exg < 0.03, evidence: [before.exg, after.exg, after.red]}
  - {code: water, type: SM, when: before.ndwi < 0 and after.ndwi > 0.2}
`

// greenThenBare is green land with near infrared as its fourth band, and bare soil in two patches of 20 by 10 pixels.
func greenThenBare(bare bool) func(band, x, y int) float64 {
	return func(b, x, y int) float64 {
		if bare && (in(x, y, 10, 10, 30, 20) || in(x, y, 70, 10, 90, 20)) {
			return []float64{1200, 1400, 1600, 2000}[b]
		}
		return []float64{300, 600, 400, 4000}[b]
	}
}

// TestNearInfraredInOneHalf: after, the left half has near infrared and the right half colour alone. What each half can
// tell is judged; what colour cannot tell is not judgeable there, and counted on whose land.
func TestNearInfraredInOneHalf(t *testing.T) {
	dir := t.TempDir()
	before := []image{{name: "before", grid: testGrid(0, 0, 1, 120, 80), bands: 4, value: greenThenBare(false)}}
	after := []image{
		{name: "nir", grid: testGrid(0, 0, 1, 60, 80), bands: 4, value: greenThenBare(true)},
		{name: "rgb", grid: testGrid(60, 0, 1, 60, 80), bands: 3, value: func(b, x, y int) float64 { return greenThenBare(true)(b, x+60, y) }},
	}
	f := &runfile.File{Name: "half", Rules: filepath.Join(dir, "rules.yaml"), Normalise: "none", Registration: "none", Outputs: []string{"gpkg", "report"},
		Before: scenesOf(t, dir, "2024-08-14", before), After: scenesOf(t, dir, "2025-08-20", after)}
	if err := os.WriteFile(f.Rules, []byte(colourRules), 0o644); err != nil {
		t.Fatal(err)
	}
	f.Survey = &runfile.Survey{Source: runfile.Sources{writeParcels(t, filepath.Join(dir, "survey.gpkg"), []parcel{
		{"left", "0103", box(0, 0, 40, 80)}, {"middle", "0103", box(40, 0, 100, 80)}, {"right", "0301", box(100, 0, 120, 80)},
	})}, Layer: "DLTB", Class: "DLBM", System: "TD/T 1055-2019", ID: "BSM", Unit: "ZLDWDM"}
	for _, tile := range []int{16, 500} {
		out := t.TempDir()
		m := detect(t, f, pipeline.Options{Out: out, Tile: tile}).manifest
		if m.Counts.Published != 2 || m.Counts.AreaM2 < 399 || m.Counts.AreaM2 > 401 {
			t.Errorf("%+v; want two patches of 200 m²", m.Counts)
		}
		var evidence []string
		for _, r := range records(t, filepath.Join(out, "changes.gpkg"), "changes") {
			v := r.values
			evidence = append(evidence, fmt.Sprintf("%s %s %.4s %.4s|%s", v["HSXYX"], v["kind"], v["evidence1"], v["evidence2"], v["evidence3"]))
		}
		// The evidence is that of near infrared; in the patch of colour alone only the before image has it.
		if got := strings.Join(evidence, ", "); got != "nir bare 0.81 0.11|, rgb bare 0.81 |" {
			t.Errorf("patches %s", got)
		}
		areas := map[string]float64{}
		for _, r := range records(t, filepath.Join(out, "changes.gpkg"), "unobserved_parcels") {
			v := r.values
			areas[fmt.Sprint(v["BSM"], " ", v["kind"], " ", v["reason"])] += r.number(t, "MJ")
		}
		sameAreas(t, "unobserved_parcels", areas, map[string]float64{"middle water not-judgeable": 3200, "right water not-judgeable": 1600})
		sameAreas(t, "manifest", m.Unobserved, map[string]float64{"not-judgeable": 4800})
		if j := m.Judging; len(j) != 2 || j[0].By != "when and rgb" || len(j[0].Colour) != 1 || j[0].Colour[0].Scene != "rgb" || len(j[0].NotJudgeable) != 0 ||
			j[1].By != "when" || len(j[1].NotJudgeable) != 1 || j[1].NotJudgeable[0].Scene != "rgb" {
			t.Errorf("the manifest says %+v", m.Judging)
		}
		report, err := os.ReadFile(filepath.Join(out, "report.html"))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{"后时相影像 rgb 缺少该波段，其范围内按颜色和纹理判定", "后时相影像 rgb 缺少近红外波段，其范围内无法判定"} {
			if !strings.Contains(string(report), s) {
				t.Errorf("the report does not say %s", s)
			}
		}
	}
}

// TestDefaultRulesOnColour: the default rules without a survey judge a finished mosaic of red, green and blue, and say before and after
// the run what they cannot.
func TestDefaultRulesOnColour(t *testing.T) {
	dir := t.TempDir()
	three := func(name string, bare bool) string {
		value := func(b, x, y int) float64 {
			if bare && in(x, y, 20, 15, 100, 65) {
				return []float64{1200, 1400, 1600}[b]
			}
			return []float64{300, 600, 400}[b]
		}
		return image{name: name, grid: testGrid(0, 0, 1, 120, 80), bands: 3, value: value}.write(t, dir)
	}
	run := filepath.Join(dir, "run.yaml")
	text := fmt.Sprintf("name: rgb\nbefore: {scenes: [%s], bands: {blue: 1, green: 2, red: 3}, date: 2024-08-14}\nafter: {scenes: [%s], bands: {blue: 1, green: 2, red: 3}, date: 2025-08-20}\nout: out\n",
		three("before", false), three("after", true))
	if err := os.WriteFile(run, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	says(t, []string{"plan", run}, exitComplete, "built 新增建设或硬化（疑似）", "decided by colour and texture, which is less certain: no pair of scenes has nir",
		"water 新增水面", "not judgeable anywhere: the scenes of a date lack nir", "lacks     after scene after has no [nir]: water is not judgeable there")
	code, stdout, stderr := tuban("run", run)
	if code != exitComplete || !strings.Contains(stderr, "kind water is not judgeable anywhere") || strings.Contains(stderr, "built is not") {
		t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
	}
	m, err := pipeline.ReadManifest(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	if m.Counts.ByKind["built"] != 1 || m.Counts.Published != 1 || m.Counts.AreaM2 < 3600 || m.Counts.AreaM2 > 4010 {
		t.Errorf("%+v; want one patch of almost 4000 m²", m.Counts)
	}
	sameAreas(t, "manifest", m.Unobserved, map[string]float64{"not-judgeable": 9600})
}
