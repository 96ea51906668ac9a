package register

import (
	"fmt"
	"math"
)

// fft is the complex Fourier transform of n samples, n a power of two: FFTPACK's (Swarztrauber 1982), with its factors and its
// order of operations, so that every bit is that of gonum's translation; but written for the two factors there are, which is
// twice as fast. It belongs to one goroutine.
type fft struct {
	n                 int
	passes            []pass
	scratch           []complex128
	forward, backward []complex128 // twiddles of all passes
}

// pass combines factor transforms, done transforms of which are interleaved, into longer ones of stride samples apart.
type pass struct{ factor, done, stride, twiddles int }

// newFFT panics unless n is a power of two, at least 4.
func newFFT(n int) *fft {
	if n < 4 || n&(n-1) != 0 {
		panic(fmt.Sprintf("register: a transform of %d samples", n))
	}
	f := &fft{n: n, scratch: make([]complex128, n)}
	done := 1
	for left := n; left > 1; {
		factor := 4
		if done == 1 && math.Ilogb(float64(n))%2 == 1 {
			factor = 2
		}
		left /= factor
		p := pass{factor, done, n / (done * factor), len(f.forward)}
		for j := 1; j < factor; j++ {
			turn := float64(j*done) * (2 * math.Pi / float64(n))
			for i := range p.stride {
				re, im := 1.0, 0.0
				if i > 0 {
					re, im = math.Cos(float64(i)*turn), math.Sin(float64(i)*turn)
				}
				f.forward = append(f.forward, complex(re, -im))
				f.backward = append(f.backward, complex(re, im))
			}
		}
		f.passes = append(f.passes, p)
		done *= factor
	}
	return f
}

// coefficients replaces a by its transform.
func (f *fft) coefficients(a []complex128) { f.run(a, f.forward, true) }

// sequence replaces a by the inverse of its transform, times n.
func (f *fft) sequence(a []complex128) { f.run(a, f.backward, false) }

func (f *fft) run(a, twiddles []complex128, forward bool) {
	src, dst := a[:f.n], f.scratch
	for _, p := range f.passes {
		w := twiddles[p.twiddles:]
		switch {
		case p.factor == 2:
			p.two(dst, src, w)
		case p.stride == 1:
			p.lastFour(dst, src, forward)
		default:
			p.four(dst, src, w, forward)
		}
		src, dst = dst, src
	}
	if len(f.passes)%2 == 1 {
		copy(a, src)
	}
}

func (p pass) two(dst, src, w []complex128) {
	n := p.stride
	for k := range p.done {
		a, b := src[2*k*n:][:n], src[(2*k+1)*n:][:n]
		sum, rest := dst[k*n:][:n], dst[(k+p.done)*n:][:n]
		w := w[:n]
		for i := range n {
			sum[i] = a[i] + b[i]
			rest[i] = times(w[i], a[i]-b[i])
		}
	}
}

func (p pass) four(dst, src, w []complex128, forward bool) {
	n := p.stride
	w1, w2, w3 := w[:n], w[n:][:n], w[2*n:][:n]
	for k := range p.done {
		a, b, c, d := src[4*k*n:][:n], src[(4*k+1)*n:][:n], src[(4*k+2)*n:][:n], src[(4*k+3)*n:][:n]
		o0, o1, o2, o3 := dst[k*n:][:n], dst[(k+p.done)*n:][:n], dst[(k+2*p.done)*n:][:n], dst[(k+3*p.done)*n:][:n]
		for i := range n {
			r0, r1, r2, r3 := butterfly(a[i], b[i], c[i], d[i], forward)
			o0[i], o1[i], o2[i], o3[i] = r0, times(w1[i], r1), times(w2[i], r2), times(w3[i], r3)
		}
	}
}

// lastFour is four without twiddles, with which the last pass ends.
func (p pass) lastFour(dst, src []complex128, forward bool) {
	n := p.done
	o0, o1, o2, o3 := dst[:n], dst[n:][:n], dst[2*n:][:n], dst[3*n:][:n]
	for k := range n {
		q := src[4*k:][:4]
		o0[k], o1[k], o2[k], o3[k] = butterfly(q[0], q[1], q[2], q[3], forward)
	}
}

// butterfly is the transform of four samples.
func butterfly(a, b, c, d complex128, forward bool) (r0, r1, r2, r3 complex128) {
	t1, t2, t3, t4 := a-c, a+c, b+d, d-b
	if forward {
		t4 = complex(-imag(t4), real(t4))
	} else {
		t4 = complex(imag(t4), -real(t4))
	}
	return t2 + t3, t1 + t4, t2 - t3, t1 - t4
}

// times is the product; no multiplication is fused with the sum.
func times(a, b complex128) complex128 {
	return complex(float64(real(a)*real(b))-float64(imag(a)*imag(b)), float64(real(a)*imag(b))+float64(imag(a)*real(b)))
}
