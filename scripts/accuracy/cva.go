package main

import (
	"math"
	"slices"
)

// changeVector returns the length of the difference between two dates, band by band and pixel by pixel: change vector analysis
// (Malila 1980). The planes of both dates have one length; NaN stays NaN.
func changeVector(before, after [][]float64) []float64 {
	out := make([]float64, len(before[0]))
	for b := range before {
		for i := range out {
			d := after[b][i] - before[b][i]
			out[i] += d * d
		}
	}
	for i, v := range out {
		out[i] = math.Sqrt(v)
	}
	return out
}

// standardised returns the values with the mean 0 and the standard deviation 1 over what is not NaN. A plane of one value
// becomes 0.
func standardised(v []float64) []float64 {
	n, mean := 0, 0.0
	for _, x := range v {
		if x == x {
			n++
			mean += x
		}
	}
	mean /= float64(n)
	variance := 0.0
	for _, x := range v {
		if x == x {
			variance += (x - mean) * (x - mean)
		}
	}
	scale := math.Sqrt(variance / float64(n))
	if scale == 0 {
		scale = 1
	}
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = (x - mean) / scale
	}
	return out
}

// difference returns how far the change of the normalised difference (a−b)/(a+b) of a pixel is from that of most pixels, the
// median: a gain or an offset between the dates moves the index of all of them, which is no change of the land. NaN where
// either date has no index.
func difference(a0, b0, a1, b1 []float64) []float64 {
	out := make([]float64, len(a0))
	for i := range out {
		out[i] = (a1[i]-b1[i])/(a1[i]+b1[i]) - (a0[i]-b0[i])/(a0[i]+b0[i])
		if math.IsInf(out[i], 0) {
			out[i] = math.NaN()
		}
	}
	centre := median(out)
	for i, v := range out {
		out[i] = math.Abs(v - centre)
	}
	return out
}

// median returns the lower median of what is not NaN, and NaN when there is nothing.
func median(v []float64) float64 {
	s := slices.DeleteFunc(slices.Clone(v), math.IsNaN)
	if len(s) == 0 {
		return math.NaN()
	}
	slices.Sort(s)
	return s[(len(s)-1)/2]
}
