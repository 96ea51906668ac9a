package texture

import (
	"math"

	"tuban/classify/kernel"
	"tuban/raster"
)

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
	In(KindPanTex, dst, src, w, w, s, sc)
}

const (
	// panTexRows and panTexColumns are how much of an image goes through all displacements at once: what that takes stays
	// in the cache of a processor, the sums that every block begins anew cost little, and pixels are only counted near
	// missing ones.
	panTexRows    = 192
	panTexColumns = 256
)

func (sc *Scratch) panTex(dst, src []float32, w, part raster.Window, s Size) {
	for y := 0; y < part.H; y += panTexRows {
		for x := 0; x < part.W; x += panTexColumns {
			b := raster.Window{X: part.X + x, Y: part.Y + y, W: min(panTexColumns, part.W-x), H: min(panTexRows, part.H-y)}
			sc.panTexBlock(dst, src, w, b, s)
		}
	}
}

// panTexBlock is panTex for one block. Its rows lie in strips, so that the sums along them take many rows at a time.
func (sc *Scratch) panTexBlock(dst, src []float32, w, b raster.Window, s Size) {
	const lanes = kernel.Lanes
	missing := !within(src, w, b.Grow(s.Radius).Intersect(w), largest)
	strips := (b.H + lanes - 1) / lanes
	sc.least = grow(sc.least, strips*lanes*b.W)
	raster.Fill(sc.least, float32(math.Inf(1)))
	for _, d := range vectors {
		sc.pairs = pairs{src: src, w: w, b: b, radius: s.Radius, dy: d[0] * s.Step, dx: d[1] * s.Step}
		sc.contrast(missing)
	}
	sc.rows = grow(sc.rows, lanes*b.W)
	for y := 0; y < b.H; y += lanes {
		kernel.Separate(sc.rows, b.W, sc.least[y*b.W:][:lanes*b.W], b.W)
		for l := range min(lanes, b.H-y) {
			copy(dst[(b.Y-w.Y+y+l)*w.W+b.X-w.X:], sc.rows[l*b.W:][:b.W])
		}
	}
}

// contrast lowers sc.least to the contrast of sc.pairs where that is less.
// How many pairs a box has is known from where it is clipped, unless pixels are missing.
func (sc *Scratch) contrast(missing bool) {
	const lanes = kernel.Lanes
	p := &sc.pairs
	nx, ny, width := p.shape()
	x, y := p.b.X-p.radius, p.b.Y-p.radius
	if missing {
		sc.sums.start(x, y, nx, ny, width, (*finiteSquares)(p))
		sc.counts.start(x, y, nx, ny, width, (*finitePairs)(p))
	} else {
		sc.sums.start(x, y, nx, ny, width, (*squares)(p))
	}
	inverse := 1 / float32(nx*ny)
	// Columns at which no box is clipped.
	from := min(max(0, p.w.X-x), p.b.W)
	to := max(from, min(p.b.W, p.w.X+p.w.W-p.radius-p.b.X))
	for y := 0; y < p.b.H; y += lanes {
		n := min(lanes, p.b.H-y)
		least := sc.least[y*p.b.W:][:lanes*p.b.W]
		sc.sums.next(n)
		if missing {
			sc.counts.next(n)
			sc.counts.sums(sc.number(), 0, p.b.W)
			sc.means(least, 0, p.b.W)
			continue
		}
		reach := raster.Window{X: p.w.X, Y: p.b.Y + y - p.radius, W: 1, H: n + 2*p.radius}
		if !p.w.Contains(reach) {
			sc.clipped(y, 0, p.b.W)
			sc.means(least, 0, p.b.W)
			continue
		}
		sc.clipped(y, 0, from)
		sc.means(least, 0, from)
		sc.sums.lower(least, from, to, inverse)
		sc.clipped(y, to, p.b.W)
		sc.means(least, to, p.b.W)
	}
}

// number returns the places of the numbers of pairs in the boxes of a strip.
func (sc *Scratch) number() []float32 {
	sc.numbers = grow(sc.numbers, kernel.Lanes*sc.pairs.b.W)
	return sc.numbers
}

// clipped writes how many pairs the boxes from … to of the strip from row y of the block on have in the image.
func (sc *Scratch) clipped(y, from, to int) {
	const lanes = kernel.Lanes
	p, number := &sc.pairs, sc.number()
	if from == to {
		return
	}
	var rows [lanes]float32
	for l := range rows {
		rows[l] = float32(inside(p.b.Y+y+l-p.w.Y, p.radius, p.dy, p.w.H))
	}
	for x := from; x < to; x++ {
		columns := float32(inside(p.b.X+x-p.w.X, p.radius, abs(p.dx), p.w.W))
		strip := number[x*lanes:][:lanes]
		for l, r := range rows {
			strip[l] = float32(r * columns)
		}
	}
}

// means lowers least to the means of the boxes from … to, by their sums and their numbers of pairs.
func (sc *Scratch) means(least []float32, from, to int) {
	const lanes = kernel.Lanes
	if from == to {
		return
	}
	nx, ny, _ := sc.pairs.shape()
	sc.boxed = grow(sc.boxed, lanes*sc.pairs.b.W)
	sc.sums.sums(sc.boxed, from, to)
	half := float32((nx*ny + 1) / 2)
	from, to = from*lanes, to*lanes
	kernel.LowerMeans(least[from:to], sc.boxed[from:to], sc.numbers[from:to], half)
}
