package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/gdal"
	"tuban/raster/synth"
)

var fourBands = map[string]int{"blue": 1, "green": 2, "red": 3, "nir": 4}

// haloRules need a halo of every sort: both textures, each way to clean, gaps to bridge, and overlapping kinds.
const haloRules = `
kinds:
  - code: rough
    type: JZ
    eligible: ["01", "0301"]
    when: after.red > 1.05 * before.red and sqrt(after.pantex(9)) > 60 and after.ndvi < 0.2
    clean: majority 3
    bridge: 3 m
    min_area: 4 m2
    evidence: [after.ndvi, sqrt(after.pantex(9)), after.deviation(5)]
  - code: smooth
    type: DT
    when: before.deviation(5) > 90 and after.nir < before.nir
    clean: open 3, close 5
    bridge: 2 m
    min_area: 30 m2
    evidence: [before.deviation(5)]
  - code: bare
    type: LT
    when: after.green - before.green > 500
    min_pixels: 3
categories:
  - {code: cropland_lost, name: {zh: 耕地非农化}, kinds: [rough, smooth], where: area("01") >= 5}
  - {code: mostly_bare, name: {zh: 裸地}, where: patch_area > 20 and uncovered > 1}
`

// randomPair writes a pair of w × h metres in which everything that makes mosaics hard happens at once: scenes that
// overlap, lie between the pixels of the run, in another system and at another resolution, with tags, NaN and alpha
// for what is no data, without near infrared, in tiles and in strips; a survey with overlaps and with bare land.
func randomPair(t testing.TB, seed uint64, w, h int) *runfile.File {
	t.Helper()
	dir := t.TempDir()
	fw, fh := float64(w), float64(h)
	part := func(f float64, n int) int { return max(1, int(f*float64(n))) }
	before := []image{
		{name: "b1", grid: testGrid(0, 0, 1, part(0.7, w), h), bands: 4, block: 128, value: holed(seed, patchy(seed+1))},
		{name: "b2", grid: testGrid(float64(part(0.4, w)), 0, 1, w-part(0.4, w), part(0.9, h)), bands: 4, dataType: "Float32", noData: math.NaN(), plain: true, block: 16, value: holed(seed+2, patchy(seed+3))},
		{name: "b3rgb", grid: testGrid(0.35, -2.2, 1.3, part(1/1.3, w), part(0.8/1.3, h)), bands: 3, block: 128, value: patchy(seed + 4)},
	}
	after := []image{
		{name: "a1alpha", grid: testGrid(float64(part(0.3, w)), float64(part(0.2, h)), 1, part(0.5, w), part(0.5, h)), bands: 5, dataType: "Int16", alpha: true, value: alphaOf(seed+5, patchy(seed+6))},
		{name: "a2utm", grid: elsewhere(t, "EPSG:32652", 1.7, fw*0.8, fh), bands: 4, noData: 9, value: holed(seed+7, patchy(seed+8))},
		{name: "a3degrees", grid: elsewhere(t, "EPSG:4490", 0.6/100_000, fw, fh*0.8), bands: 4, dataType: "Float32", noData: -1, value: patchy(seed + 9)},
	}
	f := &runfile.File{Name: "random", Rules: filepath.Join(dir, "rules.yaml"), Normalise: "none", Registration: "none", Outputs: []string{"gpkg"}}
	if err := os.WriteFile(f.Rules, []byte(haloRules), 0o644); err != nil {
		t.Fatal(err)
	}
	f.Before, f.After = scenesOf(t, dir, "2024-08-14", before), scenesOf(t, dir, "2025-08-20", after)
	f.Survey = &runfile.Survey{Source: runfile.Sources{writeParcels(t, filepath.Join(dir, "survey.gpkg"), randomParcels(seed, fw, fh))},
		Layer: "DLTB", Class: "DLBM", System: "TD/T 1055-2019", ID: "BSM", Unit: "ZLDWDM"}
	return f
}

// scenesOf writes images and lists them as a run file does; those of three bands are natural colour.
func scenesOf(t testing.TB, dir, date string, list []image) runfile.Imagery {
	t.Helper()
	var out runfile.Imagery
	for _, im := range list {
		bands := fourBands
		if im.bands == 3 {
			bands = map[string]int{"blue": 1, "green": 2, "red": 3}
		}
		out.Scenes = append(out.Scenes, runfile.Scene{URI: im.write(t, dir), Bands: bands, Date: date})
	}
	return out
}

