package vector

import "math"

// nan is the one NaN that results carry: payload and sign of a computed NaN differ between processors.
var nan = math.Float32frombits(0x7fc00000)

// The conversions to float32 forbid the compiler to fuse a product into a sum.

// Accumulate adds a to dst. Which NaN a NaN is, is left to the processor.
func Accumulate(dst, a []float32) { Sum(dst, dst, a) }

// Sum writes a + b to dst. Which NaN a NaN is, is left to the processor.
func Sum(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	n := wide(len(dst), 8)
	if n > 0 {
		sumAVX2(dst[:n], a, b)
	}
	sum(dst[n:], a[n:], b[n:])
}

func sum(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] + b[i]
	}
}

// Squares writes (a − b)² to dst. Which NaN a NaN is, is left to the processor.
func Squares(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	n := wide(len(dst), 8)
	if n > 0 {
		squaresAVX2(dst[:n], a, b)
	}
	squares(dst[n:], a[n:], b[n:])
}

func squares(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		d := float32(a[i] - b[i])
		dst[i] = float32(d * d)
	}
}

// Lower lowers dst to c·a where that is less; NaN where either is NaN, and −0 is less than 0, as Go's min has it.
func Lower(dst, a []float32, c float32) {
	a = a[:len(dst)]
	n := wide(len(dst), 8)
	if n > 0 {
		lowerAVX2(dst[:n], a, c)
	}
	lower(dst[n:], a[n:], c)
}

func lower(dst, a []float32, c float32) {
	a = a[:len(dst)]
	for i := range dst {
		v := min(dst[i], float32(a[i]*c))
		if v != v {
			v = nan
		}
		dst[i] = v
	}
}
