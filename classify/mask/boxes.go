package mask

import (
	"math"

	"tuban/raster"
)

// missing is a cell without value: whatever fits, to minima.
const missing = math.MaxInt32

// boxes computes over square windows of whole numbers on a plane of w × h; what lies outside is missing.
type boxes struct {
	w, h int
	row  []int32
	tall []int32
}

// strip is how many columns are gone down at a time: they stay in the processor's cache while they are doubled.
const strip = 128

// least writes the least of src within r of each cell. A window of n is the union of two windows of a power of two,
// each doubled from smaller ones (dst may be src).
func (b *boxes) least(dst, src []int32, r int) {
	n := 2*r + 1
	b.row = grow(b.row, b.w+2*r)
	for y := range b.h {
		raster.Fill(b.row[:r], missing)
		raster.Fill(b.row[r+b.w:], missing)
		copy(b.row[r:], src[y*b.w:(y+1)*b.w])
		double(b.row, n, 1)
		copy(dst[y*b.w:(y+1)*b.w], b.row)
	}
	for x := 0; x < b.w; x += strip {
		w := min(strip, b.w-x)
		b.tall = grow(b.tall, (b.h+2*r)*w)
		raster.Fill(b.tall[:r*w], missing)
		raster.Fill(b.tall[(r+b.h)*w:], missing)
		for y := range b.h {
			copy(b.tall[(r+y)*w:][:w], dst[y*b.w+x:])
		}
		double(b.tall, n, w)
		for y := range b.h {
			copy(dst[y*b.w+x:][:w], b.tall[y*w:])
		}
	}
}

// double replaces each of v by the least of itself and the n−1 that follow it at the given stride, where all of them are in v.
func double(v []int32, n, stride int) {
	lower := func(s int) {
		a, b := v[:len(v)-s*stride], v[s*stride:]
		b = b[:len(a)]
		for i := range a {
			a[i] = min(a[i], b[i])
		}
	}
	s := 1
	for ; 2*s <= n; s *= 2 {
		lower(s)
	}
	if s < n {
		lower(n - s)
	}
}

// greatest writes the greatest of src within r of each cell that is not missing; missing where there is none.
func (b *boxes) greatest(dst, src []int32, r int) {
	for i, v := range src {
		if v != missing {
			v = -v
		}
		dst[i] = v
	}
	b.least(dst, dst, r)
	for i, v := range dst {
		if v != missing {
			dst[i] = -v
		}
	}
}

// count replaces v by its sum within r of each cell.
func (b *boxes) count(v []int32, r int) {
	b.tall = grow(b.tall, (b.w+1)*(b.h+1))
	sums, stride := b.tall, b.w+1
	clear(sums[:stride])
	for y := range b.h {
		above, row := sums[y*stride:(y+1)*stride], sums[(y+1)*stride:(y+2)*stride]
		acc := int32(0)
		row[0] = 0
		for x, e := range v[y*b.w : (y+1)*b.w] {
			acc += e
			row[x+1] = above[x+1] + acc
		}
	}
	for y := range b.h {
		top, bottom := sums[max(0, y-r)*stride:], sums[min(b.h, y+r+1)*stride:]
		for x := range b.w {
			x0, x1 := max(0, x-r), min(b.w, x+r+1)
			v[y*b.w+x] = bottom[x1] - bottom[x0] - top[x1] + top[x0]
		}
	}
}

// grow returns s with length n and unspecified content, in the same memory where that suffices.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
