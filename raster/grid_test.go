package raster

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// grids draws grids of any orientation, from degrees to large projected coordinates; W and H differ as a rule.
func grids() *rapid.Generator[Grid] {
	return rapid.Custom(func(t *rapid.T) Grid {
		size := rapid.SampledFrom([]float64{1e-5, 0.5, 0.8, 10, 30}).Draw(t, "pixel")
		turn := rapid.SampledFrom([]float64{0, 0, 0.3, math.Pi / 2, 2, math.Pi}).Draw(t, "turn")
		flip := rapid.SampledFrom([]float64{-1, 1}).Draw(t, "flip")
		sin, cos := math.Sincos(turn)
		return Grid{
			CRS: "EPSG:4530",
			Transform: [6]float64{
				rapid.Float64Range(-180, 4.2e7).Draw(t, "x0"), size * cos, -flip * size * sin,
				rapid.Float64Range(-90, 5e6).Draw(t, "y0"), size * sin, flip * size * cos,
			},
			W: rapid.IntRange(1, 300).Draw(t, "w"), H: rapid.IntRange(1, 300).Draw(t, "h"),
		}
	})
}

// northUp is a plain grid of 7 × 5 pixels of 2 m.
var northUp = Grid{CRS: "EPSG:4530", Transform: [6]float64{1000, 2, 0, 5000, 0, -2}, W: 7, H: 5}

func TestPointAndPixelAreInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := grids().Draw(t, "grid")
		x, y := rapid.Float64Range(-10, 400).Draw(t, "x"), rapid.Float64Range(-10, 400).Draw(t, "y")
		px, py := g.Point(x, y)
		u, v := g.Pixel(px, py)
		// What float64 leaves of a coordinate, in pixels.
		scale := math.Hypot(g.Transform[1], g.Transform[4])
		tolerance := 1e-9 + 8*math.Max(math.Abs(px), math.Abs(py))*0x1p-52/scale
		if math.Abs(u-x) > tolerance || math.Abs(v-y) > tolerance {
			t.Fatalf("(%g, %g) → (%g, %g) → (%g, %g)", x, y, px, py, u, v)
		}
	})
	// GDAL's order of the coefficients.
	g := Grid{Transform: [6]float64{100, 2, 3, 200, 5, 7}}
	if x, y := g.Point(10, 1); x != 123 || y != 257 {
		t.Errorf("Point(10, 1) = %g, %g", x, y)
	}
	if x, _ := (Grid{}).Pixel(1, 1); !math.IsNaN(x) && !math.IsInf(x, 0) {
		t.Errorf("a singular transform gives %g", x)
	}
}

func TestOffset(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := grids().Draw(t, "grid")
		g.Transform[0], g.Transform[3] = math.Trunc(g.Transform[0]), math.Trunc(g.Transform[3])
		dx, dy := rapid.IntRange(-50, 50).Draw(t, "dx"), rapid.IntRange(-50, 50).Draw(t, "dy")
		other := g.Crop(Window{dx, dy, rapid.IntRange(1, 90).Draw(t, "w"), rapid.IntRange(1, 90).Draw(t, "h")})
		x, y, ok := g.Offset(other)
		if !ok || x != dx || y != dy {
			t.Fatalf("a crop at %d, %d lies at %d, %d, %v", dx, dy, x, y, ok)
		}
	})
	for _, c := range []struct {
		name string
		make func(g *Grid)
		ok   bool
	}{
		{"itself", func(*Grid) {}, true},
		{"another CRS", func(g *Grid) { g.CRS = "EPSG:4549" }, false},
		{"half a pixel east", func(g *Grid) { g.Transform[0]++ }, false},
		{"half a pixel south", func(g *Grid) { g.Transform[3]-- }, false},
		{"rounding of a coordinate", func(g *Grid) { g.Transform[0] += 1e-6 }, true},
		{"twice the pixel", func(g *Grid) { g.Transform[1], g.Transform[5] = 4, -4 }, false},
		{"south-up", func(g *Grid) { g.Transform[5] = 2 }, false},
		{"rotated", func(g *Grid) { g.Transform[2], g.Transform[4] = 0.01, 0.01 }, false},
		{"a pixel that drifts by a hundredth over the scene", func(g *Grid) { g.W, g.Transform[1] = 20000, 2*(1+5e-7) }, false},
		{"a pixel that drifts down the scene", func(g *Grid) { g.H, g.Transform[5] = 20000, -2*(1+5e-7) }, false},
		{"a pixel as rounded to 12 digits", func(g *Grid) { g.W, g.Transform[1] = 20000, 2.00000000001 }, true},
	} {
		other := northUp
		c.make(&other)
		if x, y, ok := northUp.Offset(other); ok != c.ok || x != 0 || y != 0 {
			t.Errorf("%s: %d, %d, %v", c.name, x, y, ok)
		}
	}
}

