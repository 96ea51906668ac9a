package kernel

// bit is 1 for true; the compiler makes it a flag, not a jump.
func bit(b bool) uint8 {
	var v uint8
	if b {
		v = 1
	}
	return v
}

// The comparisons write True, False, or Unknown where an operand is NaN. In the plain loops that is
// 1 + (holds) − (its opposite holds): of a NaN, neither holds.

// Less writes whether a < b.
func Less(dst []uint8, a, b []float32) { pairwise(dst, a, b, 32, lessAVX2, less) }

func less(dst []uint8, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = 1 + bit(a[i] < b[i]) - bit(a[i] >= b[i])
	}
}

// LessEq writes whether a ≤ b.
func LessEq(dst []uint8, a, b []float32) { pairwise(dst, a, b, 32, lessEqAVX2, lessEq) }

func lessEq(dst []uint8, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = 1 + bit(a[i] <= b[i]) - bit(a[i] > b[i])
	}
}

// Equal writes whether a = b.
func Equal(dst []uint8, a, b []float32) { pairwise(dst, a, b, 32, equalAVX2, equal) }

func equal(dst []uint8, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = 1 + bit(a[i] == b[i]) - bit(a[i] < b[i]) - bit(a[i] > b[i])
	}
}

// LessConst writes whether a < c.
func LessConst(dst []uint8, a []float32, c float32) {
	against(dst, a, c, 32, lessConstAVX2, lessConst)
}

func lessConst(dst []uint8, a []float32, c float32) {
	a = a[:len(dst)]
	for i, v := range a {
		dst[i] = 1 + bit(v < c) - bit(v >= c)
	}
}

// LessEqConst writes whether a ≤ c.
func LessEqConst(dst []uint8, a []float32, c float32) {
	against(dst, a, c, 32, lessEqConstAVX2, lessEqConst)
}

func lessEqConst(dst []uint8, a []float32, c float32) {
	a = a[:len(dst)]
	for i, v := range a {
		dst[i] = 1 + bit(v <= c) - bit(v > c)
	}
}

// MoreConst writes whether a > c.
func MoreConst(dst []uint8, a []float32, c float32) {
	against(dst, a, c, 32, moreConstAVX2, moreConst)
}

func moreConst(dst []uint8, a []float32, c float32) {
	a = a[:len(dst)]
	for i, v := range a {
		dst[i] = 1 + bit(v > c) - bit(v <= c)
	}
}

// MoreEqConst writes whether a ≥ c.
func MoreEqConst(dst []uint8, a []float32, c float32) {
	against(dst, a, c, 32, moreEqConstAVX2, moreEqConst)
}

func moreEqConst(dst []uint8, a []float32, c float32) {
	a = a[:len(dst)]
	for i, v := range a {
		dst[i] = 1 + bit(v >= c) - bit(v < c)
	}
}

// EqualConst writes whether a = c.
func EqualConst(dst []uint8, a []float32, c float32) {
	against(dst, a, c, 32, equalConstAVX2, equalConst)
}

func equalConst(dst []uint8, a []float32, c float32) {
	a = a[:len(dst)]
	for i, v := range a {
		dst[i] = 1 + bit(v == c) - bit(v < c) - bit(v > c)
	}
}

// Known writes True where a is a number, False where it is NaN.
func Known(dst []uint8, a []float32) { single(dst, a, 32, knownAVX2, known) }

func known(dst []uint8, a []float32) {
	a = a[:len(dst)]
	for i, v := range a {
		dst[i] = True * bit(v == v)
	}
}
