package register

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// pairs calls f for shifts of all sub-pixel phases, some of them long, each over land of its own.
func pairs(t *testing.T, f func(seed uint64, l *land, dx, dy float64)) {
	t.Helper()
	for i := range 9 {
		dx, dy := float64(i%3)*0.3-0.55, float64(i/3)*0.25+0.1
		if i%4 == 1 {
			dx, dy = dx+4, dy-7
		}
		f(uint64(i), newLand(uint64(i), ChipSize), dx, dy)
	}
}

// after is how the land looks when it lies (dx, dy) beside where it was.
func (l *land) after(dx, dy float64) []float32 { return l.chip(ChipSize, -dx, -dy) }

func TestMatchFindsTheShift(t *testing.T) {
	m := NewMatcher(ChipSize)
	other := newLand(99, ChipSize).after(0, 0)
	for _, c := range []struct {
		name   string
		within float64
		change func(seed uint64, before, after []float32)
	}{
		{"as it is", 0.02, func(uint64, []float32, []float32) {}},
		{"noise on both", 0.1, func(seed uint64, b, a []float32) { noisy(b, seed, 8); noisy(a, seed+50, 8) }},
		{"gain and offset", 0.02, func(_ uint64, _, a []float32) { each(a, func(_, _ int, v float32) float32 { return 4*v - 300 }) }},
		{"dodged", 0.03, func(_ uint64, _, a []float32) {
			each(a, func(x, y int, v float32) float32 {
				return v * float32(1.5+0.7*math.Sin(float64(x)/40)*math.Cos(float64(y)/30))
			})
		}},
		{"eight bits", 0.03, func(_ uint64, _, a []float32) {
			each(a, func(_, _ int, v float32) float32 { return float32(math.Floor(max(0, min(255, float64(v))))) })
		}},
		{"light and dark exchanged", 0.05, func(_ uint64, _, a []float32) {
			each(a, func(_, _ int, v float32) float32 { return 400 - 0.6*v })
		}},
		{"30 % replaced", 0.35, func(seed uint64, b, a []float32) {
			noisy(b, seed, 3)
			noisy(a, seed+50, 3)
			each(a, func(x, y int, v float32) float32 {
				if x >= 30 && x < 100 && y >= 25 && y < 95 {
					return other[y*ChipSize+x]
				}
				return v
			})
		}},
		{"holes, elsewhere on either date", 0.05, func(_ uint64, b, a []float32) {
			each(b, func(x, y int, v float32) float32 { return hole(x, y, 40, 40, 22, v) })
			each(a, func(x, y int, v float32) float32 { return hole(x, y, 95, 80, 25, v) })
		}},
		{"a bright frame around no data", 0.05, func(_ uint64, b, a []float32) {
			for _, p := range [][]float32{b, a} {
				each(p, func(x, y int, v float32) float32 { return hole(x, y, 60, 60, 24, v+3*float32(math.Abs(float64(x-60)))) })
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			pairs(t, func(seed uint64, l *land, dx, dy float64) {
				before, after := l.after(0, 0), l.after(dx, dy)
				c.change(seed, before, after)
				s, ok := m.Match(before, after)
				if off := math.Hypot(s.DX-dx, s.DY-dy); !ok || off > c.within {
					t.Errorf("land %d, shift %.2f, %.2f: found %+v, %v: %.3f off", seed, dx, dy, s, ok, off)
				}
			})
		})
	}
}

func TestMatchRefuses(t *testing.T) {
	m := NewMatcher(ChipSize)
	plane := func(f func(x, y int) float64) []float32 {
		p := make([]float32, ChipSize*ChipSize)
		each(p, func(x, y int, _ float32) float32 { return float32(f(x, y)) })
		return p
	}
	flat := func(x, y int) float64 { return 7 }
	rows := func(shift float64) func(x, y int) float64 {
		return func(x, y int) float64 { return 100 + 30*math.Sin(2*math.Pi*(float64(x)-shift)/9) }
	}
	road := func(shift float64) func(x, y int) float64 {
		return func(x, y int) float64 { return 100 + 80*edge(4-math.Abs(float64(x)+0.5*float64(y)-90-shift)) }
	}
	orchard := func(shift float64) func(x, y int) float64 {
		return func(x, y int) float64 {
			return 100 + 30*math.Sin(2*math.Pi*(float64(x)-shift)/9)*math.Sin(2*math.Pi*float64(y)/9)
		}
	}
	land := newLand(1, ChipSize)
	blind := land.after(0.3, 0)
	each(blind, func(x, y int, v float32) float32 {
		if x+y < 170 {
			return float32(math.NaN())
		}
		return v
	})
	for name, p := range map[string][2][]float32{
		"flat":              {plane(flat), plane(flat)},
		"one flat":          {land.after(0, 0), plane(flat)},
		"noise":             {noisy(plane(flat), 1, 5), noisy(plane(flat), 2, 5)},
		"rows":              {noisy(plane(rows(0)), 1, 2), noisy(plane(rows(1)), 2, 2)},
		"trees in a square": {noisy(plane(orchard(0)), 1, 2), noisy(plane(orchard(1)), 2, 2)},
		"one straight road": {noisy(plane(road(0)), 1, 2), noisy(plane(road(1)), 2, 2)},
		"mostly no data":    {land.after(0, 0), blind},
		"all no data":       {land.after(0, 0), plane(func(int, int) float64 { return math.NaN() })},
		"infinite":          {land.after(0, 0), plane(func(int, int) float64 { return math.Inf(1) })},
	} {
		if s, ok := m.Match(p[0], p[1]); ok {
			t.Errorf("%s: trusted %+v", name, s)
		}
	}
	for i := range uint64(40) {
		before, after := noisy(newLand(i, ChipSize).after(0, 0), i, 3), noisy(newLand(i+200, ChipSize).after(0, 0), i+1, 3)
		if s, ok := m.Match(before, after); ok {
			t.Errorf("other land %d: trusted %+v", i, s)
		}
	}
}

// Nothing of a chip may linger in the buffers.
func TestMatchForgets(t *testing.T) {
	m := NewMatcher(64)
	l := newLand(3, 64)
	before, after := l.chip(64, 0, 0), l.chip(64, -0.4, 1.3)
	first, ok := m.Match(before, after)
	holes := l.chip(64, 5, 5)
	for i := range holes {
		if i%64 < 30 {
			holes[i] = float32(math.NaN())
		}
	}
	m.Match(holes, holes)
	if again, okAgain := m.Match(before, after); again != first || okAgain != ok || !ok {
		t.Errorf("%+v, %v and then %+v, %v", first, ok, again, okAgain)
	}
}

func each(p []float32, f func(x, y int, v float32) float32) {
	for i, v := range p {
		p[i] = f(i%ChipSize, i/ChipSize, v)
	}
}

func hole(x, y, cx, cy, r int, v float32) float32 {
	if (x-cx)*(x-cx)+(y-cy)*(y-cy) < r*r {
		return float32(math.NaN())
	}
	return v
}

func TestRanked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 20), func(n int) float64 { return float64(n) / 3 }), 1, 60).Draw(t, "v")
		sorted := slices.Sorted(slices.Values(v))
		k := rapid.IntRange(0, len(v)-1).Draw(t, "k")
		if got := ranked(slices.Clone(v), k); got != sorted[k] {
			t.Fatalf("value %d of %v: %v, want %v", k, sorted, got, sorted[k])
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	m := NewMatcher(ChipSize)
	l := newLand(1, ChipSize)
	before, after := l.after(0, 0), l.after(0.3, 0.4)
	for b.Loop() {
		m.Match(before, after)
	}
}
