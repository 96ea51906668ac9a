package coverage

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// none is the parcel on a side of an edge on which there is none, several one on which there is more than one.
const (
	none    = -1
	several = -2
)

// sharedEdge is an edge of parcels and which of them lie on its two sides, as seen from from, the lesser of its ends.
type sharedEdge struct {
	from, to    orb.Point
	left, right int32
}

// parts reports whether the edge has one parcel on each side.
func (e *sharedEdge) parts() bool { return e.left >= 0 && e.right >= 0 && e.left != e.right }

// share collects the edges of the parcels that may come into the frame, those of neighbours joined.
func (c *Cutter) share(parcels []orb.MultiPolygon, frame orb.Bound) {
	c.edges = c.edges[:0]
	for i, mp := range parcels {
		for _, polygon := range mp {
			for h, r := range polygon {
				turned, backwards := false, false
				for k := 1; k < len(r); k++ {
					p, q := r[k-1], r[k]
					if max(p[0], q[0]) < frame.Min[0] || min(p[0], q[0]) > frame.Max[0] || max(p[1], q[1]) < frame.Min[1] || min(p[1], q[1]) > frame.Max[1] || p == q {
						continue
					}
					if !turned {
						turned, backwards = true, (doubled(r) > 0) == (h > 0)
					}
					e := sharedEdge{p, q, int32(i), none}
					if backwards {
						e.left, e.right = e.right, e.left
					}
					if compare(p, q) > 0 {
						e = sharedEdge{q, p, e.right, e.left}
					}
					c.edges = append(c.edges, e)
				}
			}
		}
	}
	slices.SortFunc(c.edges, func(a, b sharedEdge) int { return cmp.Or(compare(a.from, b.from), compare(a.to, b.to)) })
	kept := 0
	for _, e := range c.edges {
		if kept > 0 && c.edges[kept-1].from == e.from && c.edges[kept-1].to == e.to {
			last := &c.edges[kept-1]
			last.left, last.right = together(last.left, e.left), together(last.right, e.right)
			continue
		}
		c.edges[kept] = e
		kept++
	}
	c.edges = c.edges[:kept]
}

func together(a, b int32) int32 {
	switch {
	case a == none:
		return b
	case b == none:
		return a
	}
	return several
}

func compare(a, b orb.Point) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) }

// doubled is twice the area that a ring encloses, positive when it runs counter-clockwise.
func doubled(r orb.Ring) (sum float64) {
	o := r[0]
	for i := 1; i < len(r); i++ {
		sum += float64((r[i-1][0]-o[0])*(r[i][1]-o[1])) - float64((r[i][0]-o[0])*(r[i-1][1]-o[1]))
	}
	return sum
}

// owner returns the only parcel that p lies on.
func owner(p orb.Point, parcels []orb.MultiPolygon) (at int32, ok bool) {
	at = none
	for i, mp := range parcels {
		in := false
		for _, polygon := range mp {
			for _, r := range polygon {
				for k := 1; k < len(r); k++ {
					in = in != leftOf(p, r[k-1], r[k])
				}
			}
		}
		if in {
			at = together(at, int32(i))
		}
	}
	return at, at >= 0
}

// holds reports whether p lies in the patch.
func (c *Cutter) holds(p orb.Point) (in bool) {
	for _, s := range c.sides {
		in = in != leftOf(p, c.cut.Points[s.from], c.cut.Points[s.to])
	}
	return in
}

// leftOf reports whether the edge is met going right from p.
func leftOf(p, a, b orb.Point) bool {
	return (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+float64((p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]))
}
