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

func TestFitKeepsShapeAndNeverEnlarges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, edge := window(t, "window"), rapid.IntRange(1, 4000).Draw(t, "edge")
		v := Fit(w, edge)
		if v.W < 1 || v.H < 1 || max(v.W, v.H) > edge || v.W > w.W || v.H > w.H {
			t.Fatalf("%v fits %d as %d × %d", w, edge, v.W, v.H)
		}
		// One rounding on each edge.
		if f := float64(max(v.W, v.H)) / float64(max(w.W, w.H)); math.Abs(float64(v.W)-f*float64(w.W)) > 1 || math.Abs(float64(v.H)-f*float64(w.H)) > 1 {
			t.Fatalf("%v is shown as %d × %d", w, v.W, v.H)
		}
	})
	if v := Fit(raster.Window{}, 10); v != (View{}) {
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
		v := Fit(window(t, "window"), rapid.IntRange(1, 2000).Draw(t, "edge"))
		x, y := rapid.Float64Range(0, 9000).Draw(t, "x"), rapid.Float64Range(0, 9000).Draw(t, "y")
		q := v.Geometry(orb.MultiPolygon{{{{x, y}}}})[0][0][0]
		px, py := g.Point(x, y)
		vx, vy := v.Grid(g).Point(q[0], q[1])
		if math.Hypot(px-vx, py-vy) > 1e-6 {
			t.Fatalf("pixel (%v, %v) is at (%v, %v), in the picture at (%v, %v)", x, y, px, py, vx, vy)
		}
	})
}
