package evidence

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"pgregory.net/rapid"

	"tuban/raster"
)

func TestCorners(t *testing.T) {
	for _, c := range []struct {
		name, wkt string
		n         int
		part      int
		want      []orb.Point
		total     int
	}{
		{"a rectangle whose sides have vertices between", "MULTIPOLYGON(((0 0,5 0,10 0,10 5,10 8,4 8,0 8,0 3,0 0)))", 4, 0, []orb.Point{{0, 8}, {0, 0}, {10, 0}, {10, 8}}, 8},
		{"the larger of two parts", "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((20 0,29 0,29 9,20 0)))", 3, 1, []orb.Point{{20, 0}, {29, 0}, {29, 9}}, 3},
		{"fewer vertices than asked for", "MULTIPOLYGON(((0 0,4 0,0 4,0 0)))", 6, 0, []orb.Point{{0, 4}, {0, 0}, {4, 0}}, 3},
	} {
		g, err := wkt.UnmarshalMultiPolygon(c.wkt)
		if err != nil {
			t.Fatal(err)
		}
		part, at, total := cornersOf(g, c.n)
		var got []orb.Point
		for _, i := range at {
			got = append(got, g[part][0][i])
		}
		if part != c.part || total != c.total || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: part %d, %v of %d; want part %d, %v of %d", c.name, part, got, total, c.part, c.want, c.total)
		}
	}
}

// Degrees, minutes and seconds say the degrees to half a hundredth of a second, and no part reaches 60.
func TestDMS(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(-180, 180).Draw(t, "v")
		var d, m int
		var s float64
		var side rune
		text := dms(v, "E", "W")
		if _, err := fmt.Sscanf(text, "%d°%d′%f″%c", &d, &m, &s, &side); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		back := float64(d) + float64(m)/60 + s/3600
		if side == 'W' {
			back = -back
		}
		if math.Abs(back-v) > 0.0051/3600 || m >= 60 || s >= 60 {
			t.Errorf("%v is written %s", v, text)
		}
	})
	if got := dms(125.99999999, "E", "W"); got != "126°00′00.00″E" {
		t.Errorf("a full degree is written %s", got)
	}
}

func TestZones(t *testing.T) {
	for _, c := range []struct {
		lon        float64
		zone, epsg int
		ok         bool
	}{{126, 42, 4530, true}, {124.51, 42, 4530, true}, {124.49, 41, 4529, true}, {130.6, 44, 4532, true}, {75, 25, 4513, true}, {72, 24, 4512, false}, {140, 47, 4535, false}} {
		if zone, epsg, ok := zoneOf(c.lon); zone != c.zone || epsg != c.epsg || ok != c.ok {
			t.Errorf("%g: zone %d, EPSG %d, %v", c.lon, zone, epsg, ok)
		}
	}
}

// plate is a geographic grid: its coordinates are degrees already.
type plate struct{}

func (plate) ToLonLat(_, _ []float64) error { return nil }
func (plate) Close()                        {}

// Upwards on the picture is where its rows come from, on a grid turned by any angle.
func TestUpwards(t *testing.T) {
	for _, turn := range []float64{0, 1, 30, -45, 179} {
		sin, cos := math.Sincos(turn * math.Pi / 180)
		// At the equator a degree is, but for a part in 150, as long to the north as to the east.
		g := raster.Grid{Transform: [6]float64{100, cos * 1e-6, sin * 1e-6, 0, sin * 1e-6, -cos * 1e-6}, W: 1000, H: 1000}
		got, err := upwards(plate{}, g, 500, 500)
		if err != nil || math.Abs(got+turn) > 0.4 {
			t.Errorf("a grid turned by %g° leads to %g°, %v", turn, got, err)
		}
	}
}

func TestScaleBar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ground := rapid.Float64Range(1, 1e5).Draw(t, "ground")
		bar := scaleBar(ground)
		digit := bar / math.Pow(10, math.Floor(math.Log10(bar)+1e-9))
		if bar > ground/3*(1+1e-9) || bar < ground/7.6 || math.Abs(digit-1)*math.Abs(digit-2)*math.Abs(digit-5) > 1e-6 {
			t.Errorf("a bar of %g m in a picture of %g m", bar, ground)
		}
	})
}
