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
	return corners(united[0][0])
}

// corners is the ring without collinear points of a lattice.
func corners(r orb.Ring) (out orb.Ring) {
	ring := r[:len(r)-1]
	for i, p := range ring {
		before, after := ring[(i+len(ring)-1)%len(ring)], ring[(i+1)%len(ring)]
		if before[0] != after[0] && before[1] != after[1] {
			out = append(out, p)
		}
	}
	return append(out, out[0])
}

// spots returns the outlines of lattice cells set by chance around a few centres: parts with holes, parts in holes, and such as
// touch at a corner.
func spots(e *Engine, r *rand.Rand) (out orb.MultiPolygon) {
	var squares orb.MultiPolygon
	share, size, coarse := 0.3+0.6*r.Float64(), 2+r.IntN(20), 1+r.IntN(4)
	cells := map[[2]int]bool{}
	for y := range size {
		for x := range size + 3 {
			key := [2]int{x / coarse, y / coarse}
			set, known := cells[key]
			if !known {
				set = r.Float64() < share
				cells[key] = set
			}
			if set {
				x, y := float64(x), float64(y)
				squares = append(squares, orb.Polygon{{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}, {x, y}}})
			}
		}
	}
	if len(squares) == 0 {
		return nil
	}
	for _, p := range e.polygons(e.fromOrb(squares).UnaryUnion()) {
		var rings orb.Polygon
		for _, q := range p {
			rings = append(rings, corners(q))
		}
		out = append(out, rings)
	}
	return out
}

// TestSimplifyAsGEOSDoes compares the outlines of drawn patches point by point, in pixels whose sizes are and are not
// exact as floating-point numbers: of one ring, and of several.
func TestSimplifyAsGEOSDoes(t *testing.T) {
	e := New()
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 6))
	type kind struct {
		size    float64
		several bool
	}
	tried, done := map[kind]int{}, map[kind]int{}
	for i := range 3000 {
		var patch orb.MultiPolygon
		if i%2 == 0 {
			patch = spots(e, r)
		} else if ring := blob(e, r); ring != nil {
			patch = orb.MultiPolygon{{ring}}
		}
		if patch == nil {
			continue
		}
		size := []float64{0.5, 2, 0.8, 0.6, 1.19, 10}[r.IntN(6)]
		tolerance := size * []float64{1, 1, 1, 0.5, 1.5, 4}[r.IntN(6)]
		origin := orb.Point{42_476_000, 4_929_000}
		if r.IntN(4) == 0 {
			origin = orb.Point{r.Float64() * 1e6, r.Float64() * 1e7}
		}
		for _, p := range patch {
			for _, ring := range p {
				for i, p := range ring {
					ring[i] = orb.Point{origin[0] + size*p[0], origin[1] - size*p[1]}
				}
			}
		}
		k := kind{size, rings(patch) > 1}
		tried[k]++
		got, ok := e.simplifyOutlines(patch, tolerance)
		if !ok {
			continue
		}
		done[k]++
		want, err := e.simplify(patch, tolerance)
		if err != nil {
			t.Fatal(err)
		}
		if !orb.Equal(want, got) {
			t.Fatalf("seed %d: %v, tolerance %v:\n%v instead of\n%v", seed, patch, tolerance, got, want)
		}
	}
	t.Logf("tried %v, done %v", tried, done)
	for _, size := range []float64{0.5, 0.6, 0.8, 2, 10} {
		if one := (kind{size, false}); done[one] < tried[one]/2 {
			t.Errorf("pixels of %v m: only %d of %d outlines are simplified without GEOS", size, done[one], tried[one])
		}
		if several := (kind{size, true}); done[several] < tried[several]/4 {
			t.Errorf("pixels of %v m: only %d of %d outlines of several rings are simplified without GEOS", size, done[several], tried[several])
		}
	}
}

