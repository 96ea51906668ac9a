package register

import (
	"fmt"
	"math"
)

// ChipSize is the usual edge of a chip in pixels: large enough for structure, small enough that a shift is local.
const ChipSize = 128

// leastShare is the least share of a chip, by weight, that must have data on either date.
const leastShare = 0.4

// Shift is how far the later image lies beside the earlier one: after(x+DX, y+DY) shows what before(x, y) shows.
type Shift struct {
	// DX and DY are in pixels, x to the right and y downwards.
	DX, DY float64
	// Sigma is the standard error expected of the shift in its worse direction, in pixels.
	Sigma float64
	// Quality is the correlation at the peak, 1 for identical content.
	Quality float64
}

// Matcher holds the plans and buffers for chips of one size. It belongs to one goroutine.
type Matcher struct {
	n                int
	spectrum         spectrum
	taper            []float64
	smoothX, slopeX  []float64
	lengths          []float64
	before, after    field
	a, b, cross, sum []complex128
	ncc              []float64
}

// NewMatcher returns a Matcher for chips of n × n pixels. It panics unless n is a power of two, at least 32.
func NewMatcher(n int) *Matcher {
	if n < 32 || n&(n-1) != 0 {
		panic(fmt.Sprintf("register: a chip of %d pixels: its edge is a power of two, at least 32", n))
	}
	planes := make([]complex128, 6*n*n)
	reals := make([]float64, 5*n*n)
	c := func(i int) []complex128 { return planes[i*n*n : (i+1)*n*n : (i+1)*n*n] }
	r := func(i int) []float64 { return reals[i*n*n : (i+1)*n*n : (i+1)*n*n] }
	return &Matcher{
		n: n, spectrum: spectrum{n: n, plan: newFFT(n)}, taper: taper(n),
		smoothX: r(0), slopeX: r(1), ncc: r(2),
		before: field{c(0), r(3)}, after: field{c(1), r(4)},
		a: c(2), b: c(3), cross: c(4), sum: c(5),
	}
}

// Size returns the edge of the chips in pixels.
func (m *Matcher) Size() int { return m.n }

// Match finds the shift between two chips of brightness, row-major Size × Size, NaN = no data. Shifts up to a quarter of
// the chip are looked for.
//
// What is correlated is the gradient as a complex number, long ones clipped (gradient and orientation correlation:
// Argyriou and Vlachos 2003, Fitch et al. 2002), which gain, offset, haze and slow dodging leave alone. The correlation is
// normalised by what overlaps (Padfield 2012, IEEE TIP 21:2706), so holes and the chip's edge do not pull the peak, and
// the peak is found on the correlation's own trigonometric interpolation, not on a curve through whole pixels.
// Where light and dark changed places, the gradient's doubled angle is tried next.
//
// ok is false when the peak is not to be trusted: too little data, no structure, changed content, or content that fits
// at several places as rows of crops or one straight edge do. Match panics when a plane has another size.
func (m *Matcher) Match(before, after []float32) (s Shift, ok bool) {
	if len(before) != m.n*m.n || len(after) != m.n*m.n {
		panic(fmt.Sprintf("register: planes of %d and %d pixels for chips of %d × %d", len(before), len(after), m.n, m.n))
	}
	shareB, okB := m.gradient(m.before, before)
	shareA, okA := m.gradient(m.after, after)
	if !okB || !okA || shareB < leastShare || shareA < leastShare {
		return Shift{}, false
	}
	m.correlate()
	if s, ok = m.peak(); ok {
		return s, true
	}
	fold(m.before)
	fold(m.after)
	m.correlate()
	return m.peak()
}

// correlate fills m.ncc with the normalised correlation for each whole shift, as the transform orders them,
// m.cross with the spectrum of its numerator, and m.sum with the energies that overlap.
func (m *Matcher) correlate() {
	n2 := float64(m.n) * float64(m.n)
	load := func(dst []complex128, f field) {
		for i, g := range f.g {
			dst[i] = g * complex(f.w[i], 0)
		}
		m.spectrum.forward(dst)
	}
	load(m.a, m.before)
	load(m.b, m.after)
	for i := range m.cross {
		m.cross[i] = complex(real(m.a[i]), -imag(m.a[i])) * m.b[i]
	}
	// The energy of the earlier gradients under the later weights, and the other way round, in one transform:
	// both are real, so one travels as the imaginary part.
	energies := func(dst []complex128, f field) {
		for i, g := range f.g {
			dst[i] = complex(f.w[i]*(real(g)*real(g)+imag(g)*imag(g)), f.w[i])
		}
		m.spectrum.forward(dst)
	}
	energies(m.a, m.before)
	energies(m.b, m.after)
	m.energy()
	m.spectrum.backward(m.sum)
	numerator := m.a
	copy(numerator, m.cross)
	m.spectrum.backward(numerator)
	for i := range m.ncc {
		m.ncc[i] = real(numerator[i]) / n2 / m.overlap(i)
	}
}

// energy combines the spectra of (energy, weight) of both chips into that of the two overlapping energies.
func (m *Matcher) energy() {
	n := m.n
	for kx := range n {
		for ky := range n {
			i, mirror := kx*n+ky, (n-kx)%n*n+(n-ky)%n
			e1, w1 := split(m.a[i], m.a[mirror])
			e2, w2 := split(m.b[i], m.b[mirror])
			conj := func(c complex128) complex128 { return complex(real(c), -imag(c)) }
			m.sum[i] = conj(e1)*w2 + complex(0, 1)*(conj(w1)*e2)
		}
	}
}

// split returns the spectra of the real and the imaginary part of a plane, from its coefficients at k and −k.
func split(c, mirror complex128) (re, im complex128) {
	mirror = complex(real(mirror), -imag(mirror))
	d := c - mirror
	return (c + mirror) / 2, complex(imag(d)/2, -real(d)/2)
}

// overlap returns the geometric mean of the energies that overlap at shift i, never 0.
func (m *Matcher) overlap(i int) float64 {
	n2 := float64(m.n) * float64(m.n)
	e1, e2 := max(0, real(m.sum[i])/n2), max(0, imag(m.sum[i])/n2)
	return math.Sqrt(e1*e2) + 1e-6*n2
}