// alphaOf adds an alpha band, the fifth, with holes.
func alphaOf(seed uint64, v func(band, x, y int) float64) func(band, x, y int) float64 {
	return func(band, x, y int) float64 {
		if band < 4 {
			return v(band, x, y)
		}
		if noise(seed, x/8, y/8) < 0.1 {
			return 0
		}
		return 255
	}
}

// elsewhere is a grid in another system that covers the first w × h metres of the tests, and a little beyond.
func elsewhere(t testing.TB, crs string, pixel, w, h float64) raster.Grid {
	t.Helper()
	b, err := gdal.TransformBounds(testCRS, crs, raster.Bounds{MinX: testX, MinY: testY - h, MaxX: testX + w, MaxY: testY})
	if err != nil {
		t.Fatal(err)
	}
	return raster.Grid{CRS: crs, Transform: [6]float64{b.MinX - pixel, pixel, 0, b.MaxY + pixel, 0, -pixel},
		W: int((b.MaxX-b.MinX)/pixel) + 2, H: int((b.MaxY-b.MinY)/pixel) + 2}
}

// randomParcels are rectangles off the pixel edges: most of them side by side, some across others, some missing.
func randomParcels(seed uint64, w, h float64) []parcel {
	codes := []string{"0103", "0101", "0301", "0702", "1006", "1202", "0103K", "9999"}
	var out []parcel
	add := func(x0, y0, x1, y1 float64) {
		n := len(out)
		out = append(out, parcel{fmt.Sprintf("P%04d", n), codes[int(noise(seed, n, 77)*float64(len(codes)))], box(x0, y0, x1, y1)})
	}
	const edge = 17.3
	for y := -3.0; y < h; y += edge {
		for x := -5.0; x < w; x += edge {
			if noise(seed, int(x), int(y), 5) > 0.15 {
				add(x, y, x+edge, y+edge)
			}
		}
	}
	for i := range 3 {
		x, y := w*noise(seed, i, 78), h*noise(seed, i, 79)
		add(x, y, x+31.7, y+9.4)
	}
	return out
}

// countyPair writes a simulated county of w × h pixels with the default rules.
func countyPair(t testing.TB, seed uint64, w, h int) *runfile.File {
	t.Helper()
	f := scenarioPair(t, "plain", seed, w, h)
	f.Normalise, f.Registration = runfile.None, runfile.None
	return f
}

// scenarioPair simulates a county under the conditions of a scenario, with pixels of 1 m; its run measures the dates.
func scenarioPair(t testing.TB, scenario string, seed uint64, w, h int) *runfile.File {
	t.Helper()
	conditions, ok := synth.FindScenario(scenario)
	if !ok {
		t.Fatalf("no scenario %s", scenario)
	}
	dir := t.TempDir()
	c := synth.New(synth.Options{Size: w, Height: h, Seed: seed, Pixel: 1, Conditions: conditions.Conditions})
	p := newProgress(nil)
	f := &runfile.File{Name: "county", Rules: "default", Normalise: runfile.Auto, Registration: runfile.Auto, Outputs: []string{"gpkg"}}
	for _, d := range []struct {
		date synth.Date
		name string
		to   *runfile.Imagery
	}{{synth.Before, "before", &f.Before}, {synth.After, "after", &f.After}} {
		path := filepath.Join(dir, d.name+".tif")
		if err := writeScene(ctx, path, c, d.date, demoOptions{scenario: conditions}, p); err != nil {
			t.Fatal(err)
		}
		d.to.Scenes = []runfile.Scene{{URI: path, Bands: fourBands, Date: c.Day(d.date).Format("2006-01-02")}}
	}
	f.Survey = &runfile.Survey{Source: runfile.Sources{filepath.Join(dir, "survey.gpkg")}, Layer: "DLTB", Class: "DLBM", System: "TD/T 1055-2019", ID: "BSM", Unit: "ZLDWDM"}
	if err := writeSurvey(ctx, f.Survey.Source[0], c); err != nil {
		t.Fatal(err)
	}
	return f
}
