package evidence

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// cornersOf picks at most n vertices of the outer ring of the largest part: those that say most of its shape, in the order of
// the ring from the north-western one on. It returns their positions in the ring, the part, and how many vertices there are.
func cornersOf(mp orb.MultiPolygon, n int) (part int, at []int, total int) {
	part = -1
	most := -1.0
	for i, p := range mp {
		if a := math.Abs(ringArea(p[0])); a > most {
			part, most = i, a
		}
	}
	if part < 0 {
		return part, nil, 0
	}
	ring := mp[part][0]
	total = len(ring) - 1 // the last repeats the first
	if total <= 0 {
		return part, nil, 0
	}
	first := 0
	for i, q := range ring[:total] {
		if better := q[1] - q[0] - (ring[first][1] - ring[first][0]); better > 0 {
			first = i
		}
	}
	kept := []int{first, first + total} // positions that go once around
	point := func(i int) orb.Point { return ring[i%total] }
	for range min(n, total) - 1 {
		// The vertex that lies farthest from the line through its kept neighbours.
		best, after, far := -1, 0, -1.0
		for k := range len(kept) - 1 {
			for i := kept[k] + 1; i < kept[k+1]; i++ {
				if d := fromSegment(point(i), point(kept[k]), point(kept[k+1])); d > far {
					best, after, far = i, k, d
				}
			}
		}
		kept = slices.Insert(kept, after+1, best)
	}
	for _, i := range kept[:len(kept)-1] {
		at = append(at, i%total)
	}
	return part, at, total
}

func ringArea(r orb.Ring) (sum float64) {
	for i := 1; i < len(r); i++ {
		sum += (r[i-1][0]-r[0][0])*(r[i][1]-r[0][1]) - (r[i][0]-r[0][0])*(r[i-1][1]-r[0][1])
	}
	return sum / 2
}

func fromSegment(p, a, b orb.Point) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = max(0, min(1, ((p[0]-a[0])*dx+(p[1]-a[1])*dy)/l))
	}
	return math.Hypot(p[0]-a[0]-t*dx, p[1]-a[1]-t*dy)
}
