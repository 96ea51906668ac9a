package geos

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/peterstace/simplefeatures/geom"
	"pgregory.net/rapid"
)

// parse reads a polygon or multipolygon from WKT.
func parse(t testing.TB, text string) orb.MultiPolygon {
	t.Helper()
	g, err := wkt.Unmarshal(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return polygonal(nil, g)
}

// independent checks validity without GEOS.
func independent(t interface{ Fatalf(string, ...any) }, what string, mp orb.MultiPolygon) {
	defer func() {
		// Two edges 10⁻¹⁷ apart are more than the checker can tell: it gives up with a panic.
		if p := recover(); p != nil && !strings.Contains(fmt.Sprint(p), "already established") {
			panic(p)
		}
	}()
	g, err := geom.UnmarshalWKB(wkb.MustMarshal(mp), geom.NoValidate{})
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if err := g.Validate(); err != nil {
		t.Fatalf("%s is not valid: %v\n%s", what, err, wkt.MarshalString(mp))
	}
}

func TestRepair(t *testing.T) {
	for _, c := range []struct {
		name, in, reason string
		area             float64
	}{
		{"a square", "POLYGON((0 0,0 2,2 2,2 0,0 0))", "", 4},
		{"a bow tie keeps both wings", "POLYGON((0 0,2 2,2 0,0 2,0 0))", "self-intersection", 2},
		{"shells drawn over each other count once", "MULTIPOLYGON(((0 0,0 2,2 2,2 0,0 0)),((1 0,1 2,3 2,3 0,1 0)))", "self-intersection", 6},
		{"a hole outside is a part of its own", "POLYGON((0 0,0 2,2 2,2 0,0 0),(5 5,5 6,6 6,6 5,5 5))", "hole lies outside shell", 5},
		{"a spike", "POLYGON((0 0,0 2,2 2,5 2,2 2,2 0,0 0))", "ring self-intersection", 4},
		{"a hole along the edge", "POLYGON((0 0,0 3,3 3,3 0,0 0),(0 1,0 2,1 2,1 1,0 1))", "self-intersection", 8},
		{"a ring that GEOS mends into two parts along one edge", "POLYGON((1 1,1 0,0 0,0 0,4 4,0 1,0 0,1 1))", "ring self-intersection", 2.5},
		{"a ring that is not closed", "POLYGON((0 0,0 2,2 2,2 0))", "ring not closed", 4},
		{"a hole of two points", "POLYGON((0 0,0 2,2 2,2 0,0 0),(1 1,1 1))", "ring of too few points", 4},
		{"a flat polygon", "POLYGON((0 0,1 1,2 2,0 0))", "self-intersection", 0},
		{"a line", "LINESTRING(0 0,1 1)", "no polygon", 0},
		{"nothing", "POLYGON EMPTY", "no polygon", 0},
		{"a collection", "GEOMETRYCOLLECTION(POINT(9 9),POLYGON((0 0,0 2,2 2,2 0,0 0)))", "parts that are not polygons", 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := wkt.Unmarshal(c.in)
			if err != nil {
				t.Fatal(err)
			}
			out, reason, err := New().Repair(wkb.MustMarshal(g))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(reason, c.reason) || (reason == "") != (c.reason == "") {
				t.Errorf("reason %q, want %q", reason, c.reason)
			}
			if c.area == 0 {
				if out != nil {
					t.Fatalf("something is left: %x", out)
				}
				return
			}
			repaired, err := wkb.Unmarshal(out)
			if err != nil {
				t.Fatal(err)
			}
			mp := polygonal(nil, repaired)
			independent(t, "the repaired polygon", mp)
			if a := area(mp); math.Abs(a-c.area) > 1e-12 {
				t.Errorf("area %v, want %v", a, c.area)
			}
		})
	}
}

