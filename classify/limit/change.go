package limit

import "math"

// alone is the distance of the limit from the median, in standard deviations of the unchanged, when nothing stands out from
// them: one in 30,000 is beyond it.
const alone = 4

// Change returns the limit above which the IR-MAD statistic means change: that of KittlerIllingworth between the cube
// roots of the statistic. The cube root of χ² is all but normal (Wilson and Hilferty 1931, PNAS 17(12)) at
// any scale, which matters as the statistic is proportional to χ² rather than χ² itself, and its quantiles would find far
// too much. The unchanged must be most of the sample.
//
// separated is false when the sample does not fall into changed and unchanged; the limit is then as far above the median
// as four times the spread of the lower half, beyond nearly all. The limit is NaN when there are fewer than 40 values, of
// 0 and above, or all are equal.
func Change(statistic []float64) (limit float64, separated bool) {
	roots := make([]float64, len(statistic))
	for i, v := range statistic {
		roots[i] = math.Cbrt(v)
	}
	s := sorted(roots)
	if len(s) < 2*least || s[0] == s[len(s)-1] {
		return math.NaN(), false
	}
	median := quantile(s, 0.5)
	root, separated := KittlerIllingworth(s)
	if !separated || root <= median {
		// Change, if there is any, is above: below the median, one standard deviation reaches to the quantile 0.16.
		root, separated = median+alone*(median-quantile(s, 0.16)), false
	}
	return root * root * root, separated
}
