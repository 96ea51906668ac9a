package train

import (
	"cmp"
	"slices"
)

// judge returns the area under the ROC curve and the balanced error of the weights on some examples.
func (w Weights) judge(features [][]float64, yes []bool, on part) (auc, balanced float64) {
	type scored struct {
		z   float64
		yes bool
	}
	list := make([]scored, len(on.rows))
	var wrong [2]float64
	for k, i := range on.rows {
		z := w[0]
		for f := range features {
			z += w[f+1] * features[f][i]
		}
		list[k] = scored{z, yes[i]}
		switch {
		case yes[i] && z <= 0:
			wrong[1]++
		case !yes[i] && z > 0:
			wrong[0]++
		}
	}
	slices.SortStableFunc(list, func(a, b scored) int { return cmp.Compare(a.z, b.z) })
	// The sum of the ranks of yes; equal scores share the mean of their ranks.
	ranks := 0.0
	for from := 0; from < len(list); {
		to, among := from, 0
		for ; to < len(list) && list[to].z == list[from].z; to++ {
			if list[to].yes {
				among++
			}
		}
		ranks += float64(among) * (float64(from+to+1) / 2)
		from = to
	}
	y, n := float64(on.yes), float64(on.no)
	return (ranks - y*(y+1)/2) / (y * n), (wrong[1]/y + wrong[0]/n) / 2
}