func TestRepairOfCoordinatesThatAreNotFinite(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1)} {
		mp := orb.MultiPolygon{{{{0, 0}, {0, 2}, {v, 1}, {2, 2}, {2, 0}, {0, 0}}}}
		out, reason, err := New().Repair(wkb.MustMarshal(mp))
		if err != nil || reason != "coordinate not finite" || out == nil {
			t.Errorf("%v: %x, %q, %v", v, out, reason, err)
		}
	}
}

func TestRepairRefusesNoise(t *testing.T) {
	for _, in := range [][]byte{{7}, []byte("not a geometry at all"), {1, 3, 0, 0, 0, 255, 255, 255, 127}} {
		if out, _, err := New().Repair(in); err == nil {
			t.Errorf("%x became %x", in, out)
		}
	}
	if out, reason, err := New().Repair(nil); out != nil || reason == "" || err != nil {
		t.Errorf("no bytes: %x, %q, %v", out, reason, err)
	}
}

// scribble is a ring through random points: hardly ever valid.
func scribble(n int, coarse bool) *rapid.Generator[orb.Polygon] {
	return rapid.Custom(func(t *rapid.T) orb.Polygon {
		// Quarters are as fine as pixels: needles a tenth of a millimetre wide are beyond GEOS 3.11 itself, whose
		// intersection of two neighbours may then be one of them.
		at := rapid.Map(rapid.IntRange(0, 400), func(i int) float64 { return float64(i) / 4 })
		if coarse {
			at = rapid.Map(rapid.IntRange(0, 10), func(i int) float64 { return float64(10 * i) })
		}
		var r orb.Ring
		for range rapid.IntRange(3, n).Draw(t, "points") {
			r = append(r, orb.Point{at.Draw(t, "x"), at.Draw(t, "y")})
		}
		return orb.Polygon{append(r, r[0])}
	})
}

func TestRepairAlwaysLeavesValidGeometry(t *testing.T) {
	e := New()
	rapid.Check(t, func(t *rapid.T) {
		coarse := rapid.Bool().Draw(t, "coarse")
		mp := orb.MultiPolygon(rapid.SliceOfN(scribble(9, coarse), 1, 3).Draw(t, "polygons"))
		out, _, err := e.Repair(wkb.MustMarshal(mp))
		if err != nil {
			t.Fatalf("%v", err)
		}
		if out == nil {
			return
		}
		g, err := wkb.Unmarshal(out)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if ok, why := e.Valid(polygonal(nil, g)); !ok {
			t.Fatalf("%s", why)
		}
		if again, reason, err := e.Repair(out); err != nil || reason != "" || string(again) != string(out) {
			t.Fatalf("repairing twice: %q, %v", reason, err)
		}
	})
}

// staircase is the outline of a digital disc with a hole, as runs of pixels leave it, at a large easting.
func staircase(radius int) orb.MultiPolygon {
	outline := func(r int) orb.Ring {
		var ring orb.Ring
		width := func(y int) float64 { return math.Floor(math.Sqrt(float64(r*r - y*y))) }
		const x0, y0 = 42_500_000, 4_850_000
		for y := -r; y < r; y++ {
			ring = append(ring, orb.Point{x0 + width(y), y0 + float64(y)}, orb.Point{x0 + width(y), y0 + float64(y+1)})
		}
		for y := r; y > -r; y-- {
			ring = append(ring, orb.Point{x0 - width(y-1) - 1, y0 + float64(y)}, orb.Point{x0 - width(y-1) - 1, y0 + float64(y-1)})
		}
		return append(ring, ring[0])
	}
	return orb.MultiPolygon{{outline(radius), outline(radius / 2)}}
}

