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
func Trace(runs []Run) orb.MultiPolygon { return new(Tracer).Trace(runs) }

// Tracer traces one patch after the other and keeps what it works with: of a million small patches, each would else cost
// more to allocate than to trace. Its zero value is ready; it serves one goroutine.
type Tracer struct {
	spans        []span
	forest       forest
	nodes        []node
	above, below []edge
}

// Trace is the function Trace.
func (t *Tracer) Trace(runs []Run) orb.MultiPolygon {
	if cap(t.spans) < len(runs) {
		t.spans = make([]span, 0, len(runs))
	}
	t.spans = merge(t.spans[:0], runs)
	switch len(t.spans) {
	case 0:
		return nil
	case 1:
		return rectangle(t.spans[0])
	}
	components := t.labelSpans()
	if most := 4 * len(t.spans); cap(t.nodes) < most {
		t.nodes = make([]node, 0, most)
	}
	t.nodes = t.nodes[:0]
	t.sweep(t.spans)
	return t.polygons(components)
}

// rectangle is what Trace makes of one span, in one piece of memory: most of speckle is that.
func rectangle(s span) orb.MultiPolygon {
	x0, x1, y0, y1 := float64(s.x0), float64(s.x1), float64(s.y), float64(s.y)+1
	out := &struct {
		polygon [1]orb.Polygon
		ring    [1]orb.Ring
		points  [5]orb.Point
	}{points: [5]orb.Point{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}
	out.ring[0] = out.points[:]
	out.polygon[0] = out.ring[:]
	return out.polygon[:]
}

// span is a maximal run of covered cells of a row.
type span struct{ y, x0, x1, component int32 }

// merge appends to spans what runs cover as disjoint spans that do not touch, sorted.
func merge(spans []span, runs []Run) []span {
	sorted := true
	for i := range runs {
		r := &runs[i]
		if r.X0 >= r.X1 {
			continue
		}
		if n := len(spans); n > 0 {
			last := &spans[n-1]
			sorted = sorted && (last.y < r.Y || last.y == r.Y && last.x0 <= r.X0)
		}
		spans = append(spans, span{y: r.Y, x0: r.X0, x1: r.X1})
	}
	if !sorted {
		slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.x0, b.x0)) })
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
func (t *Tracer) labelSpans() int {
	spans := t.spans
	t.forest = t.forest.reset(len(spans))
	f := t.forest
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

// sweep visits the lines between rows from top to bottom and links the corners that lie on them.
func (t *Tracer) sweep(spans []span) {
	above, below := t.above[:0], t.below[:0]
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
	t.above, t.below = above, below
}

// line links the corners on the line y between the row of cells with the sides above and the one with the sides
// below. Going along the line, a horizontal piece of boundary runs wherever just one of the two rows is covered.
// The covered side is on the right hand of a ring's direction (y down).
func (t *Tracer) line(y int32, above, below []edge) {
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
func (t *Tracer) piece(open, n int32, coveredBelow bool) int32 {
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

func (t *Tracer) corner(x, y, component int32) int32 {
	t.nodes = append(t.nodes, node{x, y, -1, component})
	return int32(len(t.nodes) - 1)
}

// close links the two ends of a vertical edge: left sides go up, right sides down.
func (t *Tracer) close(top, bottom int32, left bool) {
	if left {
		t.nodes[bottom].next = top
	} else {
		t.nodes[top].next = bottom
	}
}

// polygons walks the rings. Nodes are in reading order, so the first node left of a ring is its top-left corner, the
// first ring of a component is its exterior, and both polygons and holes come out sorted.
func (t *Tracer) polygons(components int) orb.MultiPolygon {
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
func (t *Tracer) ring(first int32, hole bool) orb.Ring {
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
