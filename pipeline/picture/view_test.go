package picture

import (
	"math"
	"testing"

	"tuban/raster"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func window(t *rapid.T, name string) raster.Window {
	n := func(what string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name+" "+what) }
	return raster.Window{X: n("x", 0, 5000), Y: n("y", 0, 5000), W: n("w", 1, 3000), H: n("h", 1, 3000)}
}

func TestFitShowsSquareGround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := window(t, "window")
		px, py := rapid.Float64Range(0.3, 30).Draw(t, "px"), rapid.Float64Range(0.3, 30).Draw(t, "py")
		edge := rapid.IntRange(100, 3000).Draw(t, "edge")
		v := Fit(w, edge, 50, px, py)
		if long := max(v.W, v.H); long > edge || long < min(50, edge) {
			t.Fatalf("%v is shown as %d × %d", w, v.W, v.H)
		}
		// Metres per picture pixel agree, up to the rounding of the shorter edge.
		mx, my := px*float64(w.W)/float64(v.W), py*float64(w.H)/float64(v.H)
		if short := float64(min(v.W, v.H)); short > 1 && math.Abs(mx/my-1) > 1/short {
			t.Fatalf("%v at %g × %g m: %d × %d is %g by %g m a pixel", w, px, py, v.W, v.H, mx, my)
		}
	})
	if v := Fit(raster.Window{}, 10, 1, 1, 1); v != (View{}) {
		t.Errorf("nothing is shown as %v", v)
	}
}

func TestAroundShowsThePatchInsideTheGrid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		grid, in := window(t, "grid"), window(t, "patch")
		patch := in.Intersect(grid)
		if patch.Empty() {
			return
		}
		b := orb.Bound{Min: orb.Point{float64(patch.X), float64(patch.Y)}, Max: orb.Point{float64(patch.X + patch.W), float64(patch.Y + patch.H)}}
		edge := rapid.IntRange(0, 400).Draw(t, "edge")
		w := Around(b, 2, edge, grid)
		if !grid.Contains(w) || !w.Contains(patch) {
			t.Fatalf("%v around %v in %v", w, patch, grid)
		}
		if want := max(edge, 2*patch.W, 2*patch.H); w.W != min(want, grid.W) || w.H != min(want, grid.H) {
			t.Fatalf("%v around %v in %v, not %d pixels", w, patch, grid, want)
		}
	})
}

// Geometry and Grid speak of the same picture: a run pixel's ground position is that of its picture position.
func TestGeometryAgreesWithGrid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := raster.Grid{CRS: "EPSG:4530", Transform: [6]float64{42590000, 0.5, 0.125, 4880000, 0.25, -0.5}, W: 9000, H: 9000}
		v := Fit(window(t, "window"), rapid.IntRange(1, 2000).Draw(t, "edge"), 1, 1, 1)
		x, y := rapid.Float64Range(0, 9000).Draw(t, "x"), rapid.Float64Range(0, 9000).Draw(t, "y")
		q := v.Geometry(orb.MultiPolygon{{{{x, y}}}})[0][0][0]
		px, py := g.Point(x, y)
		vx, vy := v.Grid(g).Point(q[0], q[1])
		if math.Hypot(px-vx, py-vy) > 1e-6 {
			t.Fatalf("pixel (%v, %v) is at (%v, %v), in the picture at (%v, %v)", x, y, px, py, vx, vy)
		}
	})
}
