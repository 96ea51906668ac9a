package synth

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// dissolve returns the union of polygons that meet vertex by vertex and do not overlap, as the parcels of a survey do: an edge
// that two of them walk in opposite directions is within, and the edges that are left are its outline. Rings touch one
// another at vertices at most.
func dissolve(polys []orb.Polygon) orb.MultiPolygon {
	type edge [2]orb.Point
	left := map[edge]bool{}
	for _, p := range polys {
		for _, r := range p {
			for i, a := range r[:len(r)-1] {
				if e := (edge{a, r[i+1]}); left[edge{e[1], e[0]}] {
					delete(left, edge{e[1], e[0]})
				} else {
					left[e] = true
				}
			}
		}
	}
	next := map[orb.Point][]orb.Point{}
	var starts []orb.Point
	for e := range left {
		next[e[0]] = append(next[e[0]], e[1])
		starts = append(starts, e[0])
	}
	byPlace := func(a, b orb.Point) int {
		if a[0] != b[0] {
			return sign(a[0] - b[0])
		}
		return sign(a[1] - b[1])
	}
	slices.SortFunc(starts, byPlace)
	var outer, inner []orb.Ring
	for _, s := range starts {
		for len(next[s]) > 0 {
			slices.SortFunc(next[s], byPlace)
			r := orb.Ring{s}
			for at, from := s, (orb.Point{}); ; {
				k := turnLeft(from, at, next[at], len(r) == 1)
				to := next[at][k]
				next[at] = slices.Delete(next[at], k, k+1)
				r = append(r, to)
				from, at = at, to
				if at == s {
					break
				}
			}
			if r.Orientation() == orb.CCW {
				outer = append(outer, r)
			} else {
				inner = append(inner, r)
			}
		}
	}
	return nest(outer, inner)
}

func sign(v float64) int {
	switch {
	case v < 0:
		return -1
	case v > 0:
		return 1
	}
	return 0
}

// turnLeft is the index of the way out of at, reached from from, that turns most to the left: the land lies on the left of
// its outline, so rings that touch at a vertex stay apart.
func turnLeft(from, at orb.Point, to []orb.Point, begin bool) int {
	best, most := 0, math.Inf(-1)
	if begin || len(to) == 1 {
		return 0
	}
	in := math.Atan2(at[1]-from[1], at[0]-from[0])
	for k, q := range to {
		a := math.Remainder(math.Atan2(q[1]-at[1], q[0]-at[0])-in, 2*math.Pi)
		if a > most {
			best, most = k, a
		}
	}
	return best
}

// nest puts each hole into the smallest outer ring around it.
func nest(outer, inner []orb.Ring) orb.MultiPolygon {
	slices.SortStableFunc(outer, func(a, b orb.Ring) int { return sign(planarArea(orb.Polygon{a}) - planarArea(orb.Polygon{b})) })
	out := make(orb.MultiPolygon, len(outer))
	for i, r := range outer {
		out[i] = orb.Polygon{r}
	}
	for _, h := range inner {
		// The middle of an edge lies off the vertices at which rings touch.
		m := orb.Point{(h[0][0] + h[1][0]) / 2, (h[0][1] + h[1][1]) / 2}
		for i, r := range outer {
			if encloses(r, m) {
				out[i] = append(out[i], h)
				break
			}
		}
	}
	return out
}

func encloses(r orb.Ring, p orb.Point) bool {
	open := make(ring, len(r)-1)
	copy(open, r[:len(r)-1])
	return open.holds(p)
}
