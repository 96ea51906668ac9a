package geos

import (
	"math"

	"github.com/paulmach/orb"
)

// section replaces the edges from i to j by one where all points between are near it and it crosses nothing, else divides at
// the furthest. A ring keeps four points at least. This is GEOS's TaggedLineStringSimplifier.
func (s *simplifier) section(i, j, depth int) {
	if i+1 == j {
		s.kept++
		return
	}
	furthest, distance := s.furthest(i, j)
	result := 0
	if s.kept > 0 {
		result = s.kept + 1
	}
	if (result >= 4 || depth+1 >= 4) && distance <= s.tolerance && !s.blocked(i, j) {
		s.kept++
		s.replace(i, j)
		return
	}
	s.section(i, furthest, depth+1)
	s.section(furthest, j, depth+1)
}

func (s *simplifier) furthest(i, j int) (at int, distance float64) {
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

// blocked reports whether an edge from i to j would cross what is left of the ring, beside the section itself, or what has
// replaced it.
func (s *simplifier) blocked(i, j int) bool {
	a, b := s.points[i], s.points[j]
	for k := range s.near(s.from, s.to, a, b) {
		if s.next[k] >= 0 && (k < i || k >= j) && s.crosses(s.points[k], s.points[s.next[k]], a, b) {
			return true
		}
	}
	return false
}
