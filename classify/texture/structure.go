package texture

import (
	"math"

	"tuban/raster"
)

// lines are the four directions (dy, dx) of the linear elements, in pixels.
var lines = [4][2]int{{0, 1}, {1, 0}, {1, 1}, {1, -1}}

// MBI writes to dst the morphological building index of src, both row-major over w: how much of a pixel's brightness is
// part of something bright that is shorter than s.Radius allows and longer than s.Step, as the mean over four directions.
// It has the unit of src and is ≥ 0; a bright spot between both lengths in every direction shows its whole
// contrast with the ground beside it, a wide bright field and a straight road along one direction less.
//
// After Huang and Zhang 2011 (PE&RS 77(7)) and 2012 (IEEE JSTARS 5(1)), with three differences.
// The openings are plain ones by lines of 2·Radius+1 and 2·Step+1 pixels (along diagonals, whose pixels are √2 apart, as many fewer):
// openings by reconstruction follow what is bright to wherever it leads, so that no halo would do for a tile. Openings
// by lines that contain each other never grow with the line, so the differences of their profile add up to that of its ends, whatever the
// scales between: only those two are computed, and the sum is not divided by their number. And src is whatever
// the caller calls brightness; the paper's largest of the bands follows the noise and the colour of one band.
//
// NaN and infinite pixels and those outside w are missing: their result is NaN, and a line passes over them as if they
// were as bright as need be, so that beside them the index is rather too low than too high. dst and src must not overlap. sc may be nil.
// MBI panics when a slice does not have w's size or s.Check refuses s.
func MBI(dst, src []float32, w raster.Window, s Size, sc *Scratch) {
	In(KindMBI, dst, src, w, w, s, sc)
}

// MSI writes to dst the morphological shadow index of src: what MBI is for the negative of src, which finds what is darker than
// the ground beside it, as the shadows of buildings are. Huang and Zhang 2012. All else is as MBI has it.
func MSI(dst, src []float32, w raster.Window, s Size, sc *Scratch) {
	In(KindMSI, dst, src, w, w, s, sc)
}

// lanes is how many neighbouring lines are gathered at once: a line of the cache.
const lanes = 16

// structureIn writes the index of one sign to the pixels of dst that lie in part, by the lines that reach them.
func (sc *Scratch) structureIn(dst, src []float32, w, part raster.Window, s Size, flip int32) {
	if part == w {
		sc.structure(dst, src, w, s, flip)
		return
	}
	read := part.Grow(s.Halo(KindMBI)).Intersect(w)
	sc.read, sc.made = grow(sc.read, int(read.Pixels())), grow(sc.made, int(read.Pixels()))
	for y := range read.H {
		copy(sc.read[y*read.W:][:read.W], src[(read.Y-w.Y+y)*w.W+read.X-w.X:])
	}
	sc.structure(sc.made, sc.read, read, s, flip)
	for y := range part.H {
		copy(dst[(part.Y-w.Y+y)*w.W+part.X-w.X:][:part.W], sc.made[(part.Y-read.Y+y)*read.W+part.X-read.X:])
	}
}

// structure writes the mean over the directions of what the shorter opening leaves and the longer one removes, in the
// ranks of src, or of its negative when flip is −1.
func (sc *Scratch) structure(dst, src []float32, w raster.Window, s Size, flip int32) {
	clear(dst)
	for _, d := range lines {
		long, short := s.Radius, s.Step
		if d[0] != 0 && d[1] != 0 {
			long, short = diagonal(long), diagonal(short)
		}
		if d[0] == 0 {
			for y := range w.H {
				row := src[y*w.W : (y+1)*w.W]
				in := sc.lane(0, w.W, 2*long)
				for x, v := range row {
					in[x] = rank(v, flip)
				}
				out := dst[y*w.W : (y+1)*w.W]
				for x, v := range sc.openings(0, w.W, long, short, flip) {
					out[x] += v
				}
			}
			continue
		}
		// A line begins above row 0 of the window where it enters from the side.
		first, last := -max(0, d[1])*(w.H-1), w.W-min(0, d[1])*(w.H-1)
		for c := first; c < last; c += lanes {
			sc.bundle(dst, src, w, bundle{c: c, n: min(lanes, last-c), dx: d[1], long: long, short: short, flip: flip})
		}
	}
	for i, v := range src {
		dst[i] *= 0.25
		if v-v != 0 {
			dst[i] = raster.NaN
		}
	}
}

