package geos

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"tuban/raster/coverage"
)

// What happens to a coverage that has none of the faults: each is a way in which surveys are not what they should be.
const (
	soundCoverage = iota
	withGap
	withOverlap
	withParcelTwice
	withExtraCorner
	withLooseCorner
	withGroup
	faults
)

// drawCoverage makes parcels that tile 50 × 50 units, those of neighbours joined by chance, one with an island, rings either way
// round, in any order; and does to them what fault says.
func drawCoverage(t *rapid.T, e *Engine, fault int) []orb.MultiPolygon {
	const n = 5
	jitter := rapid.Float64Range(-4, 4)
	var corner [n + 1][n + 1]orb.Point
	for y := range n + 1 {
		for x := range n + 1 {
			corner[y][x] = orb.Point{10*float64(x) + jitter.Draw(t, "dx"), 10*float64(y) + jitter.Draw(t, "dy")}
		}
	}
	var out []orb.MultiPolygon
	for y := range n {
		for x := range n {
			c := &corner
			out = append(out, orb.MultiPolygon{{{c[y][x], c[y][x+1], c[y+1][x+1], c[y+1][x], c[y][x]}}})
		}
	}
	at := func(label string) int { return rapid.IntRange(0, len(out)-1).Draw(t, label) }
	if rapid.Bool().Draw(t, "island") {
		i := at("around")
		b := out[i][0][0].Bound()
		c, r := b.Center(), rapid.Float64Range(0.5, 1.5).Draw(t, "radius")
		island := orb.Ring{{c[0] - r, c[1]}, {c[0], c[1] - r}, {c[0] + r, c[1] + r}, {c[0] - r, c[1]}}
		out[i][0] = append(out[i][0], island)
		out = append(out, orb.MultiPolygon{{island.Clone()}})
	}
	for range rapid.IntRange(0, 4).Draw(t, "joins") {
		i, j := at("one"), at("other")
		if joined := e.polygons(e.fromOrb(append(out[i].Clone(), out[j]...)).MakeValid().UnaryUnion()); i != j && len(joined) > 0 {
			out[i] = joined
			out = slices.Delete(out, j, j+1)
		}
	}
	i := at("faulty")
	switch r := out[i][0][0]; fault {
	case withGap:
		out = slices.Delete(out, i, i+1)
	case withOverlap:
		out = append(out, orb.MultiPolygon{{{{8, 8}, {31, 9}, {23, 37}, {8, 8}}}})
	case withParcelTwice:
		out = append(out, out[i].Clone())
	case withExtraCorner:
		out[i][0][0] = slices.Insert(r, 1, orb.Point{(r[0][0] + r[1][0]) / 2, (r[0][1] + r[1][1]) / 2})
	case withLooseCorner:
		by := rapid.SampledFrom([]float64{1e-13, 1e-9, 1e-6, 1e-3, 1}).Draw(t, "by")
		r[1] = orb.Point{r[1][0] + by, r[1][1] - by}
	case withGroup:
		out[i] = append(out[i], orb.Polygon{{{60, 0}, {70, 0}, {70, 50}, {60, 0}}})
	}
	for _, mp := range out {
		for _, p := range mp {
			for _, r := range p {
				if rapid.Bool().Draw(t, "turned") {
					r.Reverse()
				}
			}
		}
	}
	return rapid.Permutation(out).Draw(t, "parcels")
}

// drawPatch makes a simplified group of pixels, often with holes, amid the coverage.
func drawPatch(t *rapid.T, e *Engine) orb.MultiPolygon {
	pixel := rapid.SampledFrom([]float64{0.3, 0.5, 0.8}).Draw(t, "pixel")
	cells := pixels(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "pixels"), 1)))
	x, y := rapid.Float64Range(16, 34).Draw(t, "x"), rapid.Float64Range(16, 34).Draw(t, "y")
	for _, p := range cells {
		for _, r := range p {
			for i := range r {
				r[i] = orb.Point{x + pixel*r[i][0], y + pixel*r[i][1]}
			}
		}
	}
	patch, err := e.Simplify(e.polygons(e.fromOrb(cells).UnaryUnion()), pixel)
	if err != nil {
		t.Fatal(err)
	}
	return patch
}

