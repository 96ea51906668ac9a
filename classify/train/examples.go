package train

import (
	"math"
	"slices"
)

// part is some of the examples, in their order.
type part struct {
	rows    []int
	yes, no int
}

// examples splits the usable examples into those that weights are fitted to and those held out.
func examples(features [][]float64, yes []bool, most int) (fit, held part) {
	var classes [2][]int
	for i, y := range yes {
		usable := true
		for f := range features {
			usable = usable && !math.IsNaN(features[f][i]) && !math.IsInf(features[f][i], 0)
		}
		switch {
		case !usable:
		case y:
			classes[1] = append(classes[1], i)
		default:
			classes[0] = append(classes[0], i)
		}
	}
	for c, rows := range classes {
		n := min(len(rows), most)
		for k := range n {
			row := rows[k*len(rows)/n]
			to := &fit
			// Ten blocks, of which the third and the eighth are held out.
			if k*10/n%5 == 2 {
				to = &held
			}
			to.rows = append(to.rows, row)
			if c == 1 {
				to.yes++
			} else {
				to.no++
			}
		}
	}
	slices.Sort(fit.rows)
	slices.Sort(held.rows)
	return fit, held
}

// scale is where the values of a feature lie: their median, and what would be the standard deviation of normal values.
type scale struct{ centre, width float64 }

// scaleOf is robust: half of the values decide it, unless these are all the same. A width of 0 says that nothing varies.
func scaleOf(values []float64, rows []int) scale {
	v := make([]float64, len(rows))
	sum := 0.0
	for k, i := range rows {
		v[k] = values[i]
	}
	slices.Sort(v)
	n := len(v)
	s := scale{centre: v[n/2], width: (v[n*3/4] - v[n/4]) / 1.349}
	if s.width == 0 {
		for _, x := range v {
			sum += (x - s.centre) * (x - s.centre)
		}
		s.width = math.Sqrt(sum / float64(n))
	}
	if !(s.width > 1e-9*math.Abs(s.centre)) {
		s.width = 0
	}
	return s
}
