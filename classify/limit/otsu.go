package limit

import "math"

// Otsu returns the limit that divides the values into the two groups whose means differ most, by the variance between
// groups: half way between two neighbouring values, the lowest of equally good limits. It looks at the values
// themselves, not at a histogram. NaN when there are fewer than two different values.
//
// It divides any sample, whether or not it has two groups, and is drawn to extremes; see KittlerIllingworth.
// Otsu 1979, "A threshold selection method from gray-level histograms", IEEE TSMC 9(1).
func Otsu(values []float64) float64 {
	s := sorted(values)
	limit, best := math.NaN(), 0.0
	if len(s) == 0 {
		return limit
	}
	// Sums of distances from the median keep digits that sums of values lose.
	centre, total := quantile(s, 0.5), 0.0
	for _, v := range s {
		total += v - centre
	}
	below := 0.0
	for i, v := range s[:len(s)-1] {
		below += v - centre
		if v == s[i+1] {
			continue
		}
		n0, n1 := float64(i+1), float64(len(s)-i-1)
		d := below/n0 - (total-below)/n1
		if between := n0 * n1 * d * d; between > best {
			limit, best = middle(v, s[i+1]), between
		}
	}
	return limit
}

// middle returns the middle of a and b, a < b: never b, so that b > limit.
func middle(a, b float64) float64 {
	if m := a + (b-a)/2; m < b {
		return m
	}
	return a
}
