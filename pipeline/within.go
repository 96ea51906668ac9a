package pipeline

import "github.com/paulmach/orb"

// alone returns the position of the shape, a parcel, that has all of the patch to itself, −1 when none has any of it; ok is false
// when that is not certain, and an overlay must tell. Most candidates are small and lie amid a parcel, and most of an
// overlay's time goes into them. The parcels are valid and in the order in which they take their parts; bounds are the patch's.
//
// An outline that stays outside of the bounds, by more than near, has them on one side altogether.
func alone(bounds orb.Bound, near float64, parcels []orb.MultiPolygon) (at int, ok bool) {
	b := bounds.Pad(near)
	for i := range parcels {
		inside := false
		for _, polygon := range parcels[i] {
			for _, r := range polygon {
				if mayEnter(r, b) {
					return 0, false
				}
				inside = inside != encloses(r, b.Center())
			}
		}
		if inside {
			return i, true
		}
	}
	return -1, true
}

// mayEnter reports whether an edge of the ring may come into b: false is certain.
func mayEnter(r orb.Ring, b orb.Bound) bool {
	for i := 1; i < len(r); i++ {
		p, q := r[i-1], r[i]
		if max(p[0], q[0]) < b.Min[0] || min(p[0], q[0]) > b.Max[0] || max(p[1], q[1]) < b.Min[1] || min(p[1], q[1]) > b.Max[1] {
			continue
		}
		// The corners of b lie on one side of the edge's line, or the line passes through. Far from b, rounding could
		// take one for the other only where the corners are next to the line, which near forgives.
		left, right := false, false
		for _, c := range [...]orb.Point{b.Min, b.Max, {b.Min[0], b.Max[1]}, {b.Max[0], b.Min[1]}} {
			side := float64((q[0]-p[0])*(c[1]-p[1])) - float64((q[1]-p[1])*(c[0]-p[0]))
			left, right = left || side >= 0, right || side <= 0
		}
		if left && right {
			return true
		}
	}
	return false
}

// encloses counts the edges to the right of p.
func encloses(r orb.Ring, p orb.Point) (in bool) {
	for i := 1; i < len(r); i++ {
		a, b := r[i-1], r[i]
		if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+float64((p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0])) {
			in = !in
		}
	}
	return in
}
