package burn

import (
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"tuban/raster"
)

// Fill sets the pixels of dst, row-major over w, whose centre lies in mp to v and leaves the others alone.
// A centre is in when a ray from it crosses the rings an odd number of times, all rings together, so holes may run either way.
// On an edge it belongs to the polygon on the right, or below a horizontal edge: the half-open rule.
//
// Rings that do not end where they began are closed; one with a coordinate that is not finite, or farther out than
// 10¹⁵ pixels, encloses nothing.
// The cost is one look at each vertex, and then goes by the edges and pixels in w.
// Fill panics when dst does not have w's size.
func Fill[T any](dst []T, w raster.Window, mp orb.MultiPolygon, v T) {
	if int64(len(dst)) != w.Pixels() {
		panic("burn: the slice does not have the window's size")
	}
	if len(dst) == 0 {
		return
	}
	list := pool.Get().(*crossings)
	defer pool.Put(list)
	list.keys = list.keys[:0]
	for _, p := range mp {
		for _, r := range p {
			list.ring(w, r)
		}
	}
	slices.Sort(list.keys)
	list.spans(w, func(row, x0, x1 int) {
		raster.Fill(dst[row*w.W+x0:row*w.W+x1], v)
	})
}

var pool = sync.Pool{New: func() any { return new(crossings) }}

// crossings lists where edges cross the centre lines of a window's rows: row·2³² + the first column right of the crossing.
type crossings struct{ keys []uint64 }

// ring adds the crossings of r.
func (c *crossings) ring(w raster.Window, r orb.Ring) {
	if len(r) < 3 || !finite(r) {
		return
	}
	prev := r[len(r)-1]
	for _, p := range r {
		c.edge(w, prev, p)
		prev = p
	}
}

// edge adds the crossings of the edge a–b with the rows of w. It crosses row y when y + 0.5 is in [lower, upper).
func (c *crossings) edge(w raster.Window, a, b orb.Point) {
	// The same edge of a neighbour runs the other way: with its ends in a fixed order the arithmetic is the same.
	if a[1] > b[1] {
		a, b = b, a
	}
	y0, y1 := float64(w.Y), float64(w.Y+w.H)
	first, last := math.Ceil(a[1]-0.5), math.Ceil(b[1]-0.5)
	if first >= last || last <= y0 || first >= y1 {
		return
	}
	left := float64(w.X)
	if min(a[0], b[0]) > left+float64(w.W) {
		return
	}
	slope := (b[0] - a[0]) / (b[1] - a[1])
	for y := int(max(first, y0)); y < int(min(last, y1)); y++ {
		x := a[0] + float64(slope*(float64(y)+0.5-a[1]))
		column := math.Ceil(x-0.5) - left
		if column >= float64(w.W) {
			continue // nothing of the row is right of it
		}
		c.keys = append(c.keys, uint64(y-w.Y)<<32|uint64(max(column, 0)))
	}
}

// spans calls visit for the columns [x0, x1) of each row between an odd crossing and the next, or the row's end.
func (c *crossings) spans(w raster.Window, visit func(row, x0, x1 int)) {
	for i := 0; i < len(c.keys); {
		row, x0 := int(c.keys[i]>>32), int(uint32(c.keys[i]))
		i++
		x1 := w.W
		if i < len(c.keys) && int(c.keys[i]>>32) == row {
			x1 = int(uint32(c.keys[i]))
			i++
		}
		if x0 < x1 {
			visit(row, x0, x1)
		}
	}
}

// finite reports whether all of r is where float64 still tells pixels apart; not-a-number fails the comparisons.
func finite(r orb.Ring) bool {
	const far = 1e15
	for _, p := range r {
		if !(math.Abs(p[0]) <= far && math.Abs(p[1]) <= far) {
			return false
		}
	}
	return true
}
