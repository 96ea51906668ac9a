package report

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestPathData(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name  string
		mp    orb.MultiPolygon
		least float64
		want  string
	}{
		{"nothing", nil, 0, ""},
		{"a square", orb.MultiPolygon{{box(0, 0, 4, 3)}}, 0, "M0 0L4 0L4 3L0 3Z"},
		{"a hole", orb.MultiPolygon{{box(0, 0, 9, 9), box(2, 2, 3.25, 4)}}, 0, "M0 0L9 0L9 9L0 9ZM2 2L3.2 2L3.2 4L2 4Z"},
		{"close vertices", orb.MultiPolygon{{{{0, 0}, {0.1, 0}, {0.2, 0.1}, {5, 0}, {5, 5}, {0, 0}}}}, 0.5, "M0 0L5 0L5 5Z"},
		{"not finite", orb.MultiPolygon{{{{nan, 0}, {1, 1}, {2, 1}, {math.Inf(1), 2}, {nan, 0}}}}, 0, "M1 1L2 1Z"},
		{"nothing finite", orb.MultiPolygon{{{{nan, 0}, {nan, 1}}}}, 0, ""},
		{"negative zero", orb.MultiPolygon{{{{-0.01, 0}, {1, 0}, {1, 1}}}}, 0, "M0 0L1 0L1 1Z"},
	} {
		if got := pathData(c.mp, c.least); got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
}

func TestLabelsLieInsideAndCoverNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.Float64Range(20, 800).Draw(t, "w"), rapid.Float64Range(20, 500).Draw(t, "h")
		u := rapid.Float64Range(0.5, 3).Draw(t, "u")
		var shapes []Shape
		for i := range rapid.IntRange(0, 60).Draw(t, "n") {
			x, y := rapid.Float64Range(0, w).Draw(t, "x"), rapid.Float64Range(0, h).Draw(t, "y")
			shapes = append(shapes, Shape{No: i + 1, Geom: orb.MultiPolygon{{box(x, y, x+rapid.Float64Range(0, 90).Draw(t, "size"), y+5)}}})
		}
		labels := placeLabels(shapes, w, h, u)
		for i, l := range labels {
			b := boxOf(l, u)
			// Rounding of the way from box to baseline and back.
			const eps = 1e-6
			if b.Min[0] < -eps || b.Min[1] < -eps || b.Max[0] > w+eps || b.Max[1] > h+eps {
				t.Fatalf("label %v leaves the picture of %v × %v", l, w, h)
			}
			for _, m := range labels[:i] {
				o := boxOf(m, u)
				if min(b.Max[0], o.Max[0])-max(b.Min[0], o.Min[0]) > eps && min(b.Max[1], o.Max[1])-max(b.Min[1], o.Min[1]) > eps {
					t.Fatalf("labels %v and %v overlap", l, m)
				}
			}
		}
		if !slices.IsSortedFunc(labels, func(a, b label) int { return a.No - b.No }) {
			t.Fatal("labels out of order")
		}
	})
}

func boxOf(l label, u float64) orb.Bound {
	top := l.Y - 0.85*labelSize*u
	return orb.Bound{Min: orb.Point{l.X, top}, Max: orb.Point{l.X + textWidth(strconv.Itoa(l.No), labelSize)*u, top + labelSize*u}}
}

func TestALoneLabelIsAlwaysPlaced(t *testing.T) {
	for _, at := range []orb.Point{{0, 0}, {300, 0}, {0, 200}, {300, 200}, {150, 100}} {
		if l := placeLabels([]Shape{{No: 8, Geom: orb.MultiPolygon{{box(at[0], at[1], at[0], at[1])}}}}, 300, 200, 1); len(l) != 1 {
			t.Errorf("no label at %v", at)
		}
	}
}

