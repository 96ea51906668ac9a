package geos

import (
	"math"

	"github.com/paulmach/orb"
)

// The outline of a small patch is simplified here as GEOS 3.11 does it (TopologyPreserveSimplify), operation by operation,
// at a fiftieth of the cost: nearly all of GEOS's time goes into indices that a dozen vertices do not need.

// smallRing is the most points that an outline simplified here has; beyond, an index pays.
const smallRing = 96

// simplifyRing simplifies the closed ring of a polygon without holes. ok is false where GEOS has to do it: what a
// decision rests on is within rounding, or the result would not be valid.
func simplifyRing(r orb.Ring, tolerance float64) (out orb.Ring, ok bool) {
	n := len(r)
	if n < 5 || n > smallRing || r[0] != r[n-1] {
		return nil, false
	}
	s := ringSimplifier{points: r, tolerance: tolerance, sure: true}
	for _, p := range r {
		s.scale = max(s.scale, math.Abs(p[0]), math.Abs(p[1]))
	}
	if !(s.scale < math.MaxFloat32) {
		return nil, false
	}
	s.section(0, n-1, 1)
	if !s.sure {
		return nil, false
	}
	out = make(orb.Ring, 0, s.kept+1)
	out = append(out, r[0])
	for _, e := range s.edges[:s.kept] {
		out = append(out, r[e.to])
	}
	return out, s.simple(out) && s.sure
}

// ringEdge is an edge between two points of the ring, by their positions.
type ringEdge struct{ from, to int }

type ringSimplifier struct {
	points           orb.Ring
	tolerance, scale float64
	// edges are the result, in order; flat marks the edges of the ring that one of them has replaced.
	edges [smallRing]ringEdge
	kept  int
	flat  [smallRing]bool
	sure  bool
}

// section replaces the points between i and j by one edge where all are near it and it crosses nothing, else divides at the
// furthest. A ring keeps four points at least.
func (s *ringSimplifier) section(i, j, depth int) {
	if i+1 == j {
		s.keep(i, j)
		return
	}
	furthest, distance := s.furthest(i, j)
	result := 0
	if s.kept > 0 {
		result = s.kept + 1
	}
	if (result >= 4 || depth+1 >= 4) && distance <= s.tolerance && !s.blocked(i, j) {
		for k := i; k < j; k++ {
			s.flat[k] = true
		}
		s.keep(i, j)
		return
	}
	s.section(i, furthest, depth+1)
	s.section(furthest, j, depth+1)
}

func (s *ringSimplifier) keep(i, j int) {
	s.edges[s.kept] = ringEdge{i, j}
	s.kept++
}

func (s *ringSimplifier) furthest(i, j int) (at int, distance float64) {
	at, distance = i, -1
	for k := i + 1; k < j; k++ {
		if d := pointToSegment(s.points[k], s.points[i], s.points[j]); d > distance {
			at, distance = k, d
		}
	}
	return at, distance
}

// pointToSegment is GEOS's Distance::pointToSegment.
func pointToSegment(p, a, b orb.Point) float64 {
	if a == b {
		return pointToPoint(p, a)
	}
	dx, dy := b[0]-a[0], b[1]-a[1]
	length := float64(dx*dx) + float64(dy*dy)
	r := (float64((p[0]-a[0])*dx) + float64((p[1]-a[1])*dy)) / length
	if r <= 0 {
		return pointToPoint(p, a)
	}
	if r >= 1 {
		return pointToPoint(p, b)
	}
	side := (float64((a[1]-p[1])*dx) - float64((a[0]-p[0])*dy)) / length
	return math.Abs(side) * math.Sqrt(length)
}

func pointToPoint(a, b orb.Point) float64 {
	dx, dy := a[0]-b[0], a[1]-b[1]
	return math.Sqrt(float64(dx*dx) + float64(dy*dy))
}

// blocked reports whether an edge from i to j would cross what is left of the ring, beside the section itself, or of the
// result.
func (s *ringSimplifier) blocked(i, j int) bool {
	a, b := s.points[i], s.points[j]
	for _, e := range s.edges[:s.kept] {
		if e.to-e.from > 1 && s.crosses(s.points[e.from], s.points[e.to], a, b) {
			return true
		}
	}
	for k := 0; k+1 < len(s.points); k++ {
		if (k < i || k >= j) && !s.flat[k] && s.crosses(s.points[k], s.points[k+1], a, b) {
			return true
		}
	}
	return false
}