// bundle is n neighbouring lines, of which the first passes column c in row 0, and column c+dx·y in row y.
type bundle struct {
	c, n, dx    int
	long, short int
	flip        int32
}

// rows returns the rows of a window of h rows and width columns that the bundle passes.
func (b bundle) rows(width, h int) (from, to int) {
	switch b.dx {
	case 1:
		return max(0, -b.c-b.n+1), min(h, width-b.c)
	case -1:
		return max(0, b.c-width+1), min(h, b.c+b.n)
	}
	return 0, h
}

// bundle adds to dst what structure is the mean of, along the lines of b.
func (sc *Scratch) bundle(dst, src []float32, w raster.Window, b bundle) {
	y0, y1 := b.rows(w.W, w.H)
	n := max(0, y1-y0)
	for k := range b.n {
		sc.lane(k, n, 2*b.long)
	}
	pad, stride := 2*b.long, n+4*b.long
	for y := y0; y < y1; y++ {
		c := b.c + b.dx*y
		from, to := max(0, -c), min(b.n, w.W-c)
		row := src[y*w.W+c+from : y*w.W+c+to]
		o := pad + y - y0 + from*stride
		for _, v := range row {
			sc.ranks[o] = rank(v, b.flip)
			o += stride
		}
	}
	for k := range b.n {
		copy(sc.stripe(k, n), sc.openings(k, n, b.long, b.short, b.flip))
	}
	for y := y0; y < y1; y++ {
		c := b.c + b.dx*y
		from, to := max(0, -c), min(b.n, w.W-c)
		row := dst[y*w.W+c+from : y*w.W+c+to]
		o := y - y0 + from*n
		for i := range row {
			row[i] += sc.removed[o]
			o += n
		}
	}
}

// lane returns the place of n ranks of line k, with everything around and in it missing.
func (sc *Scratch) lane(k, n, pad int) []int32 {
	stride := n + 2*pad
	sc.ranks = grow(sc.ranks, lanes*stride)
	line := sc.ranks[k*stride : (k+1)*stride]
	raster.Fill(line, missingRank)
	return line[pad : pad+n]
}

// stripe returns the place of the n results of line k.
func (sc *Scratch) stripe(k, n int) []float32 {
	sc.removed = grow(sc.removed, lanes*n)
	return sc.removed[k*n : (k+1)*n]
}

// openings returns, for the n pixels of line k, the opening by 2·short+1 pixels less that by 2·long+1.
func (sc *Scratch) openings(k, n, long, short int, flip int32) []float32 {
	stride := n + 4*long
	line := sc.ranks[k*stride : (k+1)*stride]
	sc.opened, sc.lows = grow(sc.opened, n), grow(sc.lows, n+2*long)
	sc.ends, sc.diff = grow(sc.ends, 2*long+1), grow(sc.diff, n)
	open := func(r int) []int32 {
		if r == 0 {
			return line[2*long : 2*long+n]
		}
		lows := sc.lows[:n+2*r]
		lowest(lows, line[2*(long-r):][:n+4*r], 2*r+1, sc.ends)
		highest(sc.opened, lows, 2*r+1, sc.ends)
		return sc.opened
	}
	for i, r := range open(short) {
		sc.diff[i] = value(r, flip)
	}
	for i, r := range open(long) {
		d := sc.diff[i] - value(r, flip)
		if flip != 0 {
			d = -d
		}
		if d-d != 0 {
			d = 0 // a missing pixel
		}
		sc.diff[i] = d
	}
	return sc.diff
}

// diagonal returns the radius in steps along a diagonal of about r pixels; at least 1 unless r is 0.
func diagonal(r int) int {
	if r == 0 {
		return 0
	}
	return max(1, int(math.Round(float64(r)/math.Sqrt2)))
}
