package kernel

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestValuesOfTwo(t *testing.T) {
	for name, c := range map[string]struct{ fast, plain func(dst, a, b []float32) }{
		"add":      {Add, add},
		"sub":      {Sub, sub},
		"mul":      {Mul, mul},
		"div":      {Div, div},
		"contrast": {Contrast, contrast},
		"min":      {Min, minimum},
		"max":      {Max, maximum},
	} {
		t.Run(name, func(t *testing.T) { agreeOnFloats(t, c.fast, c.plain, false) })
	}
}

func TestValuesOfOneAndConstant(t *testing.T) {
	for name, c := range map[string]struct {
		fast, plain func(dst, a []float32, c float32)
	}{
		"add":  {AddConst, addConst},
		"mul":  {MulConst, mulConst},
		"div":  {DivConst, divConst},
		"abs":  {func(dst, a []float32, _ float32) { Abs(dst, a) }, func(dst, a []float32, _ float32) { abs(dst, a) }},
		"sqrt": {func(dst, a []float32, _ float32) { Sqrt(dst, a) }, func(dst, a []float32, _ float32) { sqrt(dst, a) }},
	} {
		t.Run(name, func(t *testing.T) {
			trials(t, func(t *testing.T, r *rand.Rand, n int) {
				a, k := drawFloats(r, n), drawFloats(r, 1)[0]
				want := make([]float32, n)
				c.plain(want, a, k)
				got, untouched := guarded[float32](n)
				c.fast(got, a, k)
				sameBits(t, "apart", got, want, false)
				if err := untouched(); err != nil {
					t.Fatal(err)
				}
				into := slices.Clone(a)
				c.fast(into, into, k)
				sameBits(t, "in place", into, want, false)
			})
		})
	}
}

func TestLines(t *testing.T) {
	trials(t, func(t *testing.T, r *rand.Rand, n int) {
		a, k := drawFloats(r, n), drawFloats(r, 3)
		want := slices.Clone(a)
		lines(want, k[0], k[1], k[2])
		got, untouched := guarded[float32](n)
		copy(got, a)
		Lines(got, k[0], k[1], k[2])
		sameBits(t, "lines", got, want, true)
		if err := untouched(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestChoose(t *testing.T) {
	trials(t, func(t *testing.T, r *rand.Rand, n int) {
		c, a, b := drawTruths(r, n), drawFloats(r, n), drawFloats(r, n)
		want := make([]float32, n)
		choose(want, c, a, b)
		got, untouched := guarded[float32](n)
		Choose(got, c, a, b)
		sameBits(t, "apart", got, want, false)
		if err := untouched(); err != nil {
			t.Fatal(err)
		}
		into := slices.Clone(b)
		Choose(into, c, a, into)
		sameBits(t, "in place", into, want, false)
	})
}