// What stands on the map keeps its place, and a crowd of numbers is cut short and counted.
func TestLabelsLeaveRoom(t *testing.T) {
	r := Report{Kinds: []Kind{{Code: "a"}}, Map: Map{Base: Picture{Data: dot().Data, W: 940, H: 1000}, MetresPerPixel: 1, NorthUp: true}}
	for i := range 700 {
		x, y := float64(i%25)*37+2, float64(i/25)*35+2
		r.Map.Shapes = append(r.Map.Shapes, Shape{Kind: "a", No: i + 1, Geom: orb.MultiPolygon{{box(x, y, x+3, y+3)}}})
	}
	// Both orders, so that the corner of the arrow and that of the bar have their turn.
	for range 2 {
		s, err := newSheet(r)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(s.Map.Labels); n != mostLabels || s.Map.Unlabelled != 700-n {
			t.Errorf("%d labels of 700, %d left out", n, s.Map.Unlabelled)
		}
		taken := s.Map.furniture()
		if len(taken) != 2 {
			t.Fatalf("%d places are taken", len(taken))
		}
		for _, l := range s.Map.Labels {
			if overlaps(boxOf(l, s.Map.U), taken) {
				t.Errorf("%d stands on the scale bar or the north arrow", l.No)
			}
		}
		slices.Reverse(r.Map.Shapes)
	}
}

func TestScaleBarIsRoundAndFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		metres, w := rapid.Float64Range(0.05, 300).Draw(t, "metres"), rapid.Float64Range(50, 4000).Draw(t, "w")
		s := newScaleBar(metres, w, w/mapWidth)
		if s.Length > w/4 || s.Length < w/20 {
			t.Fatalf("a bar of %v pixels in %v", s.Length, w)
		}
		number, unit, _ := strings.Cut(s.Text, " ")
		v, err := strconv.ParseFloat(number, 64)
		if err != nil || len(strings.Trim(number, "0.")) != 1 {
			t.Fatalf("the bar reads %q", s.Text)
		}
		if unit == "km" {
			v *= 1000
		}
		if math.Abs(v/metres-s.Length) > 1e-9*s.Length {
			t.Fatalf("%q is %v pixels of %v m", s.Text, s.Length, metres)
		}
	})
}

func TestSmallShapesGetADot(t *testing.T) {
	r := Report{Kinds: []Kind{{Code: "a"}, {Code: "b"}}, Map: Map{Base: Picture{Data: dot().Data, W: 1880, H: 100}, Shapes: []Shape{
		{Kind: "b", Geom: orb.MultiPolygon{{box(10, 20, 12, 22)}}}, {Kind: "b", Geom: orb.MultiPolygon{{box(50, 20, 90, 22)}}}, {Kind: "a"},
	}}}
	s, err := newSheet(r)
	if err != nil {
		t.Fatal(err)
	}
	if s.Map.U != 2 {
		t.Errorf("a CSS pixel is %v pixels", s.Map.U)
	}
	if b := s.Map.Layers[1]; len(b.Dots) != 1 || b.Dots[0] != (orb.Point{11, 21}) || strings.Count(b.Path, "Z") != 2 {
		t.Errorf("the layer is %+v", b)
	}
	if a := s.Map.Layers[0]; a.Path != "" || len(a.Dots) != 0 {
		t.Errorf("a shape without geometry is %+v", a)
	}
}

func TestLegendFitsTheFigure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Report{Map: Map{Base: Picture{Data: dot().Data, W: rapid.IntRange(300, 3000).Draw(t, "w"), H: rapid.IntRange(10, 3000).Draw(t, "h")},
			NorthWest: orb.Point{125, 44}, Unobserved: orb.MultiPolygon{{box(0, 0, 5, 5)}}}}
		for i := range rapid.IntRange(0, 12).Draw(t, "kinds") {
			r.Kinds = append(r.Kinds, Kind{Code: strconv.Itoa(i), Name: Text{strings.Repeat("变", rapid.IntRange(1, 9).Draw(t, "length")), "change"}})
		}
		s, err := newSheet(r)
		if err != nil {
			t.Fatal(err)
		}
		f := s.Map
		if len(f.Legend) != len(r.Kinds)+1 {
			t.Fatalf("%d entries for %d kinds", len(f.Legend), len(r.Kinds))
		}
		for i, l := range f.Legend {
			end := l.X + (26+textWidth(l.Name.ZH+l.Note, 13)+textWidth(l.Name.EN, 11))*f.U
			if first := l.X <= 12*f.U; end > float64(f.W) && !first {
				t.Fatalf("entry %d ends at %v in a figure %d wide", i, end, f.W)
			}
			if l.Y < float64(f.H) || l.Y+18*f.U > f.Total || i > 0 && l.Y == f.Legend[i-1].Y && l.X <= f.Legend[i-1].X {
				t.Fatalf("entry %d is at (%v, %v) in a figure of %v", i, l.X, l.Y, f.Total)
			}
		}
	})
}
