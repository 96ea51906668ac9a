// Package limit finds the number that divides a sample in two: without labels from the shape of its distribution (Otsu,
// KittlerIllingworth, and Change for the statistic of package irmad), with labels from where two classes differ most
// (Separate).
//
// Limits are read as "value > limit". None depends on the order of the sample; NaN in a sample is passed over.
package limit

import (
	"math"
	"slices"
)

// sorted returns the values in ascending order, without NaN.
func sorted(values []float64) []float64 {
	s := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	slices.Sort(s)
	return s
}

// quantile returns the value below which the share q of the sorted values lies.
func quantile(s []float64, q float64) float64 { return s[int(q*float64(len(s)-1))] }