func TestCrop(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := grids().Draw(t, "grid")
		w := Window{rapid.IntRange(-9, 99).Draw(t, "x"), rapid.IntRange(-9, 99).Draw(t, "y"), rapid.IntRange(1, 99).Draw(t, "w"), rapid.IntRange(1, 99).Draw(t, "h")}
		c := g.Crop(w)
		if c.W != w.W || c.H != w.H || c.CRS != g.CRS {
			t.Fatalf("%v of %v is %v", w, g, c)
		}
		x, y := c.Point(3.25, 4.5)
		u, v := g.Point(float64(w.X)+3.25, float64(w.Y)+4.5)
		if math.Abs(x-u) > 1e-7 || math.Abs(y-v) > 1e-7 {
			t.Fatalf("a point of the crop lies at %g, %g, on the grid at %g, %g", x, y, u, v)
		}
	})
}

// Cover holds exactly the pixels that have area in common with the bounds.
func TestCover(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Eighths of a pixel, so that bounds lie on edges often.
		at := func(name string) float64 { return float64(rapid.IntRange(-24, 80).Draw(t, name)) / 8 }
		x0, y0 := at("x0"), at("y0")
		x1, y1 := x0+math.Abs(at("dx"))+0.125, y0+math.Abs(at("dy"))+0.125
		ax, ay := northUp.Point(x0, y1)
		bx, by := northUp.Point(x1, y0)
		got := northUp.Cover(Bounds{ax, ay, bx, by})
		for y := range northUp.H {
			for x := range northUp.W {
				in := float64(x) < x1 && float64(x+1) > x0 && float64(y) < y1 && float64(y+1) > y0
				if has := got.Contains(Window{x, y, 1, 1}); has != in {
					t.Fatalf("[%g, %g) × [%g, %g) → %v: pixel %d, %d in: %v", x0, x1, y0, y1, got, x, y, in)
				}
			}
		}
		if !northUp.Window().Contains(got) {
			t.Fatalf("%v leaves the grid", got)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		g := grids().Draw(t, "grid")
		x, y := rapid.IntRange(0, g.W-1).Draw(t, "x"), rapid.IntRange(0, g.H-1).Draw(t, "y")
		w := Window{x, y, rapid.IntRange(1, g.W-x).Draw(t, "w"), rapid.IntRange(1, g.H-y).Draw(t, "h")}
		got := g.Cover(g.Bounds(w))
		if !got.Contains(w) {
			t.Fatalf("the bounds of %v cover %v", w, got)
		}
		if g.NorthUp() && g.Transform[1] > 0.1 && got != w {
			t.Fatalf("the bounds of %v cover %v: more than it", w, got)
		}
	})
	if w := northUp.Cover(EmptyBounds()); w != (Window{}) {
		t.Errorf("nothing covers %v", w)
	}
}

func TestNorthUp(t *testing.T) {
	for _, c := range []struct {
		t    [6]float64
		want bool
	}{
		{northUp.Transform, true},
		{[6]float64{0, 2, 0, 0, 0, 2}, false},
		{[6]float64{0, -2, 0, 0, 0, -2}, false},
		{[6]float64{0, 2, 0.1, 0, 0, -2}, false},
		{[6]float64{0, 2, 0, 0, 0.1, -2}, false},
	} {
		if got := (Grid{Transform: c.t}).NorthUp(); got != c.want {
			t.Errorf("%v: %v", c.t, got)
		}
	}
}

func TestBounds(t *testing.T) {
	a, b := Bounds{0, 0, 4, 2}, Bounds{3, 1, 9, 9}
	if got := a.Union(b); got != (Bounds{0, 0, 9, 9}) {
		t.Errorf("union %v", got)
	}
	if got := a.Intersect(b); got != (Bounds{3, 1, 4, 2}) {
		t.Errorf("intersection %v", got)
	}
	if !a.Intersect(Bounds{5, 0, 6, 2}).Empty() || !a.Intersect(Bounds{0, 3, 4, 4}).Empty() || !EmptyBounds().Empty() || a.Empty() {
		t.Error("what is empty")
	}
	if got := EmptyBounds().Union(a).Extend(-1, 7); got != (Bounds{-1, 0, 4, 7}) {
		t.Errorf("extended to %v", got)
	}
	if !(Bounds{math.NaN(), 0, 1, 1}).Empty() {
		t.Error("bounds that are not a number hold something")
	}
}
