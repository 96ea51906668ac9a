package bandmath

import "encoding/binary"

// The three truth values. In this coding "and" is the minimum, "or" the maximum, "not" is 2 − x.
const (
	isFalse uint8 = 0
	unknown uint8 = 1
	isTrue  uint8 = 2
)

// bit is 1 for true; the compiler makes it a flag, not a jump.
func bit(b bool) uint8 {
	var v uint8
	if b {
		v = 1
	}
	return v
}

// In the comparisons below, 1 + (holds) − (its opposite holds) is 2, 0, or 1 when an operand is NaN and neither does.

func less(dst []uint8, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = 1 + bit(a[i] < b[i]) - bit(a[i] >= b[i])
	}
}

func lessEq(dst []uint8, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = 1 + bit(a[i] <= b[i]) - bit(a[i] > b[i])
	}
}

func equal(dst []uint8, a, b []float32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = 1 + bit(a[i] == b[i]) - bit(a[i] < b[i]) - bit(a[i] > b[i])
	}
}

// judge compares a with a constant.
func judge(o op, dst []uint8, a []float32, c float32) {
	a = a[:len(dst)]
	switch o {
	case opLess:
		for i, v := range a {
			dst[i] = 1 + bit(v < c) - bit(v >= c)
		}
	case opLessEq:
		for i, v := range a {
			dst[i] = 1 + bit(v <= c) - bit(v > c)
		}
	case opMore:
		for i, v := range a {
			dst[i] = 1 + bit(v > c) - bit(v <= c)
		}
	case opMoreEq:
		for i, v := range a {
			dst[i] = 1 + bit(v >= c) - bit(v < c)
		}
	case opEqual:
		for i, v := range a {
			dst[i] = 1 + bit(v == c) - bit(v < c) - bit(v > c)
		}
	default:
		panic("bandmath: no comparison " + opNames[o])
	}
}

func known(dst []uint8, a []float32) {
	a = a[:len(dst)]
	for i, v := range a {
		dst[i] = 2 * bit(v == v)
	}
}

// Eight truth values are one word: every operation on them stays within its byte.
const (
	lows = 0x0101010101010101
	twos = 0x0202020202020202
)

func not(dst, a []uint8) {
	a = a[:len(dst)]
	i := 0
	for ; i+8 <= len(dst); i += 8 {
		binary.LittleEndian.PutUint64(dst[i:], twos-binary.LittleEndian.Uint64(a[i:]))
	}
	for ; i < len(dst); i++ {
		dst[i] = isTrue - a[i]
	}
}

// and writes the minimum of a and b and reports whether any of it is not false.
// The high bits are anded; a low bit is set where both operands have some bit but not both the high one.
func and(dst, a, b []uint8) bool {
	a, b = a[:len(dst)], b[:len(dst)]
	var some uint64
	i := 0
	for ; i+8 <= len(dst); i += 8 {
		x, y := binary.LittleEndian.Uint64(a[i:]), binary.LittleEndian.Uint64(b[i:])
		r := x&y | (x&(y>>1)|(x>>1)&y)&lows
		some |= r
		binary.LittleEndian.PutUint64(dst[i:], r)
	}
	for ; i < len(dst); i++ {
		dst[i] = min(a[i], b[i])
		some |= uint64(dst[i])
	}
	return some != 0
}

// or writes the maximum of a and b and reports whether any of it is not true.
// All bits are ored; then a low bit goes where the high one is set.
func or(dst, a, b []uint8) bool {
	a, b = a[:len(dst)], b[:len(dst)]
	every := uint64(twos)
	i := 0
	for ; i+8 <= len(dst); i += 8 {
		x := binary.LittleEndian.Uint64(a[i:]) | binary.LittleEndian.Uint64(b[i:])
		r := x &^ (x >> 1 & lows)
		every &= r
		binary.LittleEndian.PutUint64(dst[i:], r)
	}
	for ; i < len(dst); i++ {
		dst[i] = max(a[i], b[i])
		every &= uint64(dst[i]) * lows
	}
	return every != twos
}

// anyNot reports whether some element of a is not k.
func anyNot(a []uint8, k uint8) bool {
	word := uint64(k) * lows
	i := 0
	for ; i+8 <= len(a); i += 8 {
		if binary.LittleEndian.Uint64(a[i:]) != word {
			return true
		}
	}
	for ; i < len(a); i++ {
		if a[i] != k {
			return true
		}
	}
	return false
}

// decide takes a where c is true, b where it is false; unknown where it is unknown.
func decide(dst, c, a, b []uint8) {
	a, b, c = a[:len(dst)], b[:len(dst)], c[:len(dst)]
	for i := range dst {
		switch c[i] {
		case isTrue:
			dst[i] = a[i]
		case isFalse:
			dst[i] = b[i]
		default:
			dst[i] = unknown
		}
	}
}

func fill[T any](dst []T, v T) {
	for i := range dst {
		dst[i] = v
	}
}
