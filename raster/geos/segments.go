package geos

import (
	"math"

	"github.com/paulmach/orb"
)

// segments says how segments lie to one another, exactly, as long as it is sure. No coordinate is larger than scale.
type segments struct {
	scale float64
	sure  bool
}

// crosses reports whether the segments meet at a point that is not an end of both.
func (s *segments) crosses(p, q, a, b orb.Point) bool {
	meet, ends := s.meet(p, q, a, b)
	return meet && !ends
}

// meet reports whether the segments have a point in common, and whether each such point is an end of both.
func (s *segments) meet(p, q, a, b orb.Point) (meet, ends bool) {
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
func (s *segments) side(a, b, p orb.Point) (side int, near bool) {
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
