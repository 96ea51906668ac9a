package texture

import (
	"fmt"
	"math"

	"tuban/raster"
)

// Scratch holds the rows that the sums need, to be reused from tile to tile.
// The zero value is ready; it must not be shared by goroutines.
type Scratch struct {
	sums, counts columns[float32] // squared differences; valid pairs or pixels
	v, vc, h, hc []float32        // a row of column sums and of box sums, and the same of counts
	tail         []float32

	values, squares columns[float64]
	v64, h1, h2     []float64
	tail64          []float64

	ranks, lows, opened, ends []int32   // lines of MBI and MSI with margins, their erosion and opening
	diff, removed             []float32 // what the openings of a line and of a bundle of lines differ by
}

// vectors are the ten displacements (dy, dx) of Pesaresi et al. 2008, in steps; the opposite ones give the same pairs.
var vectors = [10][2]int{{0, 1}, {0, 2}, {1, -2}, {1, -1}, {1, 0}, {1, 1}, {1, 2}, {2, -1}, {2, 0}, {2, 1}}

// largest is the magnitude up to which squared differences of pixels cannot overflow.
const largest = 1e18

// PanTex writes to dst the PanTex index of src, both row-major over w: the minimum over ten displacement vectors of the
// mean squared difference between the pixels of a pair, over all pairs in the window around the pixel. That is the
// unquantised contrast of the grey level co-occurrence matrix; the minimum stays low on edges and rows, which are smooth in some
// direction, and is high among buildings, which are not. It has the unit of src squared, and is ≥ 0.
// Pesaresi, Gerhardinger and Kayitakire 2008, IEEE JSTARS 1(3).
//
// NaN and infinite pixels and those outside w are missing; where fewer than half of the pairs of any vector have both
// pixels the result is NaN. dst and src must not overlap. sc may be nil.
// PanTex panics when a slice does not have w's size or s.Check refuses s.
func PanTex(dst, src []float32, w raster.Window, s Size, sc *Scratch) {
	sc = begin(KindPanTex, dst, src, w, s, sc)
	missing := false
	for _, v := range src {
		if !(v <= largest && v >= -largest) {
			missing = true
			break
		}
	}
	raster.Fill(dst, float32(math.Inf(1)))
	for _, d := range vectors {
		p := pairs{src: src, w: w, radius: s.Radius, dy: d[0] * s.Step, dx: d[1] * s.Step}
		if missing {
			sc.contrastMissing(dst, p)
		} else {
			sc.contrast(dst, p)
		}
	}
}

func begin(kind Kind, dst, src []float32, w raster.Window, s Size, sc *Scratch) *Scratch {
	if n := w.Pixels(); int64(len(dst)) != n || int64(len(src)) != n {
		panic(fmt.Sprintf("texture: %s of %d into %d values for a window of %d", kind, len(src), len(dst), n))
	}
	if err := s.Check(kind); err != nil {
		panic("texture: " + err.Error())
	}
	if sc == nil {
		sc = new(Scratch)
	}
	return sc
}

// contrast lowers dst to the contrast of p where that is less, for pixels that are all there.
// How many pairs a box has is then known from where it is clipped.
func (sc *Scratch) contrast(dst []float32, p pairs) {
	nx, ny, width := p.shape()
	sc.sums.start(p.w.Y-p.radius, ny, width, p.squares)
	sc.v, sc.h, sc.tail = grow(sc.v, width), grow(sc.h, p.w.W), grow(sc.tail, nx)
	full := nx * ny
	for y := range p.w.H {
		sc.sums.next(sc.v)
		along(sc.h, sc.v, p.w.X-p.radius, nx, sc.tail)
		row, h := dst[y*p.w.W:(y+1)*p.w.W], sc.h
		rows := inside(y, p.radius, p.dy, p.w.H)
		edge := func(x int) { row[x] = lower(row[x], h[x], rows*inside(x, p.radius, abs(p.dx), p.w.W), full) }
		x := 0
		for ; x < min(p.radius, p.w.W); x++ {
			edge(x)
		}
		if end := p.w.W - p.radius; x < end && 2*rows*nx >= full {
			inv := 1 / float32(rows*nx)
			d, h := row[x:end], h[x:end]
			h = h[:len(d)]
			for i := range d {
				d[i] = min(d[i], float32(h[i]*inv))
			}
			x = end
		}
		for ; x < p.w.W; x++ {
			edge(x)
		}
	}
}

// contrastMissing is contrast where pixels are missing: it counts the pairs of each box.
func (sc *Scratch) contrastMissing(dst []float32, p pairs) {
	nx, ny, width := p.shape()
	sc.sums.start(p.w.Y-p.radius, ny, width, p.squaresMissing)
	sc.counts.start(p.w.Y-p.radius, ny, width, p.valid)
	sc.v, sc.h, sc.tail = grow(sc.v, width), grow(sc.h, p.w.W), grow(sc.tail, nx)
	sc.vc, sc.hc = grow(sc.vc, width), grow(sc.hc, p.w.W)
	for y := range p.w.H {
		sc.sums.next(sc.v)
		along(sc.h, sc.v, p.w.X-p.radius, nx, sc.tail)
		sc.counts.next(sc.vc)
		along(sc.hc, sc.vc, p.w.X-p.radius, nx, sc.tail)
		row := dst[y*p.w.W : (y+1)*p.w.W]
		for x := range row {
			row[x] = lower(row[x], sc.h[x], int(sc.hc[x]), nx*ny)
		}
	}
}

// lower returns the lesser of m and the mean of n pairs that sum to s; NaN when n is less than half of full, or m is NaN.
func lower(m, s float32, n, full int) float32 {
	if 2*n < full {
		return raster.NaN
	}
	inv := 1 / float32(n)
	return min(m, float32(s*inv))
}

// inside returns how many of the pairs of a box around position i, d apart in that axis, lie in [0, size).
func inside(i, radius, d, size int) int {
	return max(0, min(i+radius-d, size-d-1)-max(i-radius, 0)+1)
}

func abs(a int) int { return max(a, -a) }
