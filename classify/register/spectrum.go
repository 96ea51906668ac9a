package register

import (
	"math"
	"math/cmplx"
)

// spectrum transforms square planes of complex numbers in place. One goroutine.
type spectrum struct {
	n    int
	plan *fft
}

// forward replaces a plane, indexed [y][x], by its Fourier coefficients, indexed [kx][ky].
func (s spectrum) forward(a []complex128) {
	s.rows(a, s.plan.coefficients)
	s.transpose(a)
	s.rows(a, s.plan.coefficients)
}

// backward is forward's inverse times n².
func (s spectrum) backward(a []complex128) {
	s.rows(a, s.plan.sequence)
	s.transpose(a)
	s.rows(a, s.plan.sequence)
}

func (s spectrum) rows(a []complex128, f func(row []complex128)) {
	for i := 0; i < len(a); i += s.n {
		f(a[i : i+s.n])
	}
}

func (s spectrum) transpose(a []complex128) {
	for y := range s.n {
		for x := range y {
			a[y*s.n+x], a[x*s.n+y] = a[x*s.n+y], a[y*s.n+x]
		}
	}
}

// at evaluates the real part of the plane with the coefficients a (as forward leaves them) at the positions
// (xs[i], ys[j]), which need not be whole: the trigonometric polynomial through the samples, times n².
// dst[j][i] takes the values. Guizar-Sicairos, Thurman and Fienup 2008, Optics Letters 33:156.
func (s spectrum) at(dst *patch, a []complex128, xs, ys [side]float64) {
	n := s.n
	var wx, wy [side][]complex128
	for i := range side {
		wx[i], wy[i] = s.waves(xs[i]), s.waves(ys[i])
	}
	for j := range side {
		for i := range side {
			dst[j][i] = 0
		}
	}
	for kx := range n {
		row := a[kx*n : (kx+1)*n]
		for j := range side {
			sum := complex(0, 0)
			for ky, c := range row {
				sum += c * wy[j][ky]
			}
			for i := range side {
				dst[j][i] += real(sum * wx[i][kx])
			}
		}
	}
}

// waves returns e^(2πikd/n) for the signed frequencies k. The Nyquist frequency, whose sign is not known, gets none.
func (s spectrum) waves(d float64) []complex128 {
	w := make([]complex128, s.n)
	for k := range w {
		f := k
		if k > s.n/2 {
			f = k - s.n
		}
		if k != s.n/2 {
			w[k] = cmplx.Exp(complex(0, 2*math.Pi*float64(f)*d/float64(s.n)))
		}
	}
	return w
}