// TestCutAsOverlayDoes: where a coverage is cut without GEOS, the pieces are those of an overlay, corner by corner; and a coverage
// without faults is.
func TestCutAsOverlayDoes(t *testing.T) {
	e := New()
	var cutter coverage.Cutter
	var tried, done, manifold [faults]int
	rapid.Check(t, func(t *rapid.T) {
		fault := rapid.IntRange(0, faults-1).Draw(t, "fault")
		parcels, patch := drawCoverage(t, e, fault), drawPatch(t, e)
		shift := rapid.SampledFrom([]orb.Point{{0, 0}, {42_512_345.25, 4_851_234.5}}).Draw(t, "shift")
		patch = moved(patch, shift, 1)
		for i := range parcels {
			parcels[i] = moved(parcels[i], shift, 1)
			if ok, _ := e.Valid(parcels[i]); !ok {
				return
			}
		}
		tried[fault]++
		cut, ok := cutter.Cut(patch, parcels)
		if !ok {
			return
		}
		done[fault]++
		if len(cut.Pieces) > 1 {
			manifold[fault]++
		}
		pieces, rest, err := e.Overlay(patch, parcels)
		if err != nil || rest != nil || len(pieces) != len(cut.Pieces) {
			t.Fatalf("%d pieces, by overlay %d and a rest of %v, %v", len(cut.Pieces), len(pieces), area(rest), err)
		}
		for i, want := range pieces {
			got := cut.Pieces[i]
			corners := 0
			for _, p := range want.Geom {
				for _, r := range p {
					corners += len(r) - 1
				}
			}
			if got.Index != want.Index || len(got.Outline) != corners {
				t.Fatalf("piece of parcel %d with %d corners instead of %d with %d", got.Index, len(got.Outline), want.Index, corners)
			}
			// Coordinates of 42,000,000 m are 7 nm apart, along all edges that were cut.
			if a := enclosed(cut.Points, got.Outline); math.Abs(a-area(want.Geom)) > 1e-9*area(patch)+1e-6 {
				t.Fatalf("piece %d has %v instead of %v", i, a, area(want.Geom))
			}
		}
	})
	t.Logf("tried %v, cut %v, in more than one piece %v", tried, done, manifold)
	if done[soundCoverage] < tried[soundCoverage]/2 || manifold[soundCoverage] < tried[soundCoverage]/10 {
		t.Errorf("of %d patches on coverages without a fault %d are cut, %d in pieces", tried[soundCoverage], done[soundCoverage], manifold[soundCoverage])
	}
}

// enclosed is the area to the left of the edges.
func enclosed(points []orb.Point, edges [][2]int32) (sum float64) {
	o := points[0]
	for _, e := range edges {
		a, b := points[e[0]], points[e[1]]
		sum += (a[0]-o[0])*(b[1]-o[1]) - (b[0]-o[0])*(a[1]-o[1])
	}
	return sum / 2
}

func BenchmarkCut(b *testing.B) {
	patch := staircase(30)
	var parcels []orb.MultiPolygon
	for i := range 6 {
		x := 42_499_950.1 + float64(i)*20
		parcels = append(parcels, orb.MultiPolygon{{{{x, 4_849_900}, {x + 20, 4_849_900}, {x + 20, 4_850_100}, {x, 4_850_100}, {x, 4_849_900}}}})
	}
	e := New()
	b.Run("coverage", func(b *testing.B) {
		var c coverage.Cutter
		for b.Loop() {
			if _, ok := c.Cut(patch, parcels); !ok {
				b.Fatal("left to GEOS")
			}
		}
	})
	b.Run("GEOS", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := e.Overlay(patch, parcels); err != nil {
				b.Fatal(err)
			}
		}
	})
}
