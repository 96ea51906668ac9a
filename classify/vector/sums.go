package vector

// Accumulate adds a to dst. Which NaN a NaN is, is left to the processor.
func Accumulate(dst, a []float32) { Sum(dst, dst, a) }

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

// Lower lowers dst to c·a where that is less; NaN where either is NaN, and −0 is less than 0, as Go's min has it.
func Lower(dst, a []float32, c float32) { against(dst, a, c, 8, lowerAVX2, lower) }

func lower(dst, a []float32, c float32) {
	a = a[:len(dst)]
	for i := range dst {
		v := min(dst[i], float32(a[i]*c))
		if v != v {
			v = NaN
		}
		dst[i] = v
	}
}
