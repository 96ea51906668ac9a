package kernel

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Assembly and plain loops agree, also where dst is an operand.
func TestSums(t *testing.T) {
	for name, c := range map[string]struct{ fast, plain func(dst, a, b []float32) }{
		"sum":     {Sum, sum},
		"squares": {Squares, squares},
	} {
		t.Run(name, func(t *testing.T) { agreeOnFloats(t, c.fast, c.plain, true) })
	}
}

// agreeOnFloats compares two functions of two rows, into a row of its own and into each of the operands.
func agreeOnFloats(t *testing.T, fast, plain func(dst, a, b []float32), anyNaN bool) {
	t.Helper()
	trials(t, func(t *testing.T, r *rand.Rand, n int) {
		a, b := drawFloats(r, n), drawFloats(r, n)
		want := make([]float32, n)
		plain(want, a, b)
		got, untouched := guarded[float32](n)
		fast(got, a, b)
		sameBits(t, "apart", got, want, anyNaN)
		if err := untouched(); err != nil {
			t.Fatal(err)
		}
		into := slices.Clone(a)
		fast(into, into, b)
		sameBits(t, "into the left operand", into, want, anyNaN)
		into = slices.Clone(b)
		fast(into, a, into)
		sameBits(t, "into the right operand", into, want, anyNaN)
	})
}
