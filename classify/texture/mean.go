package texture

import "tuban/raster"

// Mean writes to dst the mean of src in the window around each pixel, both row-major over w, in src's unit: what a
// neighbourhood looks like, for a pixel to be compared with. s.Step is not used.
//
// NaN and infinite pixels and those outside w are missing; where fewer than half of the window's pixels are there the
// result is NaN. dst and src must not overlap. sc may be nil.
// Mean panics when a slice does not have w's size or s.Check refuses s.
func Mean(dst, src []float32, w raster.Window, s Size, sc *Scratch) {
	sc = begin(KindMean, dst, src, w, s, sc)
	p := plane{src: src, w: w, radius: s.Radius}
	n := 2*s.Radius + 1
	x0, y0, width := w.X-s.Radius, w.Y-s.Radius, w.W+n-1
	sc.values.start(y0, n, width, p.values)
	sc.counts.start(y0, n, width, p.valid)
	sc.v64, sc.tail64, sc.h1 = grow(sc.v64, width), grow(sc.tail64, n), grow(sc.h1, w.W)
	sc.vc, sc.tail, sc.hc = grow(sc.vc, width), grow(sc.tail, n), grow(sc.hc, w.W)
	for y := range w.H {
		sc.values.next(sc.v64)
		along(sc.h1, sc.v64, x0, n, sc.tail64)
		sc.counts.next(sc.vc)
		along(sc.hc, sc.vc, x0, n, sc.tail)
		row := dst[y*w.W : (y+1)*w.W]
		for x := range row {
			row[x] = raster.NaN
			if c := int(sc.hc[x]); 2*c >= n*n {
				row[x] = float32(sc.h1[x] / float64(c))
			}
		}
	}
}
