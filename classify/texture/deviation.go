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
	sc = begin(KindDeviation, dst, src, w, s, sc)
	missing := false
	for _, v := range src {
		if v-v != 0 {
			missing = true
			break
		}
	}
	p := plane{src: src, w: w, radius: s.Radius}
	n := 2*s.Radius + 1
	x0, y0, width := w.X-s.Radius, w.Y-s.Radius, w.W+n-1
	// float64 holds the square of a float32 exactly, and sums of integers such as digital numbers without rounding:
	// the difference of the two large terms below keeps its digits.
	sc.values.start(y0, n, width, p.values)
	sc.squares.start(y0, n, width, p.squares)
	sc.v64, sc.tail64 = grow(sc.v64, width), grow(sc.tail64, n)
	sc.h1, sc.h2 = grow(sc.h1, w.W), grow(sc.h2, w.W)
	if missing {
		sc.counts.start(y0, n, width, p.valid)
		sc.vc, sc.hc, sc.tail = grow(sc.vc, width), grow(sc.hc, w.W), grow(sc.tail, n)
	}
	for y := range w.H {
		sc.values.next(sc.v64)
		along(sc.h1, sc.v64, x0, n, sc.tail64)
		sc.squares.next(sc.v64)
		along(sc.h2, sc.v64, x0, n, sc.tail64)
		row, h1, h2 := dst[y*w.W:(y+1)*w.W], sc.h1, sc.h2
		if missing {
			sc.counts.next(sc.vc)
			along(sc.hc, sc.vc, x0, n, sc.tail)
			for x := range row {
				row[x] = deviation(h1[x], h2[x], int(sc.hc[x]), n*n)
			}
			continue
		}
		rows := inside(y, s.Radius, 0, w.H)
		for x := range row {
			row[x] = deviation(h1[x], h2[x], rows*inside(x, s.Radius, 0, w.W), n*n)
		}
	}
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

// plane feeds the pixels of src to the sums, with a margin of radius on both sides of each row.
type plane struct {
	src    []float32
	w      raster.Window
	radius int
}

// row returns the pixels of row y of the grid, nil when w has none there.
func (p plane) row(y int) []float32 {
	if y -= p.w.Y; y < 0 || y >= p.w.H {
		return nil
	}
	return p.src[y*p.w.W : (y+1)*p.w.W]
}

func (p plane) values(y int, dst []float64) {
	dst = margin(dst, p.row(y), p.radius)
	for i, v := range p.row(y) {
		if v-v != 0 {
			v = 0
		}
		dst[i] = float64(v)
	}
}

func (p plane) squares(y int, dst []float64) {
	dst = margin(dst, p.row(y), p.radius)
	for i, v := range p.row(y) {
		if v-v != 0 {
			v = 0
		}
		dst[i] = float64(v) * float64(v)
	}
}

func (p plane) valid(y int, dst []float32) {
	dst = margin(dst, p.row(y), p.radius)
	for i, v := range p.row(y) {
		dst[i] = 0
		if v-v == 0 {
			dst[i] = 1
		}
	}
}

// margin clears what surrounds row in dst, and returns the place for row.
func margin[T any](dst []T, row []float32, radius int) []T {
	if len(row) == 0 {
		clear(dst)
		return nil
	}
	clear(dst[:radius])
	clear(dst[radius+len(row):])
	return dst[radius : radius+len(row)]
}
