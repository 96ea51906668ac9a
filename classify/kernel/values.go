package kernel

import "math"

// NaN is the one that results carry: payload and sign of a computed NaN differ between processors.
var NaN = math.Float32frombits(0x7fc00000)

const exponent = 0x7f800000 // all set: not finite

// Finite returns r, or NaN when r is infinite or NaN: always the same NaN, because payload and sign of a computed one
// differ between processors. The test is on bits so that it costs one well predicted branch.
func Finite(r float32) float32 {
	if math.Float32bits(r)&exponent == exponent {
		return NaN
	}
	return r
}

// The functions below write Finite of what they compute. The conversions to float32 forbid the compiler to fuse a
// product into a sum.

// Add writes a + b to dst.
func Add(dst, a, b []float32) { pairwise(dst, a, b, 8, addAVX2, add) }

func add(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = Finite(float32(a[i] + b[i]))
	}
}

// AddConst writes a + c to dst.
func AddConst(dst, a []float32, c float32) { against(dst, a, c, 8, addConstAVX2, addConst) }

func addConst(dst, a []float32, c float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = Finite(float32(a[i] + c))
	}
}

// Sub writes a − b to dst.
func Sub(dst, a, b []float32) { pairwise(dst, a, b, 8, subAVX2, sub) }

func sub(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = Finite(float32(a[i] - b[i]))
	}
}

// Mul writes a·b to dst.
func Mul(dst, a, b []float32) { pairwise(dst, a, b, 8, mulAVX2, mul) }

func mul(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = Finite(float32(a[i] * b[i]))
	}
}

// MulConst writes a·c to dst.
func MulConst(dst, a []float32, c float32) { against(dst, a, c, 8, mulConstAVX2, mulConst) }

func mulConst(dst, a []float32, c float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = Finite(float32(a[i] * c))
	}
}

// Div writes a/b to dst.
func Div(dst, a, b []float32) { pairwise(dst, a, b, 8, divAVX2, div) }

func div(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = Finite(float32(a[i] / b[i]))
	}
}

// DivConst writes a/c to dst.
func DivConst(dst, a []float32, c float32) { against(dst, a, c, 8, divConstAVX2, divConst) }

func divConst(dst, a []float32, c float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = Finite(float32(a[i] / c))
	}
}

// Contrast writes (a − b) / (a + b) to dst, in one pass.
// A sum that overflows would turn the quotient into 0, so NaN is written there too.
func Contrast(dst, a, b []float32) { pairwise(dst, a, b, 8, contrastAVX2, contrast) }

func contrast(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		s := float32(a[i] + b[i])
		r := float32(float32(a[i]-b[i]) / s)
		if math.Float32bits(r)&exponent == exponent || math.Float32bits(s)&exponent == exponent {
			r = NaN
		}
		dst[i] = r
	}
}

// Min writes the lesser of a and b to dst, NaN where either is NaN; −0 is less than 0.
func Min(dst, a, b []float32) { pairwise(dst, a, b, 8, minimumAVX2, minimum) }

func minimum(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = Finite(min(a[i], b[i]))
	}
}

// Max writes the greater of a and b to dst, NaN where either is NaN; 0 is greater than −0.
func Max(dst, a, b []float32) { pairwise(dst, a, b, 8, maximumAVX2, maximum) }

func maximum(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = Finite(max(a[i], b[i]))
	}
}

// Abs writes the magnitude of a to dst.
func Abs(dst, a []float32) { single(dst, a, 8, absAVX2, abs) }

func abs(dst, a []float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = Finite(math.Float32frombits(math.Float32bits(a[i]) &^ (1 << 31)))
	}
}

// Sqrt writes the square root of a to dst, NaN where a < 0.
func Sqrt(dst, a []float32) { single(dst, a, 8, sqrtAVX2, sqrt) }

func sqrt(dst, a []float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = Finite(float32(math.Sqrt(float64(a[i]))))
	}
}
