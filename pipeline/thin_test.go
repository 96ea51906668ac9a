package pipeline

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// Whatever the outline and the window: each point of the window is in what is left if it was in before, each edge that comes
// into the window stays, and no corner is new.
func TestThinned(t *testing.T) {
	few := false
	rapid.Check(t, func(t *rapid.T) {
		var polygon orb.Polygon
		n := rapid.IntRange(thinFrom, 4*thinFrom).Draw(t, "corners")
		for k := range rapid.IntRange(1, 3).Draw(t, "rings") {
			var r orb.Ring
			x, y := rapid.Float64Range(-20, 20).Draw(t, "x"), rapid.Float64Range(-20, 20).Draw(t, "y")
			size, waves := rapid.Float64Range(1, 100).Draw(t, "size"), rapid.IntRange(1, 30).Draw(t, "waves")
			for i := range n >> k {
				angle := 2 * math.Pi * float64(i) / float64(n>>k)
				far := size * (1 + 0.7*math.Sin(float64(waves)*angle))
				r = append(r, orb.Point{x + far*math.Cos(angle), y + far*math.Sin(angle)})
			}
			// It may begin anywhere.
			at := rapid.IntRange(0, len(r)-1).Draw(t, "first")
			r = slices.Concat(r[at:], r[:at+1])
			polygon = append(polygon, r)
		}
		x, y := rapid.Float64Range(-60, 60).Draw(t, "left"), rapid.Float64Range(-60, 60).Draw(t, "bottom")
		w := orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x + rapid.Float64Range(0.1, 20).Draw(t, "width"), y + rapid.Float64Range(0.1, 20).Draw(t, "height")}}
		out := thinned([]orb.MultiPolygon{{polygon}}, w)[0]

		in := func(mp orb.MultiPolygon, p orb.Point) (in bool) {
			for _, polygon := range mp {
				for _, r := range polygon {
					in = in != encloses(r, p)
				}
			}
			return in
		}
		// A hole is nothing without its shell, on whose side it may still turn up in a count of edges.
		if len(out) == 0 {
			polygon = polygon[:1]
		}
		for range 30 {
			p := orb.Point{rapid.Float64Range(w.Min[0], w.Max[0]).Draw(t, "px"), rapid.Float64Range(w.Min[1], w.Max[1]).Draw(t, "py")}
			if in(out, p) != in(orb.MultiPolygon{polygon}, p) {
				t.Fatalf("%v is in: %t", p, in(out, p))
			}
		}
		kept := map[[2]orb.Point]bool{}
		corners := 0
		for _, p := range out {
			for _, r := range p {
				corners += len(r)
				for i := 1; i < len(r); i++ {
					kept[[2]orb.Point{r[i-1], r[i]}] = true
				}
			}
		}
		for _, r := range polygon {
			for i := 1; i < len(r); i++ {
				if !kept[[2]orb.Point{r[i-1], r[i]}] && mayEnter(orb.Ring{r[i-1], r[i]}, w) {
					t.Fatalf("the edge %v – %v is gone", r[i-1], r[i])
				}
			}
		}
		few = few || len(out) > 0 && corners < n/4
	})
	if !few {
		t.Error("nothing was ever thinned")
	}
}
