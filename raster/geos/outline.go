package geos

import (
	"iter"
	"math"

	"github.com/paulmach/orb"
)

// Outlines are simplified here as GEOS 3.11 does it (TopologyPreserveSimplify), operation by operation, at a tenth of the cost
// for a dozen points (1.3 µs against 15) and a fifth for some hundred in several rings: nearly all of GEOS's time goes into
// indices that a patch does not need.

const (
	// manyPoints is the most points that outlines simplified here have; beyond, an index pays.
	manyPoints = 4096
	// blockEdges is how many edges in a row share a box: what they are asked about is most often far from all of them.
	blockEdges = 16
)

// simplifier simplifies outlines for one goroutine, and keeps its memory from one to the next.
type simplifier struct {
	segments
	tolerance float64
	// points are those of all rings, one ring after the other, closed; rings holds where each begins, and the end of the last.
	points []orb.Point
	rings  []int
	// next is the point that an edge leads to from this one; −1 where none does.
	next  []int
	boxes []orb.Bound
	// Of the ring in work: where it begins, its last point, and how many edges of its result there are.
	from, to, kept int
}

// simplify simplifies the rings of mp. ok is false where GEOS has to do it: what a decision rests on is within rounding, the
// rings do not leave one another alone, or the result would not be valid. Where rings touch at corners, that is yet to be seen.
func (s *simplifier) simplify(mp orb.MultiPolygon, tolerance float64) (out orb.MultiPolygon, touch, ok bool) {
	if !s.load(mp) {
		return nil, false, false
	}
	s.tolerance = tolerance
	for r := range len(s.rings) - 1 {
		s.from, s.to, s.kept = s.rings[r], s.rings[r+1]-1, 0
		s.section(s.from, s.to, 1)
	}
	if !s.sure || !s.independent() {
		return nil, false, false
	}
	touch, ok = s.simple()
	if !ok || !touch && !s.nested(mp) || !s.sure {
		return nil, false, false
	}
	out = make(orb.MultiPolygon, len(mp))
	r := 0
	for i, p := range mp {
		for range p {
			out[i] = append(out[i], s.result(r))
			r++
		}
	}
	return out, touch, true
}

// load takes the rings of mp.
func (s *simplifier) load(mp orb.MultiPolygon) bool {
	s.points, s.rings, s.next, s.boxes = s.points[:0], append(s.rings[:0], 0), s.next[:0], s.boxes[:0]
	s.scale, s.sure = 0, true
	for _, p := range mp {
		for _, r := range p {
			n := len(r)
			if n < 5 || len(s.points)+n > manyPoints || r[0] != r[n-1] {
				return false
			}
			s.points = append(s.points, r...)
			s.rings = append(s.rings, len(s.points))
		}
	}
	for k, p := range s.points {
		s.scale = max(s.scale, math.Abs(p[0]), math.Abs(p[1]))
		if k%blockEdges == 0 {
			s.boxes = append(s.boxes, p.Bound())
		}
		s.next = append(s.next, k+1)
		s.cover(k, p)
		if k+1 < len(s.points) {
			s.cover(k, s.points[k+1])
		}
	}
	for _, end := range s.rings[1:] {
		s.next[end-1] = -1
	}
	return s.scale < math.MaxFloat32
}

// cover extends the box of edge k to p.
func (s *simplifier) cover(k int, p orb.Point) {
	b := &s.boxes[k/blockEdges]
	b.Min = orb.Point{min(b.Min[0], p[0]), min(b.Min[1], p[1])}
	b.Max = orb.Point{max(b.Max[0], p[0]), max(b.Max[1], p[1])}
}

// replace puts one edge in the place of those from i to j.
func (s *simplifier) replace(i, j int) {
	for k := i; k < j; k++ {
		s.next[k] = -1
	}
	s.next[i] = j
	s.cover(i, s.points[j])
}

// near yields the edges from from to to, by the points that they begin at, whose boxes meet that of the segment ab.
func (s *simplifier) near(from, to int, a, b orb.Point) iter.Seq[int] {
	x0, x1, y0, y1 := min(a[0], b[0]), max(a[0], b[0]), min(a[1], b[1]), max(a[1], b[1])
	return func(yield func(int) bool) {
		for k := from; k < to; {
			end := min(to, k-k%blockEdges+blockEdges)
			box := &s.boxes[k/blockEdges]
			if box.Max[0] < x0 || box.Min[0] > x1 || box.Max[1] < y0 || box.Min[1] > y1 {
				k = end
				continue
			}
			for ; k < end; k++ {
				if !yield(k) {
					return
				}
			}
		}
	}
}

// result is what has become of ring r.
func (s *simplifier) result(r int) orb.Ring {
	first, last := s.rings[r], s.rings[r+1]-1
	n := 1
	for k := first; k != last; k = s.next[k] {
		n++
	}
	out := make(orb.Ring, 0, n)
	for k := first; k != last; k = s.next[k] {
		out = append(out, s.points[k])
	}
	return append(out, s.points[last])
}
