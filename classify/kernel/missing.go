package kernel

// Rows of which some elements are missing: NaN, infinite, or so large that a square is.

// FiniteSquares writes (a − b)² to dst, 0 where that is not finite.
func FiniteSquares(dst, a, b []float32) { pairwise(dst, a, b, 8, finiteSquaresAVX2, finiteSquares) }

func finiteSquares(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		d := float32(a[i] - b[i])
		d = float32(d * d)
		if d-d != 0 {
			d = 0
		}
		dst[i] = d
	}
}

// FinitePairs writes 1 to dst where (a − b)² is finite, else 0.
func FinitePairs(dst, a, b []float32) { pairwise(dst, a, b, 8, finitePairsAVX2, finitePairs) }

func finitePairs(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		d := float32(a[i] - b[i])
		d = float32(d * d)
		dst[i] = 0
		if d-d == 0 {
			dst[i] = 1
		}
	}
}

// LowerMeans lowers dst to the mean of counts elements that add up to sums, where that is less; NaN where counts is less
// than least, or anything is NaN.
func LowerMeans(dst, sums, counts []float32, least float32) {
	sums, counts = sums[:len(dst)], counts[:len(dst)]
	n := wide(len(dst), 8)
	if n > 0 {
		lowerMeansAVX2(dst[:n], sums, counts, least)
	}
	lowerMeans(dst[n:], sums[n:], counts[n:], least)
}

func lowerMeans(dst, sums, counts []float32, least float32) {
	sums, counts = sums[:len(dst)], counts[:len(dst)]
	for i := range dst {
		inverse := 1 / counts[i]
		v := min(dst[i], float32(sums[i]*inverse))
		if !(counts[i] >= least) || v != v {
			v = NaN
		}
		dst[i] = v
	}
}

// Within reports whether all of a are within ±limit, and none is NaN.
func Within(a []float32, limit float32) bool {
	n := wide(len(a), 8)
	if n > 0 && beyondAVX2(a[:n], limit) != 0 {
		return false
	}
	return within(a[n:], limit)
}

func within(a []float32, limit float32) bool {
	for _, v := range a {
		if !(v <= limit && v >= -limit) {
			return false
		}
	}
	return true
}
