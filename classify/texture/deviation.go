package texture

import (
	"math"

	"tuban/raster"
)

// Deviation writes to dst the standard deviation (of the population, divisor n) of src in the window around each pixel,
// both row-major over w, in src's unit. s.Step is not used.
//
// NaN and infinite pixels and those outside w are missing; where fewer than half of the window's pixels are there the
// result is NaN. dst and src must not overlap. sc may be nil.
// Deviation panics when a slice does not have w's size or s.Check refuses s.
func Deviation(dst, src []float32, w raster.Window, s Size, sc *Scratch) {
	In(KindDeviation, dst, src, w, w, s, sc)
}

func (sc *Scratch) deviation(dst, src []float32, w, part raster.Window, s Size) {
	sc.plane = plane{src: src, w: w, part: part, radius: s.Radius}
	x0, y0, n, width := sc.plane.shape()
	missing := !finite(src, w, part.Grow(s.Radius).Intersect(w))
	// float64 holds the square of a float32 exactly, and sums of integers such as digital numbers without rounding:
	// the difference of the two large terms below keeps its digits.
	sc.values.start(y0, n, width, (*values)(&sc.plane))
	sc.squares.start(y0, n, width, (*valuesSquared)(&sc.plane))
	sc.v64, sc.tail64 = grow(sc.v64, width), grow(sc.tail64, n)
	sc.h1, sc.h2 = grow(sc.h1, part.W), grow(sc.h2, part.W)
	if missing {
		sc.valid.start(y0, n, width, (*valid)(&sc.plane))
		sc.v, sc.h, sc.tail = grow(sc.v, width), grow(sc.h, part.W), grow(sc.tail, n)
	}
	for y := range part.H {
		sc.values.next(sc.v64)
		along(sc.h1, sc.v64, x0, n, sc.tail64)
		sc.squares.next(sc.v64)
		along(sc.h2, sc.v64, x0, n, sc.tail64)
		row, h1, h2 := dst[(part.Y-w.Y+y)*w.W+part.X-w.X:][:part.W], sc.h1, sc.h2
		if missing {
			sc.valid.next(sc.v)
			along(sc.h, sc.v, x0, n, sc.tail)
			for x := range row {
				row[x] = deviation(h1[x], h2[x], int(sc.h[x]), n*n)
			}
			continue
		}
		rows := inside(part.Y-w.Y+y, s.Radius, 0, w.H)
		for x := range row {
			row[x] = deviation(h1[x], h2[x], rows*inside(part.X-w.X+x, s.Radius, 0, w.W), n*n)
		}
	}
}

// finite reports whether all pixels in part are there.
func finite(src []float32, w, part raster.Window) bool {
	for y := part.Y; y < part.Y+part.H; y++ {
		for _, v := range src[(y-w.Y)*w.W+part.X-w.X:][:part.W] {
			if v-v != 0 {
				return false
			}
		}
	}
	return true
}

// deviation returns the standard deviation of n values with the given sums; NaN when n is less than half of full.
func deviation(sum, squares float64, n, full int) float32 {
	if 2*n < full {
		return raster.NaN
	}
	m := float64(n)
	d := float64(m*squares) - float64(sum*sum)
	return float32(math.Sqrt(max(0, d)) / m)
}

// plane feeds the pixels of src to the sums around the pixels of part.
type plane struct {
	src     []float32
	w, part raster.Window // src is row-major over w
	radius  int
}

// shape returns where rows begin, the edge of a box, and how long a row is.
func (p *plane) shape() (x, y, n, width int) {
	n = 2*p.radius + 1
	return p.part.X - p.radius, p.part.Y - p.radius, n, p.part.W + n - 1
}

// row returns the pixels of row y of the grid that the sums need and w has, and how many that w has not come before them.
func (p *plane) row(y int) (row []float32, before int) {
	x, _, _, width := p.shape()
	in := p.w.Intersect(raster.Window{X: x, Y: y, W: width, H: 1})
	if in.Empty() {
		return nil, 0
	}
	return p.src[(y-p.w.Y)*p.w.W+in.X-p.w.X:][:in.W], in.X - x
}

// values are the pixels of a plane, 0 for missing ones.
type values plane

func (p *values) load(dst []float64, y int) {
	row, before := (*plane)(p).row(y)
	dst = margin(dst, before, len(row))
	for i, v := range row {
		if v-v != 0 {
			v = 0
		}
		dst[i] = float64(v)
	}
}

// valuesSquared are the squares of values.
type valuesSquared plane

func (p *valuesSquared) load(dst []float64, y int) {
	row, before := (*plane)(p).row(y)
	dst = margin(dst, before, len(row))
	for i, v := range row {
		if v-v != 0 {
			v = 0
		}
		dst[i] = float64(v) * float64(v)
	}
}

// valid are 1 for the pixels that are there, else 0.
type valid plane

func (p *valid) load(dst []float32, y int) {
	row, before := (*plane)(p).row(y)
	dst = margin(dst, before, len(row))
	for i, v := range row {
		dst[i] = 0
		if v-v == 0 {
			dst[i] = 1
		}
	}
}

// margin clears all of dst but the n elements behind the first, which it returns.
func margin[T any](dst []T, before, n int) []T {
	clear(dst[:before])
	clear(dst[before+n:])
	return dst[before:][:n]
}
