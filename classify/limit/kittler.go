package limit

import "math"

const (
	// bins of the histogram. Variances get the part that bins of this width add to them.
	bins = 256
	// reach is how far from the median the histogram goes, in standard deviations as the quartiles tell them: what lies
	// beyond counts as lying there, so that a few extreme values do not coarsen it.
	reach = 12
	// least is the number of values that a group must have to have a variance.
	least = 20
)

// KittlerIllingworth returns the limit of least error between two normal groups of unequal size and spread, which are
// fitted to a histogram of the values; the lowest of equally good ones. It is at home where one group is small, such as
// change. ok is false when two groups describe the values no better than one, or there are fewer than 40; then
// the limit means nothing.
//
// Kittler and Illingworth 1986, "Minimum error thresholding", Pattern Recognition 19(1).
func KittlerIllingworth(values []float64) (limit float64, ok bool) {
	s := sorted(values)
	if len(s) < 2*least {
		return math.NaN(), false
	}
	median, spread := quantile(s, 0.5), (quantile(s, 0.75)-quantile(s, 0.25))/1.349
	lo, hi := s[0], s[len(s)-1]
	if spread > 0 {
		lo, hi = max(lo, median-reach*spread), min(hi, median+reach*spread)
	}
	if !(lo < hi) {
		return math.NaN(), false
	}
	var count [bins]float64
	for _, v := range s {
		count[max(0, min(bins-1, int((v-lo)/(hi-lo)*bins)))]++
	}
	var total, below group
	for i, c := range count {
		total.add(float64(i), c)
	}
	best := total.cost(total.n)
	for i, c := range count[:bins-1] {
		below.add(float64(i), c)
		above := total.without(below)
		if below.n < least || above.n < least {
			continue
		}
		if cost := below.cost(total.n) + above.cost(total.n); cost < best {
			limit, best, ok = lo+(hi-lo)*float64(i+1)/bins, cost, true
		}
	}
	if !ok {
		return math.NaN(), false
	}
	return limit, true
}

// group holds the sums of some bins.
type group struct{ n, sum, squares float64 }

func (g *group) add(at, n float64) {
	g.n += n
	g.sum += n * at
	g.squares += n * at * at
}

func (g group) without(h group) group {
	return group{g.n - h.n, g.sum - h.sum, g.squares - h.squares}
}

// cost is the group's part of the criterion: twice the mean information of its values as members of a normal group that
// has the share n/all of them.
func (g group) cost(all float64) float64 {
	mean, share := g.sum/g.n, g.n/all
	variance := max(0, g.squares/g.n-mean*mean) + 1./12
	return share * (math.Log(variance) - 2*math.Log(share))
}
