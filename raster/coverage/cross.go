package coverage

import (
	"math"

	"github.com/paulmach/orb"
)

// crossing is where a side of the patch and an edge of parcels cross, at a point of the cut. enters says whether the edge
// comes into the patch there; along orders the crossings of an edge, around those of a side.
type crossing struct {
	side, edge    int32
	point         int32
	enters        bool
	along, around float64
}

// cross finds all crossings; false when a corner of one is next to an edge of the other.
func (c *Cutter) cross() bool {
	c.crossings = c.crossings[:0]
	for i, s := range c.sides {
		a, b := c.cut.Points[s.from], c.cut.Points[s.to]
		x0, x1 := min(a[0], b[0])-c.near, max(a[0], b[0])+c.near
		y0, y1 := min(a[1], b[1])-c.near, max(a[1], b[1])+c.near
		for k := range c.edges {
			p, q := c.edges[k].from, c.edges[k].to
			// p is the lesser end, so to the left of q.
			if q[0] < x0 || p[0] > x1 || max(p[1], q[1]) < y0 || min(p[1], q[1]) > y1 {
				continue
			}
			sa, sb := beside(p, q, a), beside(p, q, b)
			sp, sq := beside(a, b, p), beside(a, b, q)
			if c.meets(sa, p, q, a) || c.meets(sb, p, q, b) || c.meets(sp, a, b, p) || c.meets(sq, a, b, q) {
				return false
			}
			if (sa > 0) == (sb > 0) || (sp > 0) == (sq > 0) {
				continue
			}
			t := sa / (sa - sb)
			c.crossings = append(c.crossings, crossing{
				side: int32(i), edge: int32(k), enters: sq > 0, along: sp / (sp - sq), around: t,
				point: c.point(orb.Point{a[0] + float64(t*(b[0]-a[0])), a[1] + float64(t*(b[1]-a[1]))}),
			})
		}
	}
	return true
}

// beside is how far p lies to the left of the line from a to b, times its length.
func beside(a, b, p orb.Point) float64 {
	return float64((b[0]-a[0])*(p[1]-a[1])) - float64((b[1]-a[1])*(p[0]-a[0]))
}

// meets reports whether p, so far beside the line from a to b, is near the edge between them.
func (c *Cutter) meets(beside float64, a, b, p orb.Point) bool {
	dx, dy := b[0]-a[0], b[1]-a[1]
	if math.Abs(beside) > c.near*(math.Abs(dx)+math.Abs(dy)) {
		return false
	}
	// Between the ends it is; beyond them it is only next to one.
	along := float64((p[0]-a[0])*dx) + float64((p[1]-a[1])*dy)
	length := float64(dx*dx) + float64(dy*dy)
	if along >= 0 && along <= length {
		return true
	}
	end := a
	if along > 0 {
		end = b
	}
	return max(math.Abs(p[0]-end[0]), math.Abs(p[1]-end[1])) <= c.near
}
