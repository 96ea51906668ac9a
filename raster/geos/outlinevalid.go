package geos

import "github.com/paulmach/orb"

// independent reports whether no edge that replaced others crosses another ring as it was: with what simple finds, the rings
// then become the same in whatever order they are simplified. GEOS takes them in the order of their addresses.
func (s *simplifier) independent() bool {
	for r := range len(s.rings) - 1 {
		for k := s.rings[r]; k < s.rings[r+1]; k++ {
			if s.next[k] <= k+1 {
				continue
			}
			a, b := s.points[k], s.points[s.next[k]]
			for o := range len(s.rings) - 1 {
				if o == r {
					continue
				}
				for m := range s.near(s.rings[o], s.rings[o+1]-1, a, b) {
					if s.crosses(s.points[m], s.points[m+1], a, b) {
						return false
					}
				}
			}
		}
	}
	return true
}

// simple reports whether no ring of the result touches itself, and others at most where both have a corner: touch then.
func (s *simplifier) simple() (touch, ok bool) {
	for r := range len(s.rings) - 1 {
		first, last := s.rings[r], s.rings[r+1]-1
		edges := 0
		for k := first; k != last; k = s.next[k] {
			edges++
			a, b := s.points[k], s.points[s.next[k]]
			for m := range s.near(k+1, len(s.points), a, b) {
				if s.next[m] < 0 {
					continue
				}
				meet, ends := s.meet(a, b, s.points[m], s.points[s.next[m]])
				if !meet {
					continue
				}
				neighbours := m == s.next[k] || k == first && s.next[m] == last
				if !ends || m < last && !neighbours {
					return false, false
				}
				touch = touch || !neighbours
			}
		}
		if edges < 3 {
			return false, false
		}
	}
	return touch, true
}

// nested reports whether rings of the result that do not touch lie to one another as in a valid geometry of mp's parts: holes
// in their shells, no hole in another, no part on another.
func (s *simplifier) nested(mp orb.MultiPolygon) bool {
	from := 0
	for _, p := range mp {
		to := from + len(p)
		for r := range len(s.rings) - 1 {
			corner := s.points[s.rings[r]]
			if r < from || r >= to {
				on := false
				for own := from; own < to; own++ {
					on = on != s.encloses(own, corner)
				}
				if on {
					return false
				}
				continue
			}
			for own := from; own < to; own++ {
				// Of its own part a hole is in the shell and in nothing else, a shell in nothing.
				if own != r && s.encloses(own, corner) != (own == from) {
					return false
				}
			}
		}
		from = to
	}
	return true
}

// encloses reports whether p lies within ring r of the result.
func (s *simplifier) encloses(r int, p orb.Point) (in bool) {
	last := s.rings[r+1] - 1
	for k := s.rings[r]; k != last; k = s.next[k] {
		a, b := s.points[k], s.points[s.next[k]]
		if (a[1] > p[1]) == (b[1] > p[1]) {
			continue
		}
		side, _ := s.side(a, b, p)
		in = in != (side > 0 == (b[1] > a[1]))
	}
	return in
}
