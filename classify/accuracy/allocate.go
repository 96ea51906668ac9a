package accuracy

import (
	"fmt"
	"math"
	"slices"
)

// Allocation says how the units of a sample are shared among strata, beyond each stratum's minimum.
type Allocation string

// The allocations: by area, which serves overall accuracy; the same for each, which serves the accuracy of each class; and
// by the root of the area, between the two.
const (
	Proportional Allocation = "proportional"
	Equal        Allocation = "equal"
	Root         Allocation = "root"
)

// Allocations lists them, the default first.
var Allocations = []Allocation{Proportional, Equal, Root}

// Allocate shares n units among strata of the given sizes in pixels. Each first gets least units, or all of its pixels if
// they are fewer; what is left goes by the allocation, whole units by largest remainder, ties to the first.
// It is an error when n does not suffice for the minimum.
func Allocate(n int, sizes []int64, least int, how Allocation) ([]int, error) {
	if !slices.Contains(Allocations, how) {
		return nil, fmt.Errorf("unknown allocation %q: %v", how, Allocations)
	}
	out := make([]int, len(sizes))
	need := 0
	for i, s := range sizes {
		out[i] = int(min(int64(least), s))
		need += out[i]
	}
	if need > n {
		return nil, fmt.Errorf("%d units do not suffice for %d strata of at least %d each: draw %d, lower the minimum, or join strata", n, len(sizes), least, need)
	}
	for left := n - need; left > 0; {
		gave := spread(out, left, sizes, how)
		if gave == 0 {
			break // every pixel is drawn
		}
		left -= gave
	}
	return out, nil
}

// spread gives left units to the strata that still have pixels, and returns how many it gave.
func spread(out []int, left int, sizes []int64, how Allocation) (gave int) {
	weight, sum := make([]float64, len(sizes)), 0.0
	for i, s := range sizes {
		if int64(out[i]) >= s {
			continue
		}
		switch how {
		case Proportional:
			weight[i] = float64(s)
		case Equal:
			weight[i] = 1
		case Root:
			weight[i] = math.Sqrt(float64(s))
		}
		sum += weight[i]
	}
	if sum == 0 {
		return 0
	}
	remainder := make([]float64, len(sizes))
	order := make([]int, len(sizes))
	give := func(i, k int) {
		k = int(min(int64(k), sizes[i]-int64(out[i])))
		out[i] += k
		gave += k
	}
	for i := range sizes {
		whole, part := math.Modf(float64(left) * weight[i] / sum)
		remainder[i], order[i] = part, i
		give(i, int(whole))
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case remainder[a] > remainder[b]:
			return -1
		case remainder[a] < remainder[b]:
			return 1
		}
		return 0
	})
	for _, i := range order {
		if gave < left && weight[i] > 0 {
			give(i, 1)
		}
	}
	return gave
}
