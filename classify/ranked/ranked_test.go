package ranked

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestRanksAreThoseOfSorting compares with sorting, over few and many different values of all magnitudes.
func TestRanksAreThoseOfSorting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.OneOf(
			rapid.Float32(),
			rapid.Map(rapid.IntRange(-3, 3), func(i int) float32 { return float32(i) }),
			rapid.Map(rapid.Uint16(), func(i uint16) float32 { return float32(i) }),
			rapid.Map(rapid.IntRange(0, 200), func(i int) float32 { return 1 + float32(i)/1e6 }), // of one group
			rapid.SampledFrom([]float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.Copysign(0, -1))}),
		)
		values := rapid.SliceOf(number).Draw(t, "values")
		var want []float32
		for _, v := range values {
			if !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) {
				want = append(want, v)
			}
		}
		slices.Sort(want)
		s := Of(values)
		if s.N != len(want) {
			t.Fatalf("%d values, want %d", s.N, len(want))
		}
		for k, v := range want {
			if got := s.At(k); got != v {
				t.Fatalf("at %d of %v: %v, want %v", k, want, got, v)
			}
		}
	})
}

func TestRanksBeyondTheSamplePanic(t *testing.T) {
	for _, k := range []int{-1, 2} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("rank %d of two values", k)
				}
			}()
			Of([]float32{1, 2, float32(math.NaN())}).At(k)
		}()
	}
}

func BenchmarkThreeQuantiles(b *testing.B) {
	values := make([]float32, 400_000)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range values {
		values[i] = float32(int(2000 + 500*random.NormFloat64()))
	}
	b.Run("ranked", func(b *testing.B) {
		for b.Loop() {
			s := Of(values)
			for _, q := range []float64{0.02, 0.5, 0.98} {
				s.At(int(q * float64(s.N-1)))
			}
		}
	})
	b.Run("sorted", func(b *testing.B) {
		for b.Loop() {
			slices.Sort(slices.Clone(values))
		}
	})
}
