package limit

import "math"

// beyond is the distance from the median, in standard deviations of most values, from which on a value is an outlier: one normal
// value in 4,300 is beyond it on either side (Iglewicz and Hoaglin 1993, "How to detect and handle outliers").
const beyond = 3.5

// Outlier returns the limit above which a value is not of the population that most values are of: the median and 3.5 times
// the standard deviation, as the median distance from the median tells it, which a minority of other values hardly moves. It
// looks at one side: the outliers below v are those of −v above. Unlike Otsu and KittlerIllingworth it asks for no second
// group; where nothing stands out, next to nothing is above it.
//
// ok is false, and the limit NaN, when there are fewer than 40 values or half of them are equal.
func Outlier(values []float64) (limit float64, ok bool) {
	s := sorted(values)
	if len(s) < 2*least {
		return math.NaN(), false
	}
	median := quantile(s, 0.5)
	away := make([]float64, len(s))
	for i, v := range s {
		away[i] = math.Abs(v - median)
	}
	// 1.4826 makes the median distance of normal values their standard deviation.
	spread := 1.4826 * quantile(sorted(away), 0.5)
	if !(spread > 0) {
		return math.NaN(), false
	}
	return median + beyond*spread, true
}
