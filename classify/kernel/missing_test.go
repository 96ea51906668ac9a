package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestFinite(t *testing.T) {
	t.Run("squares", func(t *testing.T) { agreeOnFloats(t, FiniteSquares, finiteSquares, false) })
	t.Run("pairs", func(t *testing.T) { agreeOnFloats(t, FinitePairs, finitePairs, false) })
}

func TestLowerMeans(t *testing.T) {
	trials(t, func(t *testing.T, r *rand.Rand, n int) {
		want, sums, counts := magnitudes(drawFloats(r, n)), magnitudes(drawFloats(r, n)), magnitudes(drawFloats(r, n))
		for _, s := range [][]float32{want, sums, counts} {
			if n > 0 && r.IntN(2) == 0 {
				s[r.IntN(n)] = NaN
			}
		}
		least := float32(r.IntN(10))
		got, untouched := guarded[float32](n)
		copy(got, want)
		before := slices.Clone(want)
		lowerMeans(want, sums, counts, least)
		LowerMeans(got, sums, counts, least)
		sameBits(t, "lower means", got, want, false)
		if err := untouched(); err != nil {
			t.Fatal(err)
		}
		for i, v := range want {
			if counts[i] >= least && v > before[i] || counts[i] < least && v == v {
				t.Fatalf("%g becomes %g by %g of %g", before[i], v, sums[i], counts[i])
			}
		}
	})
}

// One element beyond the limit is found wherever it is.
func TestWithin(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 1))
	for n := range 80 {
		a := make([]float32, 3+n)[3:]
		for i := range a {
			a[i] = 20 * (r.Float32() - 0.5)
		}
		if !Within(a, 10) || !within(a, 10) {
			t.Fatalf("%v are not within 10", a)
		}
		for _, bad := range []float32{NaN, -NaN, 10.000001, -10.000001, float32(math.Inf(1)), float32(math.Inf(-1))} {
			for i := range a {
				kept := a[i]
				a[i] = bad
				if Within(a, 10) || within(a, 10) {
					t.Fatalf("element %d of %d, %g, is within 10", i, n, bad)
				}
				a[i] = kept
			}
		}
	}
}
