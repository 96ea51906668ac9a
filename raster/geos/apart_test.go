package geos

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// TestApartIsNeverWrong: where pieces are said to be apart, GEOS finds no area in common; and a cut by one line is found.
func TestApartIsNeverWrong(t *testing.T) {
	e := New()
	r := rand.New(rand.NewPCG(9, 9))
	shape := func() orb.MultiPolygon {
		ring := blob(e, r)
		for ring == nil {
			ring = blob(e, r)
		}
		dx, dy := float64(r.IntN(30)-15), float64(r.IntN(30)-15)
		for i := range ring {
			ring[i] = orb.Point{ring[i][0] + dx, ring[i][1] + dy}
		}
		return orb.MultiPolygon{{ring}}
	}
	said := 0
	for range 800 {
		a, b := shape(), shape()
		if !apart([]Piece{{0, a}, {1, b}}, 1e-12) {
			continue
		}
		said++
		if shared := area(e.polygons(e.fromOrb(a).Intersection(e.fromOrb(b)))); shared > 1e-9 {
			t.Fatalf("%v and %v share %v", a, b, shared)
		}
	}
	if said < 100 {
		t.Errorf("only %d pairs are apart: too few to mean anything", said)
	}
	left := orb.MultiPolygon{{{{0, 0}, {4, 0}, {2, 6}, {0, 6}, {0, 0}}}}
	right := orb.MultiPolygon{{{{4, 0}, {9, 0}, {9, 6}, {2, 6}, {4, 0}}}}
	if !apart([]Piece{{0, left}, {1, right}}, 1e-12) {
		t.Error("the halves of a rectangle are not apart")
	}
	if apart([]Piece{{0, left}, {1, left}}, 1e-12) {
		t.Error("a piece is apart from itself")
	}
}

// TestShiftedParcelLeavesARest: a parcel that was drawn too far left overlaps its neighbour by what it leaves free on the other side, so
// that the areas add up all the same.
func TestShiftedParcelLeavesARest(t *testing.T) {
	box := func(x0, x1 float64) orb.MultiPolygon {
		return orb.MultiPolygon{{{{x0, 0}, {x1, 0}, {x1, 4}, {x0, 4}, {x0, 0}}}}
	}
	pieces, rest, err := New().Overlay(box(0, 10), []orb.MultiPolygon{box(-1, 5), box(4, 9)})
	if err != nil || len(pieces) != 2 || area(rest) != 4 || area(pieces[1].Geom) != 16 {
		t.Fatalf("%v %v %v", pieces, rest, err)
	}
}
