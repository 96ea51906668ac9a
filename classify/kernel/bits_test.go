package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// odd are bit patterns of each class of float32, and neighbours that an operation could confuse.
var odd = []uint32{
	0x00000000, 0x80000000, // zeros
	0x00000001, 0x80000001, 0x007fffff, 0x807fffff, // denormals
	0x00800000, 0x80800000, // the least normal ones
	0x3f800000, 0xbf800000, 0x40000000, 0x3f000000, 0x3f7fffff, 0x3f800001,
	0x7f7fffff, 0xff7fffff, // the greatest
	0x7f800000, 0xff800000, // infinities
	0x7fc00000, 0xffc00000, 0x7f800001, 0xffbfffff, 0x7fffffff, // NaNs, quiet and signalling
}

// drawFloats returns n floats at an odd address: of all classes, of arbitrary bits, or pixels as they usually are.
func drawFloats(r *rand.Rand, n int) []float32 {
	skip := r.IntN(9)
	s := make([]float32, skip+n)[skip:]
	kind := r.IntN(4)
	for i := range s {
		switch {
		case kind == 0 || kind == 3 && r.IntN(8) == 0:
			s[i] = math.Float32frombits(odd[r.IntN(len(odd))])
		case kind == 1:
			s[i] = math.Float32frombits(r.Uint32())
		default:
			s[i] = float32(r.IntN(4096)) / 256
		}
	}
	return s
}

// trials calls f with rows of every length up to beyond two iterations of the widest loop, and longer ones.
func trials(t *testing.T, f func(t *testing.T, r *rand.Rand, n int)) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 300 {
		f(t, r, n)
	}
	for range 300 {
		f(t, r, r.IntN(3000))
	}
}

// sameBits compares bit for bit; where anyNaN is set, one NaN is as good as another.
func sameBits(t *testing.T, what string, got, want []float32, anyNaN bool) {
	t.Helper()
	for i := range want {
		g, w := math.Float32bits(got[i]), math.Float32bits(want[i])
		if g != w && !(anyNaN && got[i] != got[i] && want[i] != want[i]) {
			t.Fatalf("%s: element %d of %d is %#08x, want %#08x", what, i, len(want), g, w)
		}
	}
}

// guarded returns a row of n elements between two that must not be written, and a function that says whether they were.
func guarded[T float32 | uint8](n int) (dst []T, untouched func() error) {
	all := make([]T, n+2)
	all[0], all[n+1] = 77, 77
	return all[1 : n+1 : n+1], func() error {
		if all[0] != 77 || all[n+1] != 77 {
			return fmt.Errorf("wrote beyond %d elements", n)
		}
		return nil
	}
}
