package mask

import "math"

// Signals are whole numbers: a thousand is the contrast of clear land (clouds) or full darkness (shadows).
const (
	unit = 1000
	most = 8 * unit
)

// A signal returns how much a cell looks hidden, from its bands at the date that is judged and at the other.
type signal func(seen, other []float32) float64

// brighter is the least gain of a visible band in units of the contrast of clear land, less half of what the gains
// differ by: a cloud is white.
func brighter(contrast float64) signal {
	return func(seen, other []float32) float64 {
		lo, hi := math.Inf(1), math.Inf(-1)
		for k := range 3 {
			d := float64(seen[k]) - float64(other[k])
			lo, hi = min(lo, d), max(hi, d)
		}
		return (lo - (hi-lo)/2) / contrast
	}
}

// darker is the mean share of light that the visible bands lose, less half of what these shares differ by, and, below
// the most that a shadow takes, no more than what near infrared loses: a shadow keeps the spectral shape, ripening only that of some bands.
func darker(dark, contrast float64) signal {
	// Near black, a share is noise; and numbers that were stretched have their zero at the darkest land, not at no light.
	floor := max(0.02*contrast, 0.12*contrast-dark)
	lost := func(seen, other float32) float64 {
		return 1 - (float64(seen)+floor)/max(float64(other)+floor, floor)
	}
	return func(seen, other []float32) float64 {
		lo, hi, sum := math.Inf(1), math.Inf(-1), 0.0
		for k := range 3 {
			l := lost(seen[k], other[k])
			lo, hi, sum = min(lo, l), max(hi, l), sum+l
		}
		loss := sum/3 - (hi-lo)/2
		if len(seen) == 4 && loss*unit <= float64(shadowLike.highest) {
			loss = min(loss, lost(seen[3], other[3]))
		}
		return loss
	}
}

// level turns a signal into a whole number; missing when it is not a number.
func level(v float64) int32 {
	if v != v {
		return missing
	}
	return int32(math.Round(max(0, min(most, v*unit))))
}
