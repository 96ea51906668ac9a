package object

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// Trace returns the area that runs cover as polygons in pixel coordinates of the grid (x to the right, y down),
// whatever their kinds; runs may touch and overlap. One polygon for each 4-connected component, sorted by its first
// cell as one reads a page. Exteriors begin at their top-left corner and go along the top (shoelace area above 0 when
// y is taken to go up); holes begin with their topmost edge and go the other way, sorted likewise. Rings are closed,
// simple, without collinear points; a hole may touch its exterior, or another hole, at single points.
func Trace(runs []Run) orb.MultiPolygon {
	spans := merge(runs)
	if len(spans) == 0 {
		return nil
	}
	components := labelSpans(spans)
	t := tracer{nodes: make([]node, 0, 4*len(spans))}
	t.sweep(spans)
	return t.polygons(components)
}

// span is a maximal run of covered cells of a row.
type span struct{ y, x0, x1, component int32 }

// merge reduces runs to disjoint spans that do not touch, sorted.
func merge(runs []Run) []span {
	spans := make([]span, 0, len(runs))
	for i := range runs {
		if r := &runs[i]; r.X0 < r.X1 {
			spans = append(spans, span{y: r.Y, x0: r.X0, x1: r.X1})
		}
	}
	order := func(a, b span) int {
		if a.y != b.y {
			return cmp.Compare(a.y, b.y)
		}
		return cmp.Compare(a.x0, b.x0)
	}
	if !slices.IsSortedFunc(spans, order) {
		slices.SortFunc(spans, order)
	}
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && out[n-1].y == s.y && out[n-1].x1 >= s.x0 {
			out[n-1].x1 = max(out[n-1].x1, s.x1)
			continue
		}
		out = append(out, s)
	}
	return out
}

// labelSpans numbers the 4-connected components by first span and returns how many there are.
func labelSpans(spans []span) int {
	f := newForest(len(spans))
	above := 0
	for i := range spans {
		s := &spans[i]
		for ; above < i; above++ {
			a := &spans[above]
			if a.y < s.y-1 || a.y == s.y-1 && a.x1 <= s.x0 {
				continue
			}
			if a.y >= s.y || a.x0 >= s.x1 {
				break
			}
			f.join(int32(above), int32(i))
			if a.x1 > s.x1 {
				break // it may reach the next span too
			}
		}
	}
	n := f.number()
	for i := range spans {
		spans[i].component = f[i]
	}
	return n
}

// node is a corner of a ring. Along a ring, horizontal and vertical edges alternate.
type node struct{ x, y, next, component int32 }

// edge is a vertical side of a span: the left one when even in its row, the right one when odd. Chains of them in
// consecutive rows make one edge of a ring, of which top is the upper node.
type edge struct{ x, top, component int32 }

type tracer struct{ nodes []node }

// sweep visits the lines between rows from top to bottom and links the corners that lie on them.
func (t *tracer) sweep(spans []span) {
	var above, below []edge
	for i := 0; i < len(spans); {
		y := spans[i].y
		below = below[:0]
		for ; i < len(spans) && spans[i].y == y; i++ {
			s := &spans[i]
			below = append(below, edge{s.x0, -1, s.component}, edge{s.x1, -1, s.component})
		}
		t.line(y, above, below)
		above, below = below, above
		if i == len(spans) || spans[i].y != y+1 {
			t.line(y+1, above, nil)
			above = above[:0]
		}
	}
}

// line links the corners on the line y between the row of cells with the sides above and the one with the sides
// below. Going along the line, a horizontal piece of boundary runs wherever just one of the two rows is covered.
// The covered side is on the right hand of a ring's direction (y down).
func (t *tracer) line(y int32, above, below []edge) {
	open := int32(-1) // node at the left end of the current horizontal piece
	i, j := 0, 0
	for i < len(above) || j < len(below) {
		coveredAbove, coveredBelow := i&1 == 1, j&1 == 1 // left of the next corner
		switch {
		case j == len(below) || i < len(above) && above[i].x < below[j].x:
			n := t.corner(above[i].x, y, above[i].component)
			t.close(above[i].top, n, i&1 == 0)
			open = t.piece(open, n, coveredBelow)
			i++
		case i == len(above) || below[j].x < above[i].x:
			n := t.corner(below[j].x, y, below[j].component)
			below[j].top = n
			open = t.piece(open, n, coveredBelow)
			j++
		case coveredAbove == coveredBelow:
			below[j].top = above[i].top // the boundary goes straight down
			i++
			j++
		default:
			// Four boundary pieces meet: two covered cells touch at this corner only. Within a component they are
			// joined around the outside cells; of two components each keeps its own corner. Going around the cell at
			// the upper left links the piece above with the piece on the left.
			same := above[i].component == below[j].component
			up := t.corner(above[i].x, y, above[i].component)
			down := t.corner(below[j].x, y, below[j].component)
			t.close(above[i].top, up, i&1 == 0)
			below[j].top = down
			left, right := down, up
			if same != coveredAbove {
				left, right = up, down
			}
			t.piece(open, left, coveredBelow)
			open = right
			i++
			j++
		}
	}
}

// piece ends the horizontal piece begun at open in n, or begins one when none is open, and returns what is open then.
func (t *tracer) piece(open, n int32, coveredBelow bool) int32 {
	switch {
	case open < 0:
		return n
	case coveredBelow:
		t.nodes[open].next = n
	default:
		t.nodes[n].next = open
	}
	return -1
}

func (t *tracer) corner(x, y, component int32) int32 {
	t.nodes = append(t.nodes, node{x, y, -1, component})
	return int32(len(t.nodes) - 1)
}

// close links the two ends of a vertical edge: left sides go up, right sides down.
func (t *tracer) close(top, bottom int32, left bool) {
	if left {
		t.nodes[bottom].next = top
	} else {
		t.nodes[top].next = bottom
	}
}

// polygons walks the rings. Nodes are in reading order, so the first node left of a ring is its top-left corner, the
// first ring of a component is its exterior, and both polygons and holes come out sorted.
func (t *tracer) polygons(components int) orb.MultiPolygon {
	mp := make(orb.MultiPolygon, components)
	for i := range t.nodes {
		first := int32(i)
		if t.nodes[first].next < 0 {
			continue
		}
		p := &mp[t.nodes[first].component]
		*p = append(*p, t.ring(first, len(*p) > 0))
	}
	return mp
}

// ring cuts the ring with the top-left corner first out of the nodes. A hole comes to that corner along its top, so it
// begins one corner earlier.
func (t *tracer) ring(first int32, hole bool) orb.Ring {
	n, last := 1, first
	for at := t.nodes[first].next; at != first; at = t.nodes[at].next {
		n++
		last = at
	}
	if hole {
		first = last
	}
	ring := make(orb.Ring, 0, n+1)
	for at := first; t.nodes[at].next >= 0; {
		v := &t.nodes[at]
		ring = append(ring, orb.Point{float64(v.x), float64(v.y)})
		at, v.next = v.next, -1
	}
	return append(ring, ring[0])
}
