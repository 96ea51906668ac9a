package irmad

import "math"

// survival returns the probability that χ² with n degrees of freedom is above z: 1 at z = 0, falling to 0.
// The sum is finite for whole n (Abramowitz & Stegun 26.4.4 and 26.4.5).
func survival(z float64, n int) float64 {
	h := z / 2
	e := math.Exp(-h)
	if e == 0 {
		return 0
	}
	if n%2 == 0 {
		term, sum := 1.0, 1.0
		for k := 1; k < n/2; k++ {
			term *= h / float64(k)
			sum += term
		}
		return e * sum
	}
	r := math.Sqrt(h)
	if n == 1 {
		return math.Erfc(r)
	}
	term := r * 2 / math.SqrtPi
	sum := term
	for k := 1; k < (n-1)/2; k++ {
		term *= h / (float64(k) + 0.5)
		sum += term
	}
	return math.Erfc(r) + e*sum
}
