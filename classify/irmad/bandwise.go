package irmad

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// bandwise returns a transform whose variates are differences between each band and the same band after, made independent
// of each other; unchanged pixels weigh in as in Fit, with the variance corrected.
//
// The combinations of IR-MAD may pair one band with another: where most of the scene followed the season alike, they find
// what is constant about that, with no line for a band. Here each band answers for itself; in return change is seen less
// sharply. nil when there is no such transform.
func bandwise(x, y [][]float64, o Options) *Transform {
	f := newFitter(slices.Concat(x, y))
	t := &Transform{Dropped: f.drop(), MeanX: f.centre[:len(x):len(x)], MeanY: f.centre[len(x):], Pixels: len(x[0])}
	if len(f.keep) == 0 {
		return nil
	}
	narrow := narrowing(len(f.keep))
	c, gain := differences(f.moments(nil), 1)
	for t.Iterations = 1; t.Iterations < o.MaxIterations && !t.Converged && !c.singular; t.Iterations++ {
		m := f.moments(&c)
		if 2*m.weight < minShare*float64(t.Pixels) {
			return nil
		}
		next, nextGain := differences(m, narrow)
		t.Converged = true
		for i, g := range nextGain {
			t.Converged = t.Converged && math.Abs(g-gain[i]) < o.Tolerance*g
		}
		c, gain = next, nextGain
	}
	if c.singular || !t.Converged {
		return nil
	}
	t.Rho, t.Sigma = c.rho, c.sigma()
	f.place(t, &c)
	return t
}

// differences returns the whitened differences between the planes x₁…x_p and y₁…y_p brought to the same variance, and
// the gains that do so. All variates have the deviation 1, which is that of two sides that correlate by 0.5.
func differences(m *moments, narrow float64) (canonical, []float64) {
	p := len(m.sum) / 2
	gain := make([]float64, p)
	for i := range gain {
		gain[i] = math.Sqrt(m.covariance(i, i) / m.covariance(p+i, p+i))
	}
	s := mat.NewSymDense(p, nil)
	for i := range p {
		for j := range i + 1 {
			v := m.covariance(i, j) - gain[j]*m.covariance(p+j, i) - gain[i]*m.covariance(p+i, j) + gain[i]*gain[j]*m.covariance(p+i, p+j)
			if i == j {
				v += ridge
			}
			s.SetSym(i, j, v)
		}
	}
	var factor mat.Cholesky
	if !factor.Factorize(s) {
		return canonical{singular: true}, gain
	}
	l, inverse := mat.NewTriDense(p, mat.Lower, nil), mat.NewTriDense(p, mat.Lower, nil)
	factor.LTo(l)
	if inverse.InverseTri(l) != nil {
		return canonical{singular: true}, gain
	}
	mean := m.mean()
	c := canonical{narrow: narrow, meanX: mean[:p], meanY: mean[p:]}
	for k := range p {
		a, b := make([]float64, p), make([]float64, p)
		for j := range k + 1 {
			a[j] = inverse.At(k, j)
			b[j] = a[j] * gain[j]
		}
		c.a, c.b, c.rho = append(c.a, a), append(c.b, b), append(c.rho, 0.5)
	}
	return c, gain
}
