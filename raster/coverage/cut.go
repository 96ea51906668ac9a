package coverage

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Piece is the part of a patch that a parcel takes; Index is the parcel's position in the call. Outline are the edges around
// it, in no order, each with the piece on its left: positions in Cut.Points.
type Piece struct {
	Index   int
	Outline [][2]int32
}

// Cut is a patch in pieces, in the order of the parcels.
type Cut struct {
	Points []orb.Point
	Pieces []Piece
}

const (
	// closest is how near a corner may come to an edge of the other side, as a share of the patch's extent, before what is
	// left and what is right of it counts as uncertain. An overlay on a lattice moves corners by far less.
	closest = 0x1p-24
	// smallest is the least share of the patch's area that a piece has: an overlay may take less for rounding.
	smallest = 1e-8
	// agreement is how well the areas of the pieces must add up, as a share of the patch's: crossings at an easting of
	// 42,000,000 m are rounded to 7 nm, which a pixel of half a metre feels.
	agreement = 1e-7
)

// Cutter cuts patches. It serves one goroutine, and keeps its memory from one patch to the next.
type Cutter struct {
	near float64
	// rings are the positions in sides at which the rings of the patch begin, and the end of the last.
	sides     []side
	rings     []int
	edges     []sharedEdge
	crossings []crossing
	cut       Cut
}

// Cut cuts a valid patch by valid parcels. ok is false unless they certainly cover it exactly once. What it returns is good
// until the next call.
//
// That they do rests on this: the number of parcels that a point lies on changes only at their edges, and where each edge
// inside of the patch is one parcel's in one direction and another's in the other, it does not change there either. Then
// one point of each ring tells the number for all of the patch.
func (c *Cutter) Cut(patch orb.MultiPolygon, parcels []orb.MultiPolygon) (cut Cut, ok bool) {
	frame := patch.Bound()
	extent := max(frame.Max[0]-frame.Min[0], frame.Max[1]-frame.Min[1])
	if !(extent > 0) || math.IsInf(extent, 1) {
		return Cut{}, false
	}
	c.near = closest * extent
	c.cut.Points, c.cut.Pieces = c.cut.Points[:0], c.cut.Pieces[:0]
	c.outline(patch)
	c.share(parcels, frame.Pad(2*c.near))
	if !c.cross() || !c.inside() || !c.around(parcels) {
		return Cut{}, false
	}
	slices.SortFunc(c.cut.Pieces, func(a, b Piece) int { return cmp.Compare(a.Index, b.Index) })
	return c.cut, c.plausible()
}

// side is an edge of the patch, which lies to the left of it; from and to are among the points of the cut.
type side struct{ from, to int32 }

// outline takes the rings of the patch, turned so that the patch is on their left.
func (c *Cutter) outline(patch orb.MultiPolygon) {
	c.sides, c.rings = c.sides[:0], append(c.rings[:0], 0)
	for _, polygon := range patch {
		for i, r := range polygon {
			first := int32(len(c.cut.Points))
			c.cut.Points = append(c.cut.Points, r[:len(r)-1]...)
			n := int32(len(r) - 1)
			backwards := (doubled(r) > 0) == (i > 0)
			for k := range n {
				s := side{first + k, first + (k+1)%n}
				if backwards {
					s = side{first + (n-k)%n, first + n - k - 1}
				}
				c.sides = append(c.sides, s)
			}
			c.rings = append(c.rings, len(c.sides))
		}
	}
}

// plausible reports whether the pieces have the area of the patch together, and none is so small that it could be rounding.
func (c *Cutter) plausible() bool {
	o := c.cut.Points[0]
	cross := func(from, to int32) float64 {
		a, b := c.cut.Points[from], c.cut.Points[to]
		return float64((a[0]-o[0])*(b[1]-o[1])) - float64((b[0]-o[0])*(a[1]-o[1]))
	}
	whole, sum, least := 0.0, 0.0, math.Inf(1)
	for _, s := range c.sides {
		whole += cross(s.from, s.to)
	}
	for _, p := range c.cut.Pieces {
		a := 0.0
		for _, e := range p.Outline {
			a += cross(e[0], e[1])
		}
		sum, least = sum+a, min(least, a)
	}
	return least > smallest*whole && math.Abs(sum-whole) <= agreement*whole
}
