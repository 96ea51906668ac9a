package coverage

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// inside gives the pieces the parts of the parcels' edges that lie inside of the patch, from crossing to crossing; false
// when one of them does not part two parcels.
func (c *Cutter) inside() bool {
	slices.SortFunc(c.crossings, func(a, b crossing) int { return cmp.Or(cmp.Compare(a.edge, b.edge), cmp.Compare(a.along, b.along)) })
	rest := c.crossings
	for i := range c.edges {
		e := &c.edges[i]
		n := 0
		for n < len(rest) && rest[n].edge == int32(i) {
			n++
		}
		on := rest[:n]
		rest = rest[n:]
		in := n > 0 && !on[0].enters
		if n == 0 {
			in = c.holds(e.from)
		}
		if n == 0 && !in {
			continue
		}
		if !e.parts() {
			return false
		}
		at := int32(-1)
		if in {
			at = c.point(e.from)
		}
		for _, x := range on {
			if x.enters == in {
				return false
			}
			if in {
				c.give(e, at, x.point)
			}
			at, in = x.point, x.enters
		}
		if in {
			c.give(e, at, c.point(e.to))
		}
	}
	return true
}

// give puts a part of a shared edge into the outlines on both of its sides.
func (c *Cutter) give(e *sharedEdge, from, to int32) {
	c.put(e.left, from, to)
	c.put(e.right, to, from)
}

func (c *Cutter) put(parcel, from, to int32) {
	for i := range c.cut.Pieces {
		if p := &c.cut.Pieces[i]; p.Index == int(parcel) {
			p.Outline = append(p.Outline, [2]int32{from, to})
			return
		}
	}
	n := len(c.cut.Pieces)
	if n < cap(c.cut.Pieces) {
		c.cut.Pieces = c.cut.Pieces[:n+1]
	} else {
		c.cut.Pieces = append(c.cut.Pieces, Piece{})
	}
	p := &c.cut.Pieces[n]
	p.Index, p.Outline = int(parcel), append(p.Outline[:0], [2]int32{from, to})
}

func (c *Cutter) point(p orb.Point) int32 {
	c.cut.Points = append(c.cut.Points, p)
	return int32(len(c.cut.Points) - 1)
}

// around gives each part of the patch's own edges to the parcel that it lies on: that of the ring's first corner, and beyond
// each crossing the one on the other side. It is false where a corner is not on exactly one parcel.
func (c *Cutter) around(parcels []orb.MultiPolygon) bool {
	slices.SortFunc(c.crossings, func(a, b crossing) int { return cmp.Or(cmp.Compare(a.side, b.side), cmp.Compare(a.around, b.around)) })
	rest := c.crossings
	for r := range len(c.rings) - 1 {
		first, ok := owner(c.cut.Points[c.sides[c.rings[r]].from], parcels)
		if !ok {
			return false
		}
		now := first
		for k := c.rings[r]; k < c.rings[r+1]; k++ {
			at := c.sides[k].from
			for len(rest) > 0 && rest[0].side == int32(k) {
				x := rest[0]
				rest = rest[1:]
				before, after := c.edges[x.edge].right, c.edges[x.edge].left
				if x.enters {
					before, after = after, before
				}
				if before != now { // only an invalid parcel can do that
					return false
				}
				c.put(now, at, x.point)
				at, now = x.point, after
			}
			c.put(now, at, c.sides[k].to)
		}
		if now != first {
			return false
		}
	}
	return true
}