// TestSimplifyDoesNotGuess gives what GEOS has to decide.
func TestSimplifyDoesNotGuess(t *testing.T) {
	e := New()
	for name, mp := range map[string]orb.MultiPolygon{
		"a triangle":                 {{{{0, 0}, {4, 0}, {0, 4}, {0, 0}}}},
		"an open ring":               {{{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 1}}}},
		"a ring through itself":      {{{{0, 0}, {40, 40}, {40, 0}, {0, 40}, {0, 0}}}},
		"points within rounding":     {{{{0.1, 0.1}, {0.7, 0.7}, {1.3, 1.3000000000000003}, {1.3, 9}, {0.1, 9}, {0.1, 0.1}}}},
		"a ring that touches itself": {{{{0, 0}, {40, 0}, {40, 40}, {20, 0}, {0, 40}, {0, 0}}}},
		"a tooth in a notch: the one straightened first is in the other's way": {
			{{{0, 9}, {0, 0}, {4, 0}, {4, 0x1p-10}, {6, 0x1p-10}, {6, 0}, {9, 0}, {9, 9}, {0, 9}}},
			{{{0, -9}, {9, -9}, {9, -0x1p-11}, {5.5, -0x1p-11}, {5.5, 0x1p-12}, {4.5, 0x1p-12}, {4.5, -0x1p-11}, {0, -0x1p-11}, {0, -9}}},
		},
		"a hole that cuts its part in two": {{{{0, 0}, {9, 0}, {10, 5}, {9, 9}, {0, 9}, {-1, 4}, {0, 0}}, {{-1, 4}, {5, 2}, {10, 5}, {5, 7}, {-1, 4}}}},
		"parts with one side":              {{{{0, 0}, {9, 0}, {9, 9}, {0, 9}, {0, 0}}}, {{{9, 0}, {12, 0}, {12, 9}, {9, 9}, {9, 0}}}},
		"a part on another":                {{{{0, 0}, {9, 0}, {9, 9}, {0, 9}, {0, 0}}}, {{{2, 2}, {5, 2}, {5, 5}, {2, 5}, {2, 2}}}},
		"a hole outside":                   {{{{0, 0}, {9, 0}, {9, 9}, {0, 9}, {0, 0}}, {{12, 2}, {15, 2}, {15, 5}, {12, 5}, {12, 2}}}},
		"a hole in a hole": {{
			{{0, 0}, {9, 0}, {9, 9}, {0, 9}, {0, 0}}, {{1, 1}, {8, 1}, {8, 8}, {1, 8}, {1, 1}}, {{2, 2}, {5, 2}, {5, 5}, {2, 5}, {2, 2}},
		}},
	} {
		if out, ok := e.simplifyOutlines(mp, 0x1p-10); ok {
			t.Errorf("%s became %v", name, out)
		}
	}
}

// BenchmarkSimplify takes an outline of a dozen points, and one of some hundred with holes.
func BenchmarkSimplify(b *testing.B) {
	e := New()
	ring := orb.Ring{}
	for _, p := range [][2]float64{{0, 0}, {3, 0}, {3, 1}, {5, 1}, {5, 4}, {4, 4}, {4, 6}, {2, 6}, {2, 5}, {1, 5}, {1, 3}, {0, 3}, {0, 0}} {
		ring = append(ring, orb.Point{42_476_000 + p[0]/2, 4_929_000 + p[1]/2})
	}
	large := orb.Polygon{{}}
	for i := range 100 {
		x := float64(i)
		large[0] = append(large[0], orb.Point{x, float64(i % 3)}, orb.Point{x + 1, float64(i % 3)})
		if i%10 == 5 {
			large = append(large, orb.Ring{{x, 10}, {x + 2, 10}, {x + 2, 11}, {x + 3, 11}, {x + 3, 12}, {x, 12}, {x, 10}})
		}
	}
	large[0] = append(large[0], orb.Point{100, 20}, orb.Point{0, 20}, orb.Point{0, 0})
	for name, mp := range map[string]orb.MultiPolygon{"small": {{ring}}, "large": {large}} {
		b.Run(name+"/here", func(b *testing.B) {
			for b.Loop() {
				if _, ok := e.simplifyOutlines(mp, 0.5); !ok {
					b.Fatal("left to GEOS")
				}
			}
		})
		b.Run(name+"/GEOS", func(b *testing.B) {
			for b.Loop() {
				if _, err := e.simplify(mp, 0.5); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
