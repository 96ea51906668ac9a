package main

import (
	"math"
	"math/rand/v2"
	"testing"

	"tuban/raster"
)

// noise is a pair of 60 × 50 pixels of 2 m in three colours, times scale.
func noise(scale float32) *rgbPair {
	r := rand.New(rand.NewPCG(7, 7))
	g := raster.Grid{CRS: "EPSG:4530", Transform: [6]float64{0, 2, 0, 0, 0, -2}, W: 60, H: 50}
	p := &pair{grid: g, pixel: 2, roles: colour, reference: make([]float32, g.Pixels())}
	for range colour {
		a, b := make([]float32, g.Pixels()), make([]float32, g.Pixels())
		for i := range a {
			a[i], b[i] = scale*float32(20+r.IntN(200)), scale*float32(20+r.IntN(200))
		}
		p.before, p.after = append(p.before, a), append(p.after, b)
	}
	return &rgbPair{pair: p, set: "rgb_dsifn"}
}

// Numbers of 8 bits and reflectance × 10,000 are one to the model.
func TestFeaturesDoNotDependOnTheScaleOfNumbers(t *testing.T) {
	e, err := newRGBExtractor()
	if err != nil {
		t.Fatal(err)
	}
	a, b := e.extract(noise(1)), e.extract(noise(37.5))
	for f := range a {
		known := 0
		for i, v := range a[f] {
			if v != v && b[f][i] != b[f][i] {
				continue
			}
			known++
			if d := math.Abs(float64(v - b[f][i])); !(d < 1e-4) {
				t.Fatalf("%s at %d: %v and %v", rgbFeatures[f], i, v, b[f][i])
			}
		}
		if known < len(a[f])/2 {
			t.Errorf("%s is known at %d of %d pixels", rgbFeatures[f], known, len(a[f]))
		}
	}
}

// A pair with itself shows no change: what is left of the features is how green it is.
func TestFeaturesOfAPairWithItself(t *testing.T) {
	e, err := newRGBExtractor()
	if err != nil {
		t.Fatal(err)
	}
	p := noise(1)
	p.after = p.before
	for f, plane := range e.extract(p) {
		for i, v := range plane {
			if rgbFeatures[f] != "after.exg" && v == v && v != 0 {
				t.Fatalf("%s at %d is %v", rgbFeatures[f], i, v)
			}
		}
	}
}

func TestNoModelIsTaughtByThePairThatItJudges(t *testing.T) {
	a, b := &rgbPair{set: "rgb_levir", name: "a"}, &rgbPair{set: "rgb_levir", name: "b"}
	c, s := &rgbPair{set: "rgb_dsifn", name: "c"}, &rgbPair{set: simulatedSet, name: "1"}
	want := map[string][]string{
		"model of the other pairs and the simulator": {"b", "c", "1"},
		"model of the other pairs":                   {"b", "c"},
		"model of the other set and the simulator":   {"c", "1"},
		"model of the simulator":                     {"1"},
	}
	for _, l := range lessons {
		var got []string
		for _, q := range []*rgbPair{a, b, c, s} {
			if l.teaches(q, a) {
				got = append(got, q.name)
			}
		}
		if len(got) != len(want[l.name]) {
			t.Fatalf("%s: %v, want %v", l.name, got, want[l.name])
		}
		for i := range got {
			if got[i] != want[l.name][i] {
				t.Errorf("%s: %v, want %v", l.name, got, want[l.name])
			}
		}
	}
}
