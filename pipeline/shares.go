package pipeline

import (
	"cmp"
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
	type part struct {
		code  string
		cents int64
		rest  float64
	}
	var parts []part
	if len(byClass) == 0 {
		return nil, total
	}
	for code, a := range byClass {
		parts = append(parts, part{code: code, rest: a})
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.code, b.code) })
	parts = append(parts, part{rest: uncovered})
	// In the order of the codes: the last bit of a sum depends on its order.
	sum := 0.0
	for _, q := range parts {
		sum += q.rest
	}
	if !(sum > 0) {
		return nil, total
	}
	left := int64(math.Round(total * 100))
	for i := range parts {
		// Divided first: total/sum has no value as a number where the parts are slivers of 1e-306 m².
		exact := parts[i].rest / sum * (total * 100)
		whole := math.Floor(exact)
		parts[i].cents, parts[i].rest = int64(whole), exact-whole
		left -= parts[i].cents
	}
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(parts[b].rest, parts[a].rest) })
	for _, i := range order {
		if left <= 0 {
			break
		}
		parts[i].cents++
		left--
	}
	var shares []Share
	for _, q := range parts[:len(parts)-1] {
		if q.cents > 0 {
			shares = append(shares, Share{q.code, float64(q.cents) / 100})
		}
	}
	slices.SortStableFunc(shares, func(a, b Share) int { return cmp.Compare(b.Area, a.Area) })
	return shares, float64(parts[len(parts)-1].cents) / 100
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
