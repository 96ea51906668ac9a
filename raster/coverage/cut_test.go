package coverage

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
)

func parse(t *testing.T, in []string) (out []orb.MultiPolygon) {
	t.Helper()
	for _, s := range in {
		g, err := wkt.Unmarshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if p, ok := g.(orb.Polygon); ok {
			g = orb.MultiPolygon{p}
		}
		out = append(out, g.(orb.MultiPolygon))
	}
	return out
}

// TestCut gives a patch of 4 × 4 with a hole of 1 × 1, and the areas of its pieces; nil where a general overlay must tell.
// All is asked with rings either way round.
func TestCut(t *testing.T) {
	const patch = "POLYGON((0 0,4 0,4 4,0 4,0 0),(1 1,1 2,2 2,2 1,1 1))"
	const left, right = "POLYGON((-1 -1,3 -1,3 9,-1 9,-1 -1))", "POLYGON((3 -1,9 -1,9 9,3 9,3 -1))"
	for _, c := range []struct {
		name    string
		parcels []string
		pieces  map[int]float64
	}{
		{"no parcels", nil, nil},
		{"one parcel around it", []string{"POLYGON((-1 -1,-1 9,9 9,9 -1,-1 -1))"}, map[int]float64{0: 15}},
		{"two parcels", []string{left, right}, map[int]float64{0: 11, 1: 4}},
		{"two among others", []string{"POLYGON((9 9,9 8,8 9,9 9))", right, "POLYGON((-5 0,-1 -1,-1 9,-5 0))", left}, map[int]float64{1: 4, 3: 11}},
		{"a boundary through the hole", []string{"POLYGON((-1 -1,1.5 -1,1.5 9,-1 9,-1 -1))", "POLYGON((1.5 -1,9 -1,9 9,1.5 9,1.5 -1))"}, map[int]float64{0: 5.5, 1: 9.5}},
		{"an island in it", []string{"POLYGON((-1 -1,-1 9,9 9,9 -1,-1 -1),(2.5 2.5,3.5 2.5,3.5 3.5,2.5 3.5,2.5 2.5))", "POLYGON((2.5 2.5,3.5 2.5,3.5 3.5,2.5 3.5,2.5 2.5))"}, map[int]float64{0: 14, 1: 1}},
		{"a parcel in its hole", []string{"POLYGON((-1 -1,-1 9,9 9,9 -1,-1 -1),(1.2 1.2,1.8 1.2,1.8 1.8,1.2 1.8,1.2 1.2))", "POLYGON((1.2 1.2,1.8 1.2,1.8 1.8,1.2 1.8,1.2 1.2))"}, map[int]float64{0: 15}},
		{"a corner of three in it", []string{"POLYGON((-1 -1,3 -1,3 3,-1 3,-1 -1))", "POLYGON((3 -1,9 -1,9 9,3 9,3 3,3 -1))", "POLYGON((-1 3,3 3,3 9,-1 9,-1 3))"}, map[int]float64{0: 8, 1: 4, 2: 3}},
		{"a parcel in two parts", []string{"MULTIPOLYGON(((-1 -1,0.5 -1,0.5 9,-1 9,-1 -1)),((3 -1,9 -1,9 9,3 9,3 -1)))", "POLYGON((0.5 -1,3 -1,3 9,0.5 9,0.5 -1))"}, map[int]float64{0: 6, 1: 9}},

		{"only a part is covered", []string{left}, nil},
		{"a gap within it", []string{"POLYGON((-1 -1,-1 9,9 9,9 -1,-1 -1),(2.5 2.5,3.5 2.5,3.5 3.5,2.5 3.5,2.5 2.5))"}, nil},
		{"beside it", []string{"POLYGON((5 0,9 0,9 9,5 0))"}, nil},
		{"covered twice", []string{left, right, left, right}, nil},
		{"a parcel over others", []string{left, right, "POLYGON((2.5 2.5,3.5 2.5,3.5 3.5,2.5 3.5,2.5 2.5))"}, nil},
		{"the same outline", []string{"POLYGON((0 0,4 0,4 4,0 4,0 0))"}, nil},
		{"a boundary through a corner", []string{"POLYGON((-1 -1,5 5,-1 9,-1 -1))", "POLYGON((-1 -1,9 -1,5 5,-1 -1))"}, nil},
		{"a boundary along a side", []string{"POLYGON((-1 -1,4.0000000001 -1,4.0000000001 9,-1 9,-1 -1))", "POLYGON((4.0000000001 -1,9 -1,9 9,4.0000000001 9,4.0000000001 -1))"}, nil},
		{"a corner that only one of two has", []string{left, "POLYGON((3 -1,9 -1,9 9,3 9,3 3,3 -1))"}, nil},
		{"a sliver between two", []string{left, "POLYGON((3 -1,3.00000001 -1,3.00000001 9,3 9,3 -1))", "POLYGON((3.00000001 -1,9 -1,9 9,3.00000001 9,3.00000001 -1))"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var cutter Cutter
			for turned := range 4 {
				p, parcels := parse(t, []string{patch})[0], parse(t, c.parcels)
				if turned&1 != 0 {
					p[0][0].Reverse()
				}
				for i := range parcels {
					if turned&2 != 0 {
						parcels[i][0][0].Reverse()
					}
				}
				cut, ok := cutter.Cut(p, parcels)
				if ok != (c.pieces != nil) || ok && len(cut.Pieces) != len(c.pieces) {
					t.Fatalf("%v, %+v", ok, cut)
				}
				if !ok {
					continue
				}
				for i, piece := range cut.Pieces {
					if i > 0 && piece.Index <= cut.Pieces[i-1].Index {
						t.Errorf("parcel %d after %d", piece.Index, cut.Pieces[i-1].Index)
					}
					if a := enclosed(cut, piece); math.Abs(a-c.pieces[piece.Index]) > 1e-12 {
						t.Errorf("parcel %d has %v", piece.Index, a)
					}
					if !closed(cut, piece) {
						t.Errorf("the outline of parcel %d is open", piece.Index)
					}
				}
			}
		})
	}
}

// enclosed is the area to the left of the outline.
func enclosed(c Cut, p Piece) (sum float64) {
	for _, e := range p.Outline {
		a, b := c.Points[e[0]], c.Points[e[1]]
		sum += (a[0]*b[1] - b[0]*a[1]) / 2
	}
	return sum
}

// closed reports whether as many edges of the outline begin at each place as end there.
func closed(c Cut, p Piece) bool {
	balance := map[orb.Point]int{}
	for _, e := range p.Outline {
		balance[c.Points[e[0]]]++
		balance[c.Points[e[1]]]--
	}
	for _, n := range balance {
		if n != 0 {
			return false
		}
	}
	return true
}
