package ellipsoid

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/tidwall/geodesic"
	"pgregory.net/rapid"
)

func box(x0, y0, x1, y1 float64) orb.Ring {
	return orb.Ring{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}
}

func TestKnownAreas(t *testing.T) {
	for _, c := range []struct {
		ring            orb.Ring
		want, tolerance float64
	}{
		{box(125.3, 43.8, 125.301, 43.801), 8941.38387, 1e-5},
		{box(125, 43.5, 125.5, 44), 2237200767.42, 1e-2},
	} {
		if got := Area(orb.MultiPolygon{{c.ring}}); math.Abs(got-c.want) > c.tolerance {
			t.Errorf("%v: %.6f m², want %.6f", c.ring, got, c.want)
		}
	}
}

func TestRingSign(t *testing.T) {
	r := box(125.3, 43.8, 125.301, 43.801)
	a := Ring(r)
	if a <= 0 {
		t.Errorf("counter-clockwise: %g", a)
	}
	r.Reverse()
	if b := Ring(r); b != -a && math.Abs(a+b) > 1e-9*a {
		t.Errorf("clockwise: %g, want %g", b, -a)
	}
	if open := Ring(box(125.3, 43.8, 125.301, 43.801)[:4]); math.Abs(open-a) > 1e-9*a {
		t.Errorf("not closed: %g, want %g", open, a)
	}
	if Ring(nil) != 0 || Ring(r[:2]) != 0 {
		t.Error("fewer than three points enclose something")
	}
}

func TestHolesAreSubtracted(t *testing.T) {
	outer, hole := box(125.3, 43.8, 125.31, 43.81), box(125.303, 43.803, 125.305, 43.806)
	other := box(126, 44, 126.001, 44.001)
	want := Ring(outer) - Ring(hole) + Ring(other)
	for range 2 {
		if got := Area(orb.MultiPolygon{{outer, hole}, {other}}); math.Abs(got-want) > 1e-6 {
			t.Errorf("%.6f m², want %.6f", got, want)
		}
		hole.Reverse()
	}
}

func TestAcrossTheAntimeridian(t *testing.T) {
	want := Ring(box(10, 43, 10.5, 43.5))
	got := Ring(orb.Ring{{179.75, 43}, {-179.75, 43}, {-179.75, 43.5}, {179.75, 43.5}, {179.75, 43}})
	if math.Abs(got-want) > 1e-9*want {
		t.Errorf("%g, want %g", got, want)
	}
}

// star draws a simple polygon of a parcel's size anywhere in China.
func star(t *rapid.T) orb.Ring {
	lon, lat := rapid.Float64Range(75, 134).Draw(t, "lon"), rapid.Float64Range(18, 53).Draw(t, "lat")
	n := rapid.IntRange(3, 40).Draw(t, "n")
	size := rapid.SampledFrom([]float64{1e-4, 1e-3, 5e-3}).Draw(t, "degrees")
	r := make(orb.Ring, 0, n+1)
	for i := range n {
		d := size * rapid.Float64Range(0.3, 1).Draw(t, "d")
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		r = append(r, orb.Point{lon + d*cos, lat + d*sin})
	}
	return append(r, r[0])
}

// The geodesic area of the same ellipsoid is an independent reference. Over an edge of a kilometre its geodesics and the
// regulation's trapezoids are apart by metres²; over short edges, as patches have them, they must be the same.
func TestAgreesWithGeodesic(t *testing.T) {
	reference := geodesic.NewEllipsoid(SemiMajor, 1/InverseFlattening)
	rapid.Check(t, func(t *rapid.T) {
		r := shorten(star(t), 20)
		p := reference.PolygonInit(false)
		for _, q := range r[:len(r)-1] {
			p.AddPoint(q.Lat(), q.Lon())
		}
		var want float64
		p.Compute(false, true, &want, nil)
		if got := Ring(r); math.Abs(got-want) > 1e-7*math.Abs(want)+1e-2 {
			t.Fatalf("%v: %.6f m², geodesic %.6f", r, got, want)
		}
	})
}

// shorten cuts each edge of r into n.
func shorten(r orb.Ring, n int) orb.Ring {
	var out orb.Ring
	for i, q := range r[:len(r)-1] {
		for k := range n {
			f := float64(k) / float64(n)
			out = append(out, orb.Point{q[0] + f*(r[i+1][0]-q[0]), q[1] + f*(r[i+1][1]-q[1])})
		}
	}
	return append(out, out[0])
}

// Pieces add up, as the land-class shares of a patch must.
func TestCutsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := star(t)
		n := len(r) - 1
		at := rapid.IntRange(0, n-1).Draw(t, "start")
		total := 0.0
		for i := 1; i < n-1; i++ {
			total += Ring(orb.Ring{r[at], r[(at+i)%n], r[(at+i+1)%n], r[at]})
		}
		if whole := Ring(r); math.Abs(total-whole) > 1e-9*whole+1e-5 {
			t.Fatalf("triangles sum to %.9f m², the whole is %.9f", total, whole)
		}
	})
}

// An outline is a ring whose edges come in any order.
func TestOutlineIsARing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := star(t)
		var edges [][2]int32
		for i := range int32(len(r) - 1) {
			edges = append(edges, [2]int32{i, i + 1})
		}
		if whole, got := Ring(r), Outline(r, rapid.Permutation(edges).Draw(t, "edges")); math.Abs(got-whole) > 1e-9*whole+1e-6 {
			t.Fatalf("the edges have %.9f m², the ring %.9f", got, whole)
		}
	})
	if Outline(nil, nil) != 0 {
		t.Error("no edges enclose something")
	}
}

func TestUnits(t *testing.T) {
	if Mu(10000) != 15 || Hectares(10000) != 1 {
		t.Errorf("a hectare is %g 亩, %g 公顷", Mu(10000), Hectares(10000))
	}
}

func BenchmarkRing(b *testing.B) {
	r := make(orb.Ring, 0, 101)
	for i := range 100 {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / 100)
		r = append(r, orb.Point{125.3 + 1e-3*cos, 43.8 + 1e-3*sin})
	}
	r = append(r, r[0])
	for b.Loop() {
		Ring(r)
	}
}
