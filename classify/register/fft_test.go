package register

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/dsp/fourier"
)

// The transform is gonum's, bit by bit.
func TestFFTIsGonums(t *testing.T) {
	for n := 4; n <= 512; n *= 2 {
		f, g := newFFT(n), fourier.NewCmplxFFT(n)
		rnd := rand.New(rand.NewPCG(uint64(n), 0))
		for round := range 20 {
			a := make([]complex128, n)
			for i := range a {
				a[i] = complex(rnd.NormFloat64(), rnd.NormFloat64()*float64(round))
				if rnd.IntN(4) == 0 {
					a[i] = complex(math.Copysign(0, rnd.NormFloat64()), 0)
				}
			}
			for _, c := range []struct {
				ours   func([]complex128)
				theirs func(dst, src []complex128) []complex128
			}{{f.coefficients, g.Coefficients}, {f.sequence, g.Sequence}} {
				want := c.theirs(nil, a)
				got := append([]complex128(nil), a...)
				c.ours(got)
				for i, v := range want {
					if bits(got[i]) != bits(v) {
						t.Fatalf("%d samples: [%d] is %v, want %v", n, i, got[i], v)
					}
				}
			}
		}
	}
}

func bits(c complex128) [2]uint64 {
	return [2]uint64{math.Float64bits(real(c)), math.Float64bits(imag(c))}
}

func BenchmarkFFT(b *testing.B) {
	const n = ChipSize
	a := make([]complex128, n)
	f, g := newFFT(n), fourier.NewCmplxFFT(n)
	fill := func() {
		for i := range a {
			a[i] = complex(float64(i%17), float64(i%5))
		}
	}
	for _, c := range []struct {
		name string
		run  func()
	}{{"ours", func() { f.coefficients(a) }}, {"gonum", func() { g.Coefficients(a, a) }}} {
		b.Run(fmt.Sprint(c.name, n), func(b *testing.B) {
			for b.Loop() {
				fill()
				c.run()
			}
		})
	}
}
