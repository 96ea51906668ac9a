package accuracy

import "fmt"

// Olofsson estimates accuracy and areas from a sample whose strata are the map classes: sizes are the mapped areas, counts
// the error matrix of the sample, rows map, columns reference. Olofsson et al. 2014, formulas 1–3 for the
// accuracies, 5–7 for their variances, 9–11 for the areas. A class with fewer than two units is a *FewUnitsError.
func Olofsson(classes []string, sizes []float64, counts [][]int) (Sampled, error) {
	n := len(classes)
	if len(sizes) != n || len(counts) != n {
		panic(fmt.Sprintf("accuracy: Olofsson: %d classes, %d areas, %d rows", n, len(sizes), len(counts)))
	}
	s := Sampled{Method: Olofsson2014, Classes: classes, Counts: counts, Proportions: matrix[Ratio](n)}
	drawn := make([]float64, n)
	for i, row := range counts {
		units := 0
		for _, c := range row {
			units += c
		}
		if units < minUnits {
			return s, &FewUnitsError{classes[i], units}
		}
		drawn[i] = float64(units)
		s.Total += sizes[i]
	}
	cell := func(i, k int) share {
		return share{sizes[i] / s.Total, float64(counts[i][k]) / drawn[i], drawn[i]}
	}
	var right []share
	for i := range n {
		own := cell(i, i)
		right = append(right, own)
		wrong := own
		wrong.p = 1 - own.p
		s.Users = append(s.Users, quotient([]part{{own, wrong}}))
	}
	s.Overall = combine(right)
	for k := range n {
		var column []share
		var parts []part
		for i := range n {
			c := cell(i, k)
			column = append(column, c)
			s.Proportions[i][k] = Ratio(c.w * c.p)
			if i == k {
				parts = append(parts, part{in: c})
			} else {
				parts = append(parts, part{out: c})
			}
		}
		s.Areas = append(s.Areas, combine(column))
		s.Producers = append(s.Producers, quotient(parts))
	}
	return s, nil
}
