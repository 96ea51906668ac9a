package irmad

import "math"

// Transform is what pixels need to get their statistic, and how it came about. Rows of A and B belong to variates, from
// the pair of combinations least alike to the pair most alike, columns to the bands of Fit; bands that were left out have
// zeros. It is plain data that can be stored as JSON.
type Transform struct {
	A     [][]float64 `json:"a"` // weights of the bands before
	B     [][]float64 `json:"b"` // weights of the bands after
	MeanX []float64   `json:"mean_x"`
	MeanY []float64   `json:"mean_y"`
	// Sigma is the standard deviation of each variate A·(x−MeanX) − B·(y−MeanY) where nothing changed: √(2(1−Rho)),
	// more if Steady.
	Sigma []float64 `json:"sigma"`
	// Rho holds the canonical correlations where nothing changed, ascending; Start those over all pixels alike.
	Rho        []float64 `json:"rho"`
	Start      []float64 `json:"start"`
	Iterations int       `json:"iterations"`
	Converged  bool      `json:"converged"`
	// Steady says that the variance of the weighted pixels was corrected for their weights; see Fit.
	Steady  bool      `json:"steady"`
	Pixels  int       `json:"pixels"`
	Dropped []Dropped `json:"dropped,omitempty"`
}

// Dropped is a band that Fit left out.
type Dropped struct {
	Band int    `json:"band"` // index
	Why  string `json:"why"`  // constant or collinear
	Date string `json:"date"` // before or after: where
}

// Why a band is dropped.
const (
	Constant  = "constant"  // the band has one value
	Collinear = "collinear" // the band is a linear combination of those before it
)

// Variates returns how many MAD variates there are: the degrees of freedom of χ² in Statistic.
func (t *Transform) Variates() int { return len(t.A) }

// run is the number of pixels that Statistic works on at a time.
const run = 256

// Statistic writes to dst, pixel by pixel, the sum of the squared MAD variates, each divided by its Sigma: 0 and above,
// about χ² with Variates degrees of freedom where nothing changed, though the more iterations the larger. NaN where a
// band of either date is NaN or infinite. x and y are the bands before and after in the order of Fit, each of dst's
// length; a value depends on no other pixel. Safe for concurrent use.
func (t *Transform) Statistic(dst []float32, x, y [][]float32) {
	if len(x) != len(t.MeanX) || len(y) != len(t.MeanX) {
		panic("irmad: Statistic needs the bands of Fit")
	}
	for b := range x {
		if len(x[b]) != len(dst) || len(y[b]) != len(dst) {
			panic("irmad: bands and result differ in length")
		}
	}
	var sum, variate [run]float64
	for lo := 0; lo < len(dst); lo += run {
		n := min(run, len(dst)-lo)
		s, v := sum[:n], variate[:n]
		clear(s)
		for k := range t.A {
			clear(v)
			for b := range x {
				difference(v, x[b][lo:lo+n], y[b][lo:lo+n], t.MeanX[b], t.MeanY[b], t.A[k][b]/t.Sigma[k], t.B[k][b]/t.Sigma[k])
			}
			for i, d := range v {
				s[i] += float64(d * d)
			}
		}
		for i, d := range s {
			if d-d != 0 {
				d = math.NaN()
			}
			dst[lo+i] = float32(d)
		}
	}
}

// difference adds a(x−mx) − b(y−my) to each element of dst. float64 costs the same as float32 here, and combinations of
// bands that are nearly alike, with large weights of opposite sign, keep their digits.
func difference[T float32 | float64](dst []float64, x, y []T, mx, my, a, b float64) {
	x, y = x[:len(dst)], y[:len(dst)]
	for i := range dst {
		dst[i] += float64(a*(float64(x[i])-mx)) - float64(b*(float64(y[i])-my))
	}
}
