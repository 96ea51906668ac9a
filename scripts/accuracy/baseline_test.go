package main

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"testing"

	"tuban/raster"
)

// On this pair the same methods were computed independently, with other software, so that a slip in ours would show.
func TestBaselinesOnALandsatPair(t *testing.T) {
	data := os.Getenv("TUBAN_TESTDATA")
	if data == "" {
		t.Skip("SKIPPED: TUBAN_TESTDATA is not set, so no baseline was computed on real imagery")
	}
	p, err := readPair(context.Background(), filepath.Join(data, "taizhou"), sixBands)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]float64{
		"all changed":             0,
		"CVA, raw numbers + Otsu": 0.06,
		"CVA, z-scored + k-means": 0.897,
		"IR-MAD + Otsu":           0.934,
		"|ΔNDVI| + Otsu":          0.51,
		"|ΔNDBI| + Otsu":          0.39,
	}
	for _, m := range baselines {
		kappa, ok := want[m.name]
		if !ok {
			continue
		}
		delete(want, m.name)
		changed, err := m.changed(p)
		if err != nil {
			t.Fatal(err)
		}
		got := float64(score(changed, p.reference).Measures().Kappa)
		t.Logf("%s: kappa %.3f", m.name, got)
		if math.Abs(got-kappa) > 0.02 {
			t.Errorf("%s: kappa %.3f, elsewhere %.3f", m.name, got, kappa)
		}
	}
	if len(want) > 0 {
		t.Errorf("these methods are gone: %v", want)
	}
}

func TestAMethodNeedsItsBands(t *testing.T) {
	p := &pair{roles: colour}
	for _, m := range baselines {
		if got, want := m.suits(p), m.name != "|ΔNDVI| + Otsu" && m.name != "|ΔNDBI| + Otsu"; got != want {
			t.Errorf("%s on red, green and blue: %v, want %v", m.name, got, want)
		}
	}
}

// No data is never changed, whatever the method, and what is missing at one date is missing at both.
func TestNoDataIsNotChanged(t *testing.T) {
	const w, h = 24, 20
	p := &pair{grid: raster.Grid{W: w, H: h}, pixel: 10, roles: colour, reference: make([]float32, w*h)}
	for b := range colour {
		p.before, p.after = append(p.before, make([]float32, w*h)), append(p.after, make([]float32, w*h))
		for i := range w * h {
			p.before[b][i] = float32((i*7+b*13+i*i%31)%50 + 20)
			p.after[b][i] = float32((i*11+b*5+i*i%29)%60 + 20)
		}
	}
	hole := 9*w + 11
	p.after[0][hole] = raster.NaN
	p.hide()
	if v := p.before[2][hole]; v == v {
		t.Error("a band of the first date still has a value where the second date has none")
	}
	for _, m := range baselines {
		if m.name == "all changed" || m.name == "IR-MAD + Otsu" || !m.suits(p) {
			continue
		}
		changed, err := m.changed(p)
		if err != nil {
			t.Fatal(err)
		}
		any := 0
		for _, c := range changed {
			if c {
				any++
			}
		}
		if any == 0 {
			t.Errorf("%s finds nothing", m.name)
		}
		if changed[hole] && m.name != "PanTex rise + Otsu" { // texture is that of the pixels around
			t.Errorf("%s: a pixel without data changed", m.name)
		}
	}
}
