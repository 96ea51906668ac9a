package bandmath

import (
	"math"

	"tuban/classify/kernel"
)

// The three truth values: "and" is the minimum, "or" the maximum, "not" is 2 − x.
const (
	isFalse = kernel.False
	unknown = kernel.Unknown
	isTrue  = kernel.True
)

// nan is the one NaN that results carry.
var nan = kernel.NaN

// compute runs the value operation o on rows; b is not used by operations of one operand.
func compute(o op, dst, a, b []float32) {
	switch o {
	case opAdd:
		kernel.Add(dst, a, b)
	case opSub:
		kernel.Sub(dst, a, b)
	case opMul:
		kernel.Mul(dst, a, b)
	case opDiv:
		kernel.Div(dst, a, b)
	case opContrast:
		kernel.Contrast(dst, a, b)
	case opPow:
		pow(dst, a, b)
	case opMin:
		kernel.Min(dst, a, b)
	case opMax:
		kernel.Max(dst, a, b)
	case opAbs:
		kernel.Abs(dst, a)
	case opSqrt:
		kernel.Sqrt(dst, a)
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
		kernel.AddConst(dst, a, c)
	case opSub:
		kernel.AddConst(dst, a, -c)
	case opMul:
		kernel.MulConst(dst, a, c)
	case opDiv:
		kernel.DivConst(dst, a, c)
	default:
		return false
	}
	return true
}

// compare runs the comparison o on rows.
func compare(o op, dst []uint8, a, b []float32) {
	switch o {
	case opLess:
		kernel.Less(dst, a, b)
	case opLessEq:
		kernel.LessEq(dst, a, b)
	case opEqual:
		kernel.Equal(dst, a, b)
	default:
		panic("bandmath: no comparison " + opNames[o])
	}
}

// judge compares a with a constant.
func judge(o op, dst []uint8, a []float32, c float32) {
	switch o {
	case opLess:
		kernel.LessConst(dst, a, c)
	case opLessEq:
		kernel.LessEqConst(dst, a, c)
	case opMore:
		kernel.MoreConst(dst, a, c)
	case opMoreEq:
		kernel.MoreEqConst(dst, a, c)
	case opEqual:
		kernel.EqualConst(dst, a, c)
	default:
		panic("bandmath: no comparison " + opNames[o])
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
			r = float32(kernel.Finite(float32(x*x)) * x)
		case y == 0.5:
			r = float32(math.Sqrt(float64(x)))
		default:
			r = float32(math.Pow(float64(x), float64(y)))
		}
		dst[i] = kernel.Finite(r)
	}
}

func log(dst, a []float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = kernel.Finite(float32(math.Log(float64(a[i]))))
	}
}

func exp(dst, a []float32) {
	a = a[:len(dst)]
	for i := range dst {
		dst[i] = kernel.Finite(float32(math.Exp(float64(a[i]))))
	}
}
