package overlay

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tuban/classify/day"
)

// The unit of areas is told whatever the ridges deducted and the projection, and never from what fits none.
func TestAreaUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := rapid.SampledFrom(areaUnits).Draw(t, "unit")
		ratios := rapid.SliceOfN(rapid.Float64Range(0.8*u.perM2, 1.0004*u.perM2), 1, 60).Draw(t, "ratios")
		// A few nonsensical ones among them, fewer than half.
		for range (len(ratios) - 1) / 2 {
			ratios = append(ratios, rapid.Float64Range(0, 1e9).Draw(t, "nonsense"))
		}
		if got, median := AreaUnit(ratios); got != u.name {
			t.Fatalf("%s by %g, want %s", got, median, u.name)
		}
	})
	for _, c := range []struct {
		ratios []float64
		unit   string
		median float64
	}{{nil, "", 0}, {[]float64{0.01}, "", 0.01}, {[]float64{3e-6}, "", 3e-6}, {[]float64{0.99964321}, SquareMetres, 1}, {[]float64{1.00031e-6}, "km²", 1e-6}} {
		if unit, median := AreaUnit(c.ratios); unit != c.unit || math.Abs(median-c.median) > 1e-9*c.median {
			t.Errorf("%v: %q %g", c.ratios, unit, median)
		}
	}
}

// A sliver is small or narrow; a larger one of the same shape is less of one.
func TestSliver(t *testing.T) {
	s := Sliver{Area: 10, Width: 1}
	for _, c := range []struct {
		w, h float64
		want bool
	}{{3, 3, true}, {4, 4, false}, {0.5, 1000, true}, {0.99, 1e5, true}, {1.1, 1e5, false}, {2, 5.1, false}} {
		if got := s.Is(c.w*c.h, 2*(c.w+c.h)); got != c.want {
			t.Errorf("%g × %g m: %v", c.w, c.h, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		area, perimeter := rapid.Float64Range(0.01, 1e4).Draw(t, "area"), rapid.Float64Range(0.1, 1e4).Draw(t, "perimeter")
		k := rapid.Float64Range(1, 100).Draw(t, "scale")
		if !s.Is(area, perimeter) && s.Is(area*k*k, perimeter*k) {
			t.Fatalf("enlarged %g times, it becomes a sliver", k)
		}
		if (Sliver{}).Is(area, perimeter) {
			t.Fatal("without bounds there are no slivers")
		}
	})
}

// Days of effect include both ends; a feature's own days win over the file's.
func TestEffect(t *testing.T) {
	on := func(s string) time.Time { d, _ := day.Parse(s); return d }
	e := Effect{}.narrowed("2024-01-01", "20241231")
	for s, want := range map[string]bool{"2023-12-31": false, "2024-01-01": true, "2024-12-31": true, "2025-01-01": false} {
		if e.At(on(s)) != want {
			t.Errorf("%s: %v", s, !want)
		}
	}
	if got := e.narrowed("", "soon"); got != e {
		t.Errorf("%+v", got)
	}
	if got := e.narrowed("2020-01-01", ""); got.Since.Year() != 2020 || got.Until != e.Until {
		t.Errorf("%+v", got)
	}
}
