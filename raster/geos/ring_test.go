package geos

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// pixels returns some connected cells of a lattice, as squares.
func pixels(r *rand.Rand) (squares orb.MultiPolygon) {
	edge := 1 + r.IntN(14)
	cells := map[[2]int]bool{{0, 0}: true}
	for list := [][2]int{{0, 0}}; len(cells) < 1+edge*edge/2; {
		c := list[r.IntN(len(list))]
		d := [...][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}[r.IntN(4)]
		if n := [2]int{c[0] + d[0], c[1] + d[1]}; !cells[n] && max(n[0], -n[0], n[1], -n[1]) <= edge {
			cells[n] = true
			list = append(list, n)
		}
	}
	for y := -edge; y <= edge; y++ {
		for x := -edge; x <= edge; x++ {
			if cells[[2]int{x, y}] {
				x, y := float64(x), float64(y)
				squares = append(squares, orb.Polygon{{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}, {x, y}}})
			}
		}
	}
	return squares
}

// blob returns the outline of some connected cells of a lattice, without collinear points; nil when it has
// holes.
func blob(e *Engine, r *rand.Rand) orb.Ring {
	united := e.polygons(e.fromOrb(pixels(r)).UnaryUnion())
	if len(united) != 1 || len(united[0]) != 1 {
		return nil
	}
	var out orb.Ring
	ring := united[0][0][:len(united[0][0])-1]
	for i, p := range ring {
		before, after := ring[(i+len(ring)-1)%len(ring)], ring[(i+1)%len(ring)]
		if before[0] != after[0] && before[1] != after[1] {
			out = append(out, p)
		}
	}
	return append(out, out[0])
}

// TestSimplifyRingAsGEOSDoes compares the outlines of drawn patches point by point, in pixels whose sizes are and are not
// exact as floating-point numbers.
func TestSimplifyRingAsGEOSDoes(t *testing.T) {
	e := New()
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 6))
	tried, done := map[float64]int{}, map[float64]int{}
	for range 1500 {
		ring := blob(e, r)
		if ring == nil {
			continue
		}
		size := []float64{0.5, 2, 0.8, 0.6, 1.19, 10}[r.IntN(6)]
		tolerance := size * []float64{1, 1, 1, 0.5, 1.5, 4}[r.IntN(6)]
		origin := orb.Point{42_476_000, 4_929_000}
		if r.IntN(4) == 0 {
			origin = orb.Point{r.Float64() * 1e6, r.Float64() * 1e7}
		}
		for i, p := range ring {
			ring[i] = orb.Point{origin[0] + size*p[0], origin[1] - size*p[1]}
		}
		tried[size]++
		got, ok := simplifyRing(ring, tolerance)
		if !ok {
			continue
		}
		done[size]++
		want, err := e.simplify(orb.MultiPolygon{{ring}}, tolerance)
		if err != nil {
			t.Fatal(err)
		}
		if len(want) != 1 || len(want[0]) != 1 || !orb.Equal(want[0][0], got) {
			t.Fatalf("seed %d: %v, tolerance %v:\n%v instead of\n%v", seed, ring, tolerance, got, want)
		}
	}
	t.Logf("tried %v, done %v", tried, done)
	for _, size := range []float64{0.5, 0.6, 0.8, 2, 10} {
		if done[size] < tried[size]/2 {
			t.Errorf("pixels of %v m: only %d of %d outlines are simplified without GEOS", size, done[size], tried[size])
		}
	}
}

// TestSimplifyRingDoesNotGuess gives what GEOS has to decide.
func TestSimplifyRingDoesNotGuess(t *testing.T) {
	for name, r := range map[string]orb.Ring{
		"a triangle": {{0, 0}, {4, 0}, {0, 4}, {0, 0}}, "an open ring": {{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 1}},
		"a ring through itself":      {{0, 0}, {40, 40}, {40, 0}, {0, 40}, {0, 0}},
		"points within rounding":     {{0.1, 0.1}, {0.7, 0.7}, {1.3, 1.3000000000000003}, {1.3, 9}, {0.1, 9}, {0.1, 0.1}},
		"a ring that touches itself": {{0, 0}, {40, 0}, {40, 40}, {20, 0}, {0, 40}, {0, 0}},
	} {
		if out, ok := simplifyRing(r, 1e-3); ok {
			t.Errorf("%s became %v", name, out)
		}
	}
}

func BenchmarkSimplifySmall(b *testing.B) {
	e := New()
	ring := orb.Ring{}
	for _, p := range [][2]float64{{0, 0}, {3, 0}, {3, 1}, {5, 1}, {5, 4}, {4, 4}, {4, 6}, {2, 6}, {2, 5}, {1, 5}, {1, 3}, {0, 3}, {0, 0}} {
		ring = append(ring, orb.Point{42_476_000 + p[0]/2, 4_929_000 + p[1]/2})
	}
	b.Run("here", func(b *testing.B) {
		for b.Loop() {
			if _, ok := simplifyRing(ring, 0.5); !ok {
				b.Fatal("left to GEOS")
			}
		}
	})
	b.Run("GEOS", func(b *testing.B) {
		for b.Loop() {
			if _, err := e.simplify(orb.MultiPolygon{{ring}}, 0.5); err != nil {
				b.Fatal(err)
			}
		}
	})
}
