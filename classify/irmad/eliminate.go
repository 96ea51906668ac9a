package irmad

import "math"

// elimination takes variables of variance 1 one after the other as long as each has variance of its own: a Cholesky
// factor that grows row by row and leaves out what the rows before explain.
type elimination struct {
	taken []int
	rows  [][]float64
}

// row returns the row of variable k in the factor, and whether k has more variance of its own than the least; correlation
// returns its covariance with variable j.
func (e *elimination) row(k int, correlation func(j int) float64) (row []float64, ok bool) {
	own := correlation(k)
	for i, j := range e.taken {
		v := correlation(j)
		for l, w := range row {
			v -= w * e.rows[i][l]
		}
		v /= e.rows[i][i]
		row = append(row, v)
		own -= v * v
	}
	return append(row, math.Sqrt(max(0, own))), own > minOwn
}

func (e *elimination) take(k int, row []float64) {
	e.taken, e.rows = append(e.taken, k), append(e.rows, row)
}
