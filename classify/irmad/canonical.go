package irmad

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// ridge is added to the diagonals of both correlation matrices: far below any real correlation between bands and far
// above the rounding of sums, so that the Cholesky factors exist and stay bounded. It also keeps correlations below 1, and so Sigma above
// 3·10⁻⁵: images that are equal but for a line leave rounding only, which must not be taken for change.
const ridge = 1e-9

// canonical is the canonical correlation analysis of the planes of two dates.
type canonical struct {
	a, b     [][]float64 // [variate][band], in units of the planes; each variate has unit variance
	meanX    []float64
	meanY    []float64
	rho      []float64 // ascending: the first variate is the pair least alike
	narrow   float64   // divides the variance of the variates; see iterate
	singular bool      // a matrix has no Cholesky factor, nothing else is set
}

// correlate analyses the moments of the planes x₁…x_p, y₁…y_p.
//
// With the Cholesky factors L of the correlation matrices of both dates, the singular values of L_x⁻¹ C_xy L_y⁻ᵀ are the
// canonical correlations, and its singular vectors the variates: one decomposition gives both sides, with signs
// such that each correlation is positive.
func correlate(m *moments) canonical {
	p := len(m.sum) / 2
	sd := make([]float64, 2*p)
	for i := range sd {
		sd[i] = math.Sqrt(max(0, m.covariance(i, i)))
		if !(sd[i] > 0) {
			return canonical{singular: true}
		}
	}
	correlation := func(i, j int) float64 {
		if i == j {
			return 1 + ridge
		}
		return m.covariance(max(i, j), min(i, j)) / (sd[i] * sd[j])
	}
	cx, cy, cxy := mat.NewSymDense(p, nil), mat.NewSymDense(p, nil), mat.NewDense(p, p, nil)
	for i := range p {
		for j := range p {
			cxy.Set(i, j, correlation(i, p+j))
			if j <= i {
				cx.SetSym(i, j, correlation(i, j))
				cy.SetSym(i, j, correlation(p+i, p+j))
			}
		}
	}
	var fx, fy mat.Cholesky
	if !fx.Factorize(cx) || !fy.Factorize(cy) {
		return canonical{singular: true}
	}
	lx, ly := mat.NewTriDense(p, mat.Lower, nil), mat.NewTriDense(p, mat.Lower, nil)
	fx.LTo(lx)
	fy.LTo(ly)
	var left, k, u, v, a, b mat.Dense
	var svd mat.SVD
	if left.Solve(lx, cxy) != nil || k.Solve(ly, left.T()) != nil || !svd.Factorize(k.T(), mat.SVDThin) {
		return canonical{singular: true}
	}
	svd.UTo(&u)
	svd.VTo(&v)
	if a.Solve(lx.T(), &u) != nil || b.Solve(ly.T(), &v) != nil {
		return canonical{singular: true}
	}
	mean := m.mean()
	c := canonical{narrow: 1, meanX: mean[:p], meanY: mean[p:], rho: svd.Values(nil)}
	for i := range p {
		c.rho[i] = min(1-ridge/2, c.rho[i])
	}
	for i := p - 1; i >= 0; i-- {
		ca, cb := make([]float64, p), make([]float64, p)
		sign, largest := 1.0, 0.0
		for j := range p {
			ca[j], cb[j] = a.At(j, i)/sd[j], b.At(j, i)/sd[p+j]
			if w := math.Abs(a.At(j, i)); w > largest {
				sign, largest = math.Copysign(1, a.At(j, i)), w
			}
		}
		for j := range p {
			ca[j] *= sign
			cb[j] *= sign
		}
		c.a, c.b = append(c.a, ca), append(c.b, cb)
	}
	for i, j := 0, p-1; i < j; i, j = i+1, j-1 {
		c.rho[i], c.rho[j] = c.rho[j], c.rho[i]
	}
	return c
}
