package texture

import "math"

// Lowest and highest of lines work on ranks: whole numbers in the order of the floats, whose comparisons need no
// branch and no rule for NaN.

// missingRank is above the rank of every number.
const missingRank = math.MaxInt32

// rank returns the place of v in the order of float32, of −v when flip is −1; missingRank when v is not finite.
func rank(v float32, flip int32) int32 {
	if v-v != 0 {
		return missingRank
	}
	r := int32(math.Float32bits(v))
	return (r ^ r>>31&math.MaxInt32) ^ flip
}

// value returns the number whose rank, with the same flip, is r; NaN for missingRank.
func value(r, flip int32) float32 {
	r ^= flip
	return math.Float32frombits(uint32(r ^ r>>31&math.MaxInt32))
}

// lowest writes to dst[o] the least of v[o : o+n] by three comparisons for any n: a window is the end of one block of n and the
// beginning of the next (van Herk 1992, Gil and Werman 1993). len(v) is len(dst)+n−1; tail is scratch of n elements.
func lowest(dst, v []int32, n int, tail []int32) {
	for o := 0; o < len(dst); o += n {
		t := tail[:n]
		acc := int32(math.MaxInt32)
		for k := n - 1; k >= 0; k-- {
			acc = min(acc, v[o+k])
			t[k] = acc
		}
		d := dst[o:min(o+n, len(dst))]
		d[0] = t[0]
		d, t = d[1:], t[1:]
		e := v[o+n:]
		e, t = e[:len(d)], t[:len(d)]
		acc = math.MaxInt32
		for k := range d {
			acc = min(acc, e[k])
			d[k] = min(t[k], acc)
		}
	}
}

// highest is lowest with the greatest.
func highest(dst, v []int32, n int, tail []int32) {
	for o := 0; o < len(dst); o += n {
		t := tail[:n]
		acc := int32(math.MinInt32)
		for k := n - 1; k >= 0; k-- {
			acc = max(acc, v[o+k])
			t[k] = acc
		}
		d := dst[o:min(o+n, len(dst))]
		d[0] = t[0]
		d, t = d[1:], t[1:]
		e := v[o+n:]
		e, t = e[:len(d)], t[:len(d)]
		acc = math.MinInt32
		for k := range d {
			acc = max(acc, e[k])
			d[k] = max(t[k], acc)
		}
	}
}
