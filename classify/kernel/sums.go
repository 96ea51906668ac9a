package kernel

// Sum writes a + b to dst. Which NaN a NaN is, is left to the processor.
func Sum(dst, a, b []float32) { pairwise(dst, a, b, 8, sumAVX2, sum) }

func sum(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = a[i] + b[i]
	}
}

// Squares writes (a − b)² to dst. Which NaN a NaN is, is left to the processor.
func Squares(dst, a, b []float32) { pairwise(dst, a, b, 8, squaresAVX2, squares) }

func squares(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		d := float32(a[i] - b[i])
		dst[i] = float32(d * d)
	}
}
