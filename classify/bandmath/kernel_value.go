package bandmath

import "math"

// nan is the one NaN that results carry: payload and sign of a computed NaN differ between processors.
var nan = math.Float32frombits(0x7fc00000)

const exponent = 0x7f800000 // all set: not finite

// finite returns r, or NaN when r is infinite. The test is on bits so that it costs one well predicted branch.
func finite(r float32) float32 {
	if math.Float32bits(r)&exponent == exponent {
		return nan
	}
	return r
}

// In the loops below all slices have the length of dst, which may be one of the operands.
// The conversions to float32 forbid the compiler to fuse a product into a sum.

func add(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = finite(float32(a[i] + b[i]))
	}
}

func addConst(dst, a []float32, c float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = finite(float32(a[i] + c))
	}
}

func sub(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = finite(float32(a[i] - b[i]))
	}
}

func mul(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = finite(float32(a[i] * b[i]))
	}
}

func mulConst(dst, a []float32, c float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = finite(float32(a[i] * c))
	}
}

func div(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = finite(float32(a[i] / b[i]))
	}
}

func divConst(dst, a []float32, c float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = finite(float32(a[i] / c))
	}
}

// contrast is (a − b) / (a + b) in one pass. A sum that overflows would turn the quotient into 0, so it is tested too.
func contrast(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		s := float32(a[i] + b[i])
		r := float32(float32(a[i]-b[i]) / s)
		if math.Float32bits(r)&exponent == exponent || math.Float32bits(s)&exponent == exponent {
			r = nan
		}
		dst[i] = r
	}
}

// pow has NaN for a NaN operand even where the power does not depend on it (x⁰, 1ʸ): missing stays missing.
// The exponents 2, 3 and ½ are products and a root, so that a constant exponent may be compiled to those.
func pow(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		x, y := a[i], b[i]
		var r float32
		switch {
		case x != x || y != y:
			r = nan
		case y == 2:
			r = float32(x * x)
		case y == 3:
			r = float32(finite(float32(x*x)) * x)
		case y == 0.5:
			r = float32(math.Sqrt(float64(x)))
		default:
			r = float32(math.Pow(float64(x), float64(y)))
		}
		dst[i] = finite(r)
	}
}

func minimum(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = finite(min(a[i], b[i]))
	}
}

func maximum(dst, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = finite(max(a[i], b[i]))
	}
}

func abs(dst, a []float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = finite(math.Float32frombits(math.Float32bits(a[i]) &^ (1 << 31)))
	}
}

func sqrt(dst, a []float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = finite(float32(math.Sqrt(float64(a[i]))))
	}
}

func log(dst, a []float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = finite(float32(math.Log(float64(a[i]))))
	}
}

func exp(dst, a []float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = finite(float32(math.Exp(float64(a[i]))))
	}
}

// choose takes a where c is true, b where it is false, NaN where it is unknown.
func choose(dst []float32, c []uint8, a, b []float32) {
	a, b, c = a[:len(dst)], b[:len(dst)], c[:len(dst)]
	for i := range dst {
		switch c[i] {
		case isTrue:
			dst[i] = a[i]
		case isFalse:
			dst[i] = b[i]
		default:
			dst[i] = nan
		}
	}
}

// compute runs the value operation o on vectors; b is not used by operations of one operand.
func compute(o op, dst, a, b []float32) {
	switch o {
	case opAdd:
		add(dst, a, b)
	case opSub:
		sub(dst, a, b)
	case opMul:
		mul(dst, a, b)
	case opDiv:
		div(dst, a, b)
	case opContrast:
		contrast(dst, a, b)
	case opPow:
		pow(dst, a, b)
	case opMin:
		minimum(dst, a, b)
	case opMax:
		maximum(dst, a, b)
	case opAbs:
		abs(dst, a)
	case opSqrt:
		sqrt(dst, a)
	case opLog:
		log(dst, a)
	case opExp:
		exp(dst, a)
	default:
		panic("bandmath: no value operation " + opNames[o])
	}
}

// computeConst runs o with a constant on the right, where there is a loop for that.
func computeConst(o op, dst, a []float32, c float32) bool {
	switch o {
	case opAdd:
		addConst(dst, a, c)
	case opSub:
		addConst(dst, a, -c)
	case opMul:
		mulConst(dst, a, c)
	case opDiv:
		divConst(dst, a, c)
	default:
		return false
	}
	return true
}
