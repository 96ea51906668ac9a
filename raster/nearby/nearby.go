// Package nearby finds geometries by place, through their bounds.
package nearby

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// Index holds the bounds of a list of geometries by their western edge, and how wide the widest is. It does not change, and may be
// shared between goroutines.
type Index struct {
	boxes []box
	width float64
}

type box struct {
	orb.Bound
	index int
}

// New indexes the list; geometries without polygons are never found.
func New(list []orb.MultiPolygon) *Index {
	n := &Index{}
	for i, g := range list {
		if len(g) > 0 {
			b := g.Bound()
			n.boxes = append(n.boxes, box{b, i})
			n.width = max(n.width, b.Max[0]-b.Min[0])
		}
	}
	slices.SortStableFunc(n.boxes, func(a, b box) int { return cmp.Compare(a.Min[0], b.Min[0]) })
	return n
}

// Touching returns the positions of the geometries whose bounds meet those of g, from west to east.
func (n *Index) Touching(g orb.MultiPolygon) (out []int) {
	if len(g) == 0 {
		return nil
	}
	b := g.Bound()
	first, _ := slices.BinarySearchFunc(n.boxes, b.Min[0]-n.width, func(x box, west float64) int { return cmp.Compare(x.Min[0], west) })
	for _, x := range n.boxes[first:] {
		if x.Min[0] > b.Max[0] {
			break
		}
		if x.Intersects(b) {
			out = append(out, x.index)
		}
	}
	return out
}
