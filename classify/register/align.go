package register

import (
	"fmt"

	"tuban/raster"
)

// Scratch is what Align and AlignLabels need per goroutine; the zero value is ready.
type Scratch struct{ dx, dy []int32 }

func (s *Scratch) row(n int) (dx, dy []int32) {
	if cap(s.dx) < n {
		s.dx, s.dy = make([]int32, n), make([]int32, n)
	}
	return s.dx[:n], s.dy[:n]
}

// cubic are the weights of four samples in a row for each sub-pixel position: Catmull and Rom 1974, the cubic convolution of
// Keys 1981 (IEEE TASSP 29:1153) with a = −1/2, which keeps texture where a bilinear mean would smooth it.
var cubic = func() (t [quantum][4]float32) {
	for i := range t {
		u := float64(i) / quantum
		u2, u3 := u*u, u*u*u
		t[i] = [4]float32{
			float32((-u3 + 2*u2 - u) / 2),
			float32((3*u3 - 5*u2 + 2) / 2),
			float32((-3*u3 + 4*u2 + u) / 2),
			float32((u3 - u2) / 2),
		}
	}
	return t
}()

// Align fills dst over its window with the later date as the earlier one sees it: dst(x, y) = src(x+dx, y+dy), by cubic
// convolution. dst has as many planes as src; src's window holds f.Source(dst.Window), both lie on the grid, and the two
// do not share memory. sc may be nil.
//
// The value of a pixel does not depend on the windows. It is NaN where the nearest sample is missing (NaN, infinite, or
// outside the grid), and the bilinear mean of those that are there where another of the sixteen samples is.
// Overshoot does not make a negative of samples that are not. A field that corrects nothing copies, bit by bit.
func (f *Field) Align(dst, src *raster.Block, sc *Scratch) {
	f.checkWindows(dst.Window, src.Window)
	if len(dst.Planes) != len(src.Planes) {
		panic(fmt.Sprintf("register: %d planes into %d", len(src.Planes), len(dst.Planes)))
	}
	if sc == nil {
		sc = &Scratch{}
	}
	dx, dy := sc.row(dst.W)
	for y := dst.Y; y < dst.Y+dst.H; y++ {
		if f.Identity() {
			for p := range dst.Planes {
				copy(dst.Row(p, y), src.Row(p, y)[dst.X-src.X:])
			}
			continue
		}
		f.offsets(dx, dy, dst.X, y)
		for p := range dst.Planes {
			f.alignRow(dst.Row(p, y), src, p, dst.X, y, dx, dy)
		}
	}
}

// alignRow fills row y of one plane, from column x on. Neighbouring pixels share their whole offset, so the four rows of
// samples are looked up once for a stretch of them.
func (f *Field) alignRow(dst []float32, src *raster.Block, p, x, y int, dx, dy []int32) {
	s := sampler{plane: src.Planes[p], w: src.Window, gw: f.W, gh: f.H}
	for k := 0; k < len(dst); {
		ox, oy := dx[k]>>8, dy[k]>>8
		end := k + 1
		for end < len(dst) && dx[end]>>8 == ox && dy[end]>>8 == oy {
			end++
		}
		sx, sy := x+int(ox), y+int(oy)
		// The stretch whose sixteen samples are all on the grid.
		from, to := max(k, 1-sx), min(end, f.W-2-sx)
		if sy < 1 || sy > f.H-3 || from >= to {
			from, to = end, end
		}
		for i := k; i < from; i++ {
			dst[i] = s.careful(sx+i, sy, dx[i]&(quantum-1), dy[i]&(quantum-1))
		}
		if from < to {
			o := (sy-1-src.Y)*src.W + sx + from - 1 - src.X
			n := to - from + 3
			r0 := s.plane[o : o+n]
			r1 := s.plane[o+src.W : o+src.W+n]
			r2 := s.plane[o+2*src.W : o+2*src.W+n]
			r3 := s.plane[o+3*src.W : o+3*src.W+n]
			convolve(dst[from:to], dx[from:to], dy[from:to], r0, r1, r2, r3)
			for i, v := range dst[from:to] {
				// Not finite, or below 0.
				if !(v-v == 0 && v >= 0) {
					dst[from+i] = s.settle(v, sx+from+i, sy, dx[from+i]&(quantum-1), dy[from+i]&(quantum-1))
				}
			}
		}
		for i := to; i < end; i++ {
			dst[i] = s.careful(sx+i, sy, dx[i]&(quantum-1), dy[i]&(quantum-1))
		}
		k = end
	}
}

// convolve weighs sixteen samples a pixel: along each of the four rows, then across them.
func convolve(dst []float32, dx, dy []int32, r0, r1, r2, r3 []float32) {
	n := len(dst)
	dx, dy = dx[:n], dy[:n]
	r0, r1, r2, r3 = r0[:n+3], r1[:n+3], r2[:n+3], r3[:n+3]
	for i := range dst {
		wx, wy := &cubic[dx[i]&(quantum-1)], &cubic[dy[i]&(quantum-1)]
		a := float32(wx[0]*r0[i]) + float32(wx[1]*r0[i+1]) + float32(wx[2]*r0[i+2]) + float32(wx[3]*r0[i+3])
		b := float32(wx[0]*r1[i]) + float32(wx[1]*r1[i+1]) + float32(wx[2]*r1[i+2]) + float32(wx[3]*r1[i+3])
		c := float32(wx[0]*r2[i]) + float32(wx[1]*r2[i+1]) + float32(wx[2]*r2[i+2]) + float32(wx[3]*r2[i+3])
		d := float32(wx[0]*r3[i]) + float32(wx[1]*r3[i+1]) + float32(wx[2]*r3[i+2]) + float32(wx[3]*r3[i+3])
		dst[i] = float32(wy[0]*a) + float32(wy[1]*b) + float32(wy[2]*c) + float32(wy[3]*d)
	}
}
