package pipeline

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"tuban/classify/object"
	"tuban/pipeline/runfile"
	"tuban/raster"
)

// The run's grid lies on the lattice, covers what it shall, and has no row or column more.
func TestCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pixel := rapid.SampledFrom([]float64{0.5, 0.8, 2, 10, 1e-5}).Draw(t, "pixel")
		l := raster.Grid{CRS: testCRS, W: 11, H: 7, Transform: [6]float64{
			rapid.Float64Range(-1e5, 5e5).Draw(t, "x0"), pixel, 0, rapid.Float64Range(-1e5, 5e6).Draw(t, "y0"), 0, -pixel,
		}}
		if pixel < 1e-3 {
			l.Transform[0], l.Transform[3] = 125.3, 43.9
		}
		// Bounds in pixels of the lattice: whole ones in half of the draws.
		at := func(name string) float64 {
			if rapid.Bool().Draw(t, "whole") {
				return float64(rapid.IntRange(-300, 300).Draw(t, name))
			}
			return rapid.Float64Range(-300, 300).Draw(t, name)
		}
		x0, y0 := at("x"), at("y")
		x1, y1 := x0+math.Abs(at("w"))+0.01, y0+math.Abs(at("h"))+0.01
		var b raster.Bounds
		b.MinX, b.MaxY = l.Point(x0, y0)
		b.MaxX, b.MinY = l.Point(x1, y1)
		g, err := cut(l, b)
		if err != nil {
			t.Fatal(err)
		}
		dx, dy, ok := l.Offset(g)
		if !ok {
			t.Fatalf("%v is off the lattice of %v", g, l)
		}
		const near = 1e-4 // of a pixel: an edge up to rounding
		left, top, right, bottom := float64(dx)-x0, float64(dy)-y0, float64(dx+g.W)-x1, float64(dy+g.H)-y1
		if left > near || top > near || right < -near || bottom < -near {
			t.Fatalf("[%g, %g) × [%g, %g) is cut to %d + %d, %d + %d: too little", x0, x1, y0, y1, dx, g.W, dy, g.H)
		}
		if left <= -1-near || top <= -1-near || right >= 1+near || bottom >= 1+near {
			t.Fatalf("[%g, %g) × [%g, %g) is cut to %d + %d, %d + %d: too much", x0, x1, y0, y1, dx, g.W, dy, g.H)
		}
	})
	// Bounds that lie on edges up to rounding pull nothing in.
	l := raster.Grid{CRS: testCRS, Transform: [6]float64{500000.1, 0.3, 0, 4900000.1, 0, -0.3}}
	w := raster.Window{X: 1_000_003, Y: 2_000_003, W: 777, H: 333}
	g, err := cut(l, l.Bounds(w))
	if x, y, ok := l.Offset(g); err != nil || !ok || (raster.Window{X: x, Y: y, W: g.W, H: g.H}) != w {
		t.Errorf("%v is cut to %v (%d, %d), %v", w, g, x, y, err)
	}
	if _, err := cut(l, raster.Bounds{MinX: 0, MinY: 0, MaxX: 4.2e8, MaxY: 10}); err == nil || !strings.Contains(err.Error(), "too far apart") {
		t.Error(err)
	}
}

func TestRunLattice(t *testing.T) {
	scenes := []raster.Scene{{URI: "first.tif", Native: testGrid}, {URI: "second.tif"}}
	if g, err := runLattice(&runfile.File{}, scenes); err != nil || g != testGrid {
		t.Errorf("%v, %v", g, err)
	}
	declared := &runfile.File{Grid: &runfile.Grid{CRS: "EPSG:4528", Pixel: 0.8}}
	if g, err := runLattice(declared, scenes); err != nil || g.CRS != "EPSG:4528" || g.Transform != [6]float64{0, 0.8, 0, 0, 0, -0.8} {
		t.Errorf("%v, %v", g, err)
	}
	scenes[0].Native.Transform[2] = 0.1
	var input *InputError
	if _, err := runLattice(&runfile.File{}, scenes); !errors.As(err, &input) || !strings.Contains(err.Error(), "first.tif") || !strings.Contains(err.Error(), "grid: {crs:") {
		t.Error(err)
	}
	if _, err := runLattice(declared, scenes); err != nil {
		t.Error(err)
	}
}

