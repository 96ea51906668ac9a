package kernel

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Rows become columns and rows again, whatever the stride, the length and the address.
func TestInterleave(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for n := range 70 {
		stride := n + r.IntN(5)
		src := drawFloats(r, (Lanes-1)*stride+n)
		strip, untouched := guarded[float32](n * Lanes)
		Interleave(strip, src, stride, n)
		interleaved := make([]float32, len(strip))
		for i := range strip {
			interleaved[i] = src[i%Lanes*stride+i/Lanes]
		}
		sameBits(t, "interleave", strip, interleaved, false)
		if err := untouched(); err != nil {
			t.Fatal(err)
		}
		back, untouched := guarded[float32](len(src))
		want := drawFloats(r, len(src)) // what is between the rows stays
		copy(back, want)
		for l := range Lanes {
			copy(want[l*stride:][:n], src[l*stride:])
		}
		Separate(back, stride, strip, n)
		sameBits(t, "separate", back, want, false)
		if err := untouched(); err != nil {
			t.Fatal(err)
		}
	}
}

// stripTrials calls f with numbers of columns and of columns to skip.
func stripTrials(t *testing.T, f func(t *testing.T, r *rand.Rand, n, skip int)) {
	t.Helper()
	r := rand.New(rand.NewPCG(5, 6))
	for n := 1; n < 70; n++ {
		f(t, r, n, 0)
		f(t, r, n, r.IntN(40))
	}
}

func TestSuffixes(t *testing.T) {
	stripTrials(t, func(t *testing.T, r *rand.Rand, n, _ int) {
		src := drawFloats(r, n*Lanes)
		want := make([]float32, len(src))
		suffixes(want, src)
		got, untouched := guarded[float32](len(src))
		Suffixes(got, src)
		sameBits(t, "suffixes", got, want, true)
		if err := untouched(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestSlide(t *testing.T) {
	stripTrials(t, func(t *testing.T, r *rand.Rand, n, skip int) {
		tail, head := drawFloats(r, n*Lanes), drawFloats(r, max(0, n-1+skip)*Lanes)
		want := make([]float32, len(tail))
		slide(want, tail, head, skip)
		got, untouched := guarded[float32](len(tail))
		Slide(got, tail, head, skip)
		sameBits(t, "slide", got, want, true)
		if err := untouched(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestSlideLower(t *testing.T) {
	stripTrials(t, func(t *testing.T, r *rand.Rand, n, skip int) {
		tail, head := magnitudes(drawFloats(r, n*Lanes)), magnitudes(drawFloats(r, max(0, n-1+skip)*Lanes))
		want, c := magnitudes(drawFloats(r, len(tail))), r.Float32()
		got, untouched := guarded[float32](len(tail))
		copy(got, want)
		slideLower(want, tail, head, skip, c)
		SlideLower(got, tail, head, skip, c)
		sameBits(t, "slide and lower", got, want, false)
		if err := untouched(); err != nil {
			t.Fatal(err)
		}
	})
}

// The plain loops against their definition: no addition is left out or made in another order.
func TestSlideIsOverBoxes(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	n, skip := 9, 4
	tail, head := drawFloats(r, n*Lanes), drawFloats(r, (n-1+skip)*Lanes)
	got := make([]float32, len(tail))
	slide(got, tail, head, skip)
	sums := make([]float32, len(tail))
	suffixes(sums, tail)
	for i := range got {
		var fromFirst, fromLast float32
		for k := range i/Lanes + skip {
			fromFirst += head[k*Lanes+i%Lanes]
		}
		for k := n - 1; k >= i/Lanes; k-- {
			fromLast += tail[k*Lanes+i%Lanes]
		}
		sameBits(t, "slide", got[i:i+1], []float32{tail[i] + fromFirst}, true)
		sameBits(t, "suffixes", sums[i:i+1], []float32{fromLast}, true)
	}
}

func TestAdvance(t *testing.T) {
	trials(t, func(t *testing.T, r *rand.Rand, n int) {
		head, row, tail := drawFloats(r, n), drawFloats(r, n), drawFloats(r, n)
		wantHead, want := slices.Clone(head), make([]float32, n)
		advance(want, wantHead, row, tail)
		got, untouched := guarded[float32](n)
		Advance(got, head, row, tail)
		sameBits(t, "sum", got, want, true)
		sameBits(t, "head", head, wantHead, true)
		if err := untouched(); err != nil {
			t.Fatal(err)
		}
	})
}

// magnitudes makes numbers ≥ 0 of s, without NaN or −0.
func magnitudes(s []float32) []float32 {
	for i, v := range s {
		s[i] = max(v, -v, 0)
		if v != v {
			s[i] = 1
		}
	}
	return s
}
