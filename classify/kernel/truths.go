package kernel

import "encoding/binary"

// The three truth values. In this coding "and" is the minimum, "or" the maximum, "not" is 2 − x.
const (
	False   uint8 = 0
	Unknown uint8 = 1
	True    uint8 = 2
)

// In the plain loops, eight truth values are one word: every operation on them stays within its byte.
const (
	lows = 0x0101010101010101
	twos = 0x0202020202020202
)

// Not writes True where a is False, False where it is True, Unknown where it is Unknown.
func Not(dst, a []uint8) { single(dst, a, 32, notAVX2, not) }

func not(dst, a []uint8) {
	i := 0
	for ; i+8 <= len(dst); i += 8 {
		binary.LittleEndian.PutUint64(dst[i:], twos-binary.LittleEndian.Uint64(a[i:]))
	}
	for ; i < len(dst); i++ {
		dst[i] = True - a[i]
	}
}

// And writes the minimum of a and b and reports whether any of it is not False.
func And(dst, a, b []uint8) bool {
	a, b = a[:len(dst)], b[:len(dst)]
	n := wide(len(dst), 32)
	some := n > 0 && andAVX2(dst[:n], a, b)
	return and(dst[n:], a[n:], b[n:]) || some
}

// The high bits are anded; a low bit is set where both operands have some bit but not both the high one.
func and(dst, a, b []uint8) bool {
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

// Or writes the maximum of a and b and reports whether any of it is not True.
func Or(dst, a, b []uint8) bool {
	a, b = a[:len(dst)], b[:len(dst)]
	n := wide(len(dst), 32)
	some := n > 0 && orAVX2(dst[:n], a, b)
	return or(dst[n:], a[n:], b[n:]) || some
}

// All bits are ored; then a low bit goes where the high one is set.
func or(dst, a, b []uint8) bool {
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

// AnyNot reports whether some element of a is not k.
func AnyNot(a []uint8, k uint8) bool {
	n := wide(len(a), 32)
	return n > 0 && anyNotAVX2(a[:n], k) || anyNot(a[n:], k)
}

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
