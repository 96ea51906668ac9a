package pipeline

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"tuban/classify/landclass"
)

// Share is the part of a patch on one survey class.
type Share struct {
	Code string
	Area float64
}

// apportion rounds the areas by class to 0.01 m² so that with the uncovered rest they add up to total, which has two
// decimals already: each is rounded down, and the cents left go to the largest remainders.
func apportion(total float64, byClass map[string]float64, uncovered float64) ([]Share, float64) {
	if len(byClass) == 0 {
		return nil, total
	}
	// In the order of the codes: the last bit of a sum depends on its order.
	codes := slices.Sorted(maps.Keys(byClass))
	var parts []float64
	for _, code := range codes {
		parts = append(parts, byClass[code])
	}
	rounded := spread(total, append(parts, uncovered))
	if rounded == nil {
		return nil, total
	}
	var shares []Share
	for i, code := range codes {
		if rounded[i] > 0 {
			shares = append(shares, Share{code, rounded[i]})
		}
	}
	slices.SortStableFunc(shares, func(a, b Share) int { return cmp.Compare(b.Area, a.Area) })
	return shares, rounded[len(codes)]
}

// spread divides total, which has two decimals, in the proportion of the parts, so that what it returns has two decimals and
// adds up to total exactly: each is rounded down, and the cents left go to the largest remainders, the first of equal ones.
// It returns nil when no part has a size.
func spread(total float64, parts []float64) []float64 {
	sum := 0.0
	for _, a := range parts {
		sum += a
	}
	if !(sum > 0) {
		return nil
	}
	left := int64(math.Round(total * 100))
	whole, rest, order := make([]int64, len(parts)), make([]float64, len(parts)), make([]int, len(parts))
	for i, a := range parts {
		// Divided first: total/sum has no value as a number where the parts are slivers of 1e-306 m².
		exact := a / sum * (total * 100)
		floor := math.Floor(exact)
		whole[i], rest[i], order[i] = int64(floor), exact-floor, i
		left -= whole[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
	for _, i := range order {
		if left <= 0 {
			break
		}
		whole[i]++
		left--
	}
	out := make([]float64, len(parts))
	for i, c := range whole {
		out[i] = float64(c) / 100
	}
	return out
}

// adjustable is the part of the shares on 可调整 classes, in m².
func (p *Patch) adjustable(sys landclass.System) (sum float64) {
	for _, s := range p.Shares {
		if class, ok := sys.Lookup(s.Code); ok && class.Adjustable {
			sum += s.Area
		}
	}
	return cents(sum)
}

// groups sums the shares by 三大类 with cropland apart; a class that the system does not know counts as none of them.
func (p *Patch) groups(sys landclass.System) (cropland, agricultural, unused, construction, unknown float64) {
	for _, s := range p.Shares {
		class, ok := sys.Lookup(s.Code)
		switch {
		case ok && class.Cropland:
			cropland += s.Area
		case ok && class.Group == landclass.Agricultural:
			agricultural += s.Area
		case ok && class.Group == landclass.Unused:
			unused += s.Area
		case ok && class.Group == landclass.Construction:
			construction += s.Area
		default:
			unknown += s.Area
		}
	}
	return cents(cropland), cents(agricultural), cents(unused), cents(construction), cents(unknown)
}

// Apportion rounds the parts of an area in m² to two decimals so that they add up to total, which has two decimals, and
// returns those that are not 0, largest first.
func Apportion(total float64, parts map[string]float64) []Share {
	shares, _ := apportion(total, parts, 0)
	return shares
}