// crosses reports whether the segments meet at a point that is not an end of both.
func (s *ringSimplifier) crosses(p, q, a, b orb.Point) bool {
	meet, ends := s.meet(p, q, a, b)
	return meet && !ends
}

// meet reports whether the segments have a point in common, and whether each such point is an end of both.
func (s *ringSimplifier) meet(p, q, a, b orb.Point) (meet, ends bool) {
	if max(p[0], q[0]) < min(a[0], b[0]) || max(a[0], b[0]) < min(p[0], q[0]) || max(p[1], q[1]) < min(a[1], b[1]) || max(a[1], b[1]) < min(p[1], q[1]) {
		return false, false
	}
	pa, near1 := s.side(p, q, a)
	pb, near2 := s.side(p, q, b)
	if pa*pb > 0 {
		return false, false
	}
	ap, near3 := s.side(a, b, p)
	aq, near4 := s.side(a, b, q)
	switch {
	case ap*aq > 0:
		return false, false
	case pa == 0 && pb == 0 && ap == 0 && aq == 0:
		return collinear(p, q, a, b)
	case pa != 0 && pb != 0 && ap != 0 && aq != 0:
		// The point where they cross could round to an end of one.
		s.sure = s.sure && !(near1 || near2 || near3 || near4)
		return true, false
	}
	return true, p == a || p == b || q == a || q == b
}

// collinear is meet for segments of one line.
func collinear(p, q, a, b orb.Point) (meet, ends bool) {
	ends = true
	count := 0
	for _, end := range [...]struct {
		at   orb.Point
		on   bool
		both bool
	}{
		{a, within(a, p, q), a == p || a == q}, {b, within(b, p, q), b == p || b == q},
		{p, within(p, a, b), p == a || p == b}, {q, within(q, a, b), q == a || q == b},
	} {
		if end.on {
			count++
			ends = ends && end.both
		}
	}
	return count > 0, ends
}

// within reports whether p, on the line of a and b, lies between them.
func within(p, a, b orb.Point) bool {
	return min(a[0], b[0]) <= p[0] && p[0] <= max(a[0], b[0]) && min(a[1], b[1]) <= p[1] && p[1] <= max(a[1], b[1])
}

// side says on which side of the line from a to b the point p lies: −1, 0 or 1, exactly, and whether it is so near
// that a computed point could be the other one. Where rounding hides the side, sure ends.
func (s *ringSimplifier) side(a, b, p orb.Point) (side int, near bool) {
	dx, dy, ex, ey := b[0]-a[0], b[1]-a[1], p[0]-a[0], p[1]-a[1]
	left, right := float64(dx*ey), float64(dy*ex)
	d := left - right
	const slack = 1e-14
	if math.Abs(d) > slack*s.scale*(math.Abs(dx)+math.Abs(dy)+math.Abs(ex)+math.Abs(ey)) {
		return sign(d), false
	}
	if !exact(dx, b[0], a[0]) || !exact(dy, b[1], a[1]) || !exact(ex, p[0], a[0]) || !exact(ey, p[1], a[1]) || !exact(d, left, right) {
		s.sure = false
		return 0, true
	}
	// What the two products lost: with it they are exact.
	lostLeft, lostRight := math.FMA(dx, ey, -left), math.FMA(dy, ex, -right)
	lost := lostLeft - lostRight
	rest := d + lost
	if !exact(lost, lostLeft, lostRight) && math.Abs(rest) < 0x1p-50*math.Abs(lost) {
		s.sure = false
	}
	return sign(rest), true
}

func sign(v float64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// exact reports whether d is b − a without rounding.
func exact(d, b, a float64) bool {
	back := b - d
	return (b-(d+back))+(back-a) == 0
}

// simple reports whether the closed ring touches itself nowhere, as the outline of a valid polygon.
func (s *ringSimplifier) simple(r orb.Ring) bool {
	n := len(r) - 1
	for i := range n {
		for j := i + 1; j < n; j++ {
			meet, ends := s.meet(r[i], r[i+1], r[j], r[j+1])
			if !meet {
				continue
			}
			neighbours := j == i+1 || i == 0 && j == n-1
			if !neighbours || !ends {
				return false
			}
		}
	}
	return n >= 3
}
