package vector

import (
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

func TestPolygons(t *testing.T) {
	p := orb.Polygon{{{0, 0}, {4, 0}, {4, 3}, {0, 0}}, {{1, .5}, {2, 1}, {2, .5}, {1, .5}}}
	for _, c := range []struct {
		name string
		in   orb.Geometry
		want orb.MultiPolygon
	}{
		{"a polygon with a hole", p, orb.MultiPolygon{p}},
		{"a multipolygon", orb.MultiPolygon{p, {{{9, 9}, {10, 9}, {9, 10}, {9, 9}}}}, orb.MultiPolygon{p, {{{9, 9}, {10, 9}, {9, 10}, {9, 9}}}}},
		{"a point", orb.Point{1, 2}, nil},
		{"a line", orb.LineString{{1, 2}, {3, 4}}, nil},
	} {
		b, err := wkb.Marshal(c.in)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Polygons(b)
		if (err == nil) != (c.want != nil) || err == nil && !orb.Equal(got, c.want) {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}

// FuzzPolygons: damaged WKB is an error, never a panic.
func FuzzPolygons(f *testing.F) {
	whole, err := wkb.Marshal(orb.Polygon{{{0, 0}, {4, 0}, {4, 3}, {0, 0}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)-3])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		mp, err := Polygons(b)
		if err != nil {
			return
		}
		again, err := wkb.Marshal(mp)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Polygons(again); err != nil {
			t.Errorf("what was decoded cannot be decoded again: %v", err)
		}
	})
}
