package texture

import (
	"math"

	"tuban/raster"
)

// Mean writes to dst the mean of src in the window around each pixel, both row-major over w, in src's unit: what a
// neighbourhood looks like, for a pixel to be compared with. s.Step is not used.
//
// NaN and infinite pixels and those outside w are missing; where fewer than half of the window's pixels are there the
// result is NaN. dst and src must not overlap. sc may be nil.
// Mean panics when a slice does not have w's size or s.Check refuses s.
func Mean(dst, src []float32, w raster.Window, s Size, sc *Scratch) {
	In(KindMean, dst, src, w, w, s, sc)
}

func (sc *Scratch) mean(dst, src []float32, w, part raster.Window, s Size) {
	sc.plane = plane{src: src, w: w, part: part, radius: s.Radius}
	x0, y0, n, width := sc.plane.shape()
	missing := !within(src, w, part.Grow(s.Radius).Intersect(w), math.MaxFloat32)
	sc.values.start(y0, n, width, (*values)(&sc.plane))
	sc.v64, sc.tail64, sc.h1 = grow(sc.v64, width), grow(sc.tail64, n), grow(sc.h1, part.W)
	sc.h = grow(sc.h, part.W)
	if missing {
		sc.valid.start(y0, n, width, (*valid)(&sc.plane))
		sc.v, sc.tail = grow(sc.v, width), grow(sc.tail, n)
	}
	for y := range part.H {
		sc.values.next(sc.v64)
		along(sc.h1, sc.v64, x0, n, sc.tail64)
		row, sums, counts := dst[(part.Y-w.Y+y)*w.W+part.X-w.X:][:part.W], sc.h1, sc.h
		if missing {
			sc.valid.next(sc.v)
			along(counts, sc.v, x0, n, sc.tail)
		} else {
			sc.plane.counts(counts, y)
		}
		for x := range row {
			row[x] = raster.NaN
			if c := int(counts[x]); 2*c >= n*n {
				row[x] = float32(sums[x] / float64(c))
			}
		}
	}
}
