package main

import (
	"math"
	"slices"
)

// kmeans returns the number half way between the means of two clusters of the values (Lloyd 1982), NaN left out; NaN when
// there are fewer than two different values. It begins with the means of what lies below and above the overall mean, so that
// it is deterministic and a few extreme values do not become a cluster of their own at once.
func kmeans(values []float64) float64 {
	s := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	slices.Sort(s)
	if len(s) == 0 || s[0] == s[len(s)-1] {
		return math.NaN()
	}
	sums := make([]float64, len(s)+1)
	for i, v := range s {
		sums[i+1] = sums[i] + v
	}
	n, total := float64(len(s)), sums[len(s)]
	limit := total / n
	for {
		// Both clusters have members: the limit lies between two means, so between the least and the largest value.
		k, _ := slices.BinarySearchFunc(s, limit, func(v, t float64) int {
			if v <= t {
				return -1
			}
			return 1
		})
		next := (sums[k]/float64(k) + (total-sums[k])/(n-float64(k))) / 2
		if k == 0 || k == len(s) || next == limit {
			return limit
		}
		limit = next
	}
}
