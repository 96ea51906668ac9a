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
	missing := !within(src, w, part.Grow(s.Radius).Intersect(w), math.MaxFloat32)
	// float64 holds the square of a float32 exactly, and sums of integers such as digital numbers without rounding:
	// the difference of the two large terms below keeps its digits.
	sc.values.start(y0, n, width, (*values)(&sc.plane))
	sc.squares.start(y0, n, width, (*valuesSquared)(&sc.plane))
	sc.v64, sc.tail64 = grow(sc.v64, width), grow(sc.tail64, n)
	sc.h1, sc.h2 = grow(sc.h1, part.W), grow(sc.h2, part.W)
	sc.h = grow(sc.h, part.W)
	if missing {
		sc.valid.start(y0, n, width, (*valid)(&sc.plane))
		sc.v, sc.tail = grow(sc.v, width), grow(sc.tail, n)
	}
	for y := range part.H {
		sc.values.next(sc.v64)
		along(sc.h1, sc.v64, x0, n, sc.tail64)
		sc.squares.next(sc.v64)
		along(sc.h2, sc.v64, x0, n, sc.tail64)
		row, h1, h2, counts := dst[(part.Y-w.Y+y)*w.W+part.X-w.X:][:part.W], sc.h1, sc.h2, sc.h
		if missing {
			sc.valid.next(sc.v)
			along(counts, sc.v, x0, n, sc.tail)
		} else {
			sc.plane.counts(counts, y)
		}
		for x := range row {
			row[x] = deviation(h1[x], h2[x], int(counts[x]), n*n)
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
