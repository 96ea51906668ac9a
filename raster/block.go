package raster

import "math"

// Block is pixels that know where they lie: float32 planes over one window of a grid, row-major, NaN = no data.
type Block struct {
	Window
	Planes [][]float32
}

// NewBlock returns a Block of n planes over w, all no data.
func NewBlock(w Window, n int) *Block {
	b := &Block{Window: w, Planes: make([][]float32, n)}
	for i := range b.Planes {
		b.Planes[i] = make([]float32, w.Pixels())
		Fill(b.Planes[i], NaN)
	}
	return b
}

// Reset makes b cover w with n planes of unspecified content, reusing its memory where it suffices.
func (b *Block) Reset(w Window, n int) {
	b.Window = w
	size := int(w.Pixels())
	if cap(b.Planes) < n {
		b.Planes = append(b.Planes[:cap(b.Planes)], make([][]float32, n-cap(b.Planes))...)
	}
	b.Planes = b.Planes[:n]
	for i, p := range b.Planes {
		if cap(p) < size {
			p = make([]float32, size)
		}
		b.Planes[i] = p[:size]
	}
}

// Row returns row y of plane p, y counted in the grid.
func (b *Block) Row(p, y int) []float32 {
	o := (y - b.Y) * b.W
	return b.Planes[p][o : o+b.W]
}

// NaN is the value of a pixel without data.
var NaN = float32(math.NaN())

// fillBlock is how many elements Fill copies at a time: few enough to stay in the cache next to the core.
const fillBlock = 4096

// Fill sets every element of dst to v. After the first few it copies what is set: copy moves whole vectors, four times
// as fast as a loop for a row and twice for planes beyond the caches.
func Fill[T any](dst []T, v T) {
	n := min(len(dst), 16)
	for i := range dst[:n] {
		dst[i] = v
	}
	for n < len(dst) {
		n += copy(dst[n:], dst[:min(n, fillBlock)])
	}
}
