package irmad

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

const (
	minPixelsPerBand = 100
	// minOwn is the share of a band's variance that the bands before it must leave unexplained: quantisation to 10 bits
	// alone leaves that much.
	minOwn = 1e-6
	// minShare is the least ended.share: below it the unchanged are one kind of cover, such as the water of a river, and
	// not what the scene has in common. Real pairs end above 0.1.
	minShare = 0.02
)

// Fit finds the transform by which unchanged pixels are most alike. x[b][i] and y[b][i] are band b of pixel i before and
// after, in any unit, all present: the caller has left out pixels without data. The bands of both dates are standardised,
// constant bands and those that others explain are left out and listed in Dropped. The result does not depend on the
// number of processors.
//
// Weights by the variance of the weighted pixels themselves, as Nielsen has them, narrow the population with each
// iteration. Where that ends in next to none, Fit begins again with the variance corrected for the weights, which keeps
// most of the scene; Steady tells. 10⁶ pixels of 4 bands take a second or two on two.
//
// The error is a *Refusal. Fit panics when the bands differ in length.
func Fit(x, y [][]float64, o Options) (*Transform, error) {
	o = o.withDefaults()
	p := len(x)
	if p == 0 || p != len(y) {
		panic(fmt.Sprintf("irmad: %d bands before, %d after", p, len(y)))
	}
	planes := slices.Concat(x, y)
	n := len(x[0])
	for _, z := range planes {
		if len(z) != n {
			panic("irmad: bands differ in length")
		}
	}
	if n < minPixelsPerBand*p {
		return nil, tooFewPixels(n, p)
	}
	f := newFitter(planes)
	t := &Transform{Dropped: f.drop(), MeanX: f.centre[:p:p], MeanY: f.centre[p:], Pixels: n}
	if len(f.keep) == 0 {
		return nil, noUsableBand()
	}
	start := correlate(f.moments(nil))
	if start.singular {
		return nil, degenerate()
	}
	t.Start = start.rho
	end := f.iterate(start, 1, o)
	if end.singular || end.share < minShare {
		end = f.iterate(start, narrowing(len(f.keep)), o)
		t.Steady = true
	}
	if end.singular || end.share < minShare {
		return nil, degenerate()
	}
	t.Iterations, t.Converged = end.iterations, end.converged
	t.Rho, t.Sigma = end.rho, end.sigma()
	f.place(t, &end.canonical)
	return t, nil
}

// ended is where an iteration ended, and twice the mean weight of a pixel there: about 1 where nothing changed and the
// variance is not taken from the weighted pixels, a quarter where it is.
type ended struct {
	canonical
	iterations int
	converged  bool
	share      float64
}

// iterate weighs and correlates until the correlations stand still. narrow is the factor by which the variance of the
// weighted pixels is taken to fall short of that of the unchanged ones.
func (f *fitter) iterate(c canonical, narrow float64, o Options) ended {
	e := ended{canonical: c, iterations: 1, share: 1}
	for e.iterations < o.MaxIterations && !e.converged {
		m := f.moments(&e.canonical)
		e.share = 2 * m.weight / float64(len(f.planes[0]))
		next := correlate(m)
		if next.singular {
			e.singular = true
			return e
		}
		next.narrow = narrow
		e.converged = true
		for i, r := range next.rho {
			e.converged = e.converged && math.Abs(r-e.rho[i]) < o.Tolerance
		}
		e.canonical = next
		e.iterations++
	}
	return e
}

// narrowing returns the variance of a normal variable, of variance 1, when it and p − 1 others weigh as much as it is likely
// that χ² with p degrees of freedom exceeds the sum of their squares: E[S(z)z] / (p E[S(z)]), a beta function.
func narrowing(p int) float64 {
	return 2 * mathext.RegIncBeta(float64(p)/2+1, float64(p)/2, 0.5)
}

// sigma returns the standard deviation of each MAD variate: that of the difference of two variables of variance 1.
func (c *canonical) sigma() []float64 {
	s := make([]float64, len(c.rho))
	for i, r := range c.rho {
		s[i] = math.Sqrt(2 * (1 - r) / c.narrow)
	}
	return s
}
