package texture

import (
	"fmt"

	"tuban/classify/kernel"
	"tuban/raster"
)

// Scratch holds what the textures need beside their input, to be reused from tile to tile.
// The zero value is ready; it must not be shared by goroutines.
type Scratch struct {
	pairs          pairs
	sums, counts   boxes     // squared differences; valid pairs
	boxed, numbers []float32 // what both say of a strip
	least          []float32 // strips of the lowest contrast so far
	rows           []float32 // a strip as rows

	plane           plane
	values, squares columns[float64]
	valid           columns[float32] // pixels
	v, tail, h      []float32        // a row of column sums of counts, its scratch, and box sums
	v64, h1, h2     []float64        // the same of values and squares
	tail64          []float64

	ranks, lows, opened, ends []int32   // lines of MBI and MSI with margins, their erosion and opening
	diff, removed             []float32 // what the openings of a line and of a bundle of lines differ by
	read, made                []float32 // what lines need around a part, and their result
}

// In writes to dst, at the pixels in part, what the function of that kind writes there: the same bits. The rest of dst stays as
// it is. dst and src are row-major over w, in which part lies.
//
// It costs what part costs, and its halo; so a caller who knows where a texture matters asks for no more.
// In panics when a slice does not have w's size, part is not in w, or s.Check refuses s.
func In(kind Kind, dst, src []float32, w, part raster.Window, s Size, sc *Scratch) {
	if n := w.Pixels(); int64(len(dst)) != n || int64(len(src)) != n {
		panic(fmt.Sprintf("texture: %s of %d into %d values for a window of %d", kind, len(src), len(dst), n))
	}
	if !w.Contains(part) {
		panic(fmt.Sprintf("texture: %s of %v, which is not in %v", kind, part, w))
	}
	if err := s.Check(kind); err != nil {
		panic("texture: " + err.Error())
	}
	if part.Empty() {
		return
	}
	if sc == nil {
		sc = new(Scratch)
	}
	switch kind {
	case KindPanTex:
		sc.panTex(dst, src, w, part, s)
	case KindDeviation:
		sc.deviation(dst, src, w, part, s)
	case KindMean:
		sc.mean(dst, src, w, part, s)
	case KindMBI:
		sc.structureIn(dst, src, w, part, s, 0)
	case KindMSI:
		sc.structureIn(dst, src, w, part, s, -1)
	}
}

// within reports whether all pixels in part are there, and within ±limit. src is row-major over w.
func within(src []float32, w, part raster.Window, limit float32) bool {
	for y := part.Y; y < part.Y+part.H; y++ {
		if !kernel.Within(src[(y-w.Y)*w.W+part.X-w.X:][:part.W], limit) {
			return false
		}
	}
	return true
}