func TestSimplifyStaysWithinTolerance(t *testing.T) {
	e := New()
	mp := staircase(40)
	independent(t, "the staircase", mp)
	before := len(mp[0][0])
	for _, tolerance := range []float64{0, 0.5, 1, 3, 1e9} {
		s, err := e.Simplify(mp, tolerance)
		if err != nil {
			t.Fatal(err)
		}
		independent(t, "the simplified polygon", s)
		if ok, why := e.Valid(s); !ok {
			t.Errorf("tolerance %v: %s", tolerance, why)
		}
		if len(s) != 1 || len(s[0]) != 2 {
			t.Errorf("tolerance %v: rings were lost: %s", tolerance, wkt.MarshalString(s))
		}
		// Every old vertex lies near the new outline, every new vertex is an old one.
		for _, p := range mp[0][0] {
			if d := distance(p, s[0][0]); d > tolerance+1e-9 {
				t.Errorf("tolerance %v: moved by %v", tolerance, d)
				break
			}
		}
		if tolerance >= 1 && len(s[0][0]) > before/2 {
			t.Errorf("tolerance %v: %d of %d vertices are left", tolerance, len(s[0][0]), before)
		}
	}
}

// TestSimplifyKeepsPartsApart: straightening the notch would swallow the island in it, cutting the spur the hole.
func TestSimplifyKeepsPartsApart(t *testing.T) {
	for _, in := range []string{
		"MULTIPOLYGON(((0 0,10 0,10 10,6 10,5 8.9,4 10,0 10,0 0)),((4.9 9.7,5.1 9.7,5 9.9,4.9 9.7)))",
		"POLYGON((0 0,10 0,10 10,6 10,5 11.1,4 10,0 10,0 0),(4.9 10.3,5.1 10.3,5 10.1,4.9 10.3))",
	} {
		mp := parse(t, in)
		independent(t, "the input", mp)
		for _, tolerance := range []float64{1.2, 3, 8} {
			s, err := New().Simplify(mp, tolerance)
			if err != nil {
				t.Fatal(err)
			}
			independent(t, "the simplified polygon", s)
			if rings(s) != 2 {
				t.Errorf("tolerance %v: %s", tolerance, wkt.MarshalString(s))
			}
		}
	}
}

func distance(p orb.Point, r orb.Ring) float64 {
	best := math.Inf(1)
	for i := range len(r) - 1 {
		a, b := r[i], r[i+1]
		dx, dy := b[0]-a[0], b[1]-a[1]
		u := 0.0
		if l := dx*dx + dy*dy; l > 0 {
			u = max(0, min(1, ((p[0]-a[0])*dx+(p[1]-a[1])*dy)/l))
		}
		best = min(best, math.Hypot(p[0]-a[0]-u*dx, p[1]-a[1]-u*dy))
	}
	return best
}

func TestSimplifyIsAlwaysValid(t *testing.T) {
	e := New()
	rapid.Check(t, func(t *rapid.T) {
		// A patch as it is traced from pixels: a union of unit squares.
		cells := rapid.SliceOfN(rapid.IntRange(0, 99), 1, 80).Draw(t, "cells")
		var mp orb.MultiPolygon
		for _, c := range cells {
			x, y := float64(c%10), float64(c/10)
			mp = append(mp, orb.Polygon{{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}, {x, y}}})
		}
		patch := e.polygons(e.fromOrb(mp).UnaryUnion())
		s, err := e.Simplify(patch, rapid.Float64Range(0, 4).Draw(t, "tolerance"))
		if err != nil {
			t.Fatalf("%v", err)
		}
		independent(t, "the simplified polygon", s)
		if rings(s) != rings(patch) {
			t.Fatalf("%d rings became %d", rings(patch), rings(s))
		}
	})
}

func TestValid(t *testing.T) {
	e := New()
	if ok, why := e.Valid(parse(t, "POLYGON((0 0,0 2,2 2,2 0,0 0))")); !ok {
		t.Error(why)
	}
	if ok, why := e.Valid(parse(t, "POLYGON((0 0,2 2,2 0,0 2,0 0))")); ok || !strings.Contains(why, "1 1") {
		t.Errorf("a bow tie: %v %q", ok, why)
	}
	if ok, why := e.Valid(orb.MultiPolygon{{{{0, 0}, {1, 1}}}}); ok || why == "" {
		t.Errorf("a ring of two points: %v %q", ok, why)
	}
}