// A declared grid's pixels lie on whole multiples of the pixel, so that runs of neighbours fit together.
func TestDeclaredGridFits(t *testing.T) {
	l, err := runLattice(&runfile.File{Grid: &runfile.Grid{CRS: testCRS, Pixel: 2}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	g, err := cut(l, raster.Bounds{MinX: 1001, MinY: 5000, MaxX: 1100, MaxY: 5101})
	if err != nil || g.Transform[0] != 1000 || g.Transform[3] != 5102 || g.W != 50 || g.H != 51 {
		t.Errorf("%v, %v", g, err)
	}
}

func TestDisjoint(t *testing.T) {
	a := raster.Bounds{MinX: 500000, MinY: 4900000, MaxX: 510000, MaxY: 4910000}
	far, near := a, a
	far.MinX, far.MaxX = a.MinX+zonePrefix, a.MaxX+zonePrefix
	near.MinX, near.MaxX = a.MinX+20000, a.MaxX+20000
	for _, c := range []struct {
		name string
		b    raster.Bounds
		want string
	}{
		{"zone prefix", far, "EPSG:4528–4533 carry it, EPSG:4549–4554 do not"},
		{"elsewhere", near, "check their coordinate reference systems and the region"},
	} {
		for _, err := range []error{disjoint("the imagery and the survey", a, c.b), disjoint("the imagery and the survey", c.b, a)} {
			var input *InputError
			if !errors.As(err, &input) || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "the imagery and the survey do not overlap: [") {
				t.Errorf("%s: %v", c.name, err)
			}
			if strings.Contains(err.Error(), "zone prefix") != (c.name == "zone prefix") {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	}
}

// Names of one system become the lattice's, others stay.
func TestUnify(t *testing.T) {
	scenes := []raster.Scene{{Native: raster.Grid{CRS: "WKT"}}, {Native: raster.Grid{CRS: testCRS}}, {Native: raster.Grid{CRS: "EPSG:4326"}}}
	if err := unify(plane{}, testCRS, scenes); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{testCRS, testCRS, "EPSG:4326"} {
		if got := scenes[i].Native.CRS; got != want {
			t.Errorf("scene %d: %s", i, got)
		}
	}
	bad := []raster.Scene{{URI: "x.tif", Native: raster.Grid{CRS: "broken"}}}
	var input *InputError
	if err := unify(plane{}, testCRS, bad); !errors.As(err, &input) || !strings.HasPrefix(err.Error(), "x.tif: ") {
		t.Error(err)
	}
}

// Polygons turn round where rows run downwards: exteriors stay counter-clockwise, and the way back is exact.
func TestPixelsAndCRS(t *testing.T) {
	pixels := toPixels(testGrid, box(2, 3, 7, 5))
	if b := pixels[0].Bound(); b.Min != [2]float64{2, 3} || b.Max != [2]float64{7, 5} {
		t.Errorf("%v", pixels)
	}
	southUp := raster.Grid{CRS: testCRS, Transform: [6]float64{0, 2, 0, 0, 0, 2}}
	for _, g := range []raster.Grid{testGrid, southUp} {
		mp := toCRS(g, object.Trace([]object.Run{{Y: 3, X0: 2, X1: 7, Kind: 1}}))
		if mp[0][0].Orientation() != orb.CCW {
			t.Errorf("%v: the exterior runs clockwise", g)
		}
		if b := toPixels(g, mp)[0].Bound(); b.Min != [2]float64{2, 3} || b.Max != [2]float64{7, 4} {
			t.Errorf("%v: there and back it is %v", g, b)
		}
	}
	if toPixels(testGrid, nil) != nil || toCRS(testGrid, nil) != nil {
		t.Error("no region becomes one")
	}
}
