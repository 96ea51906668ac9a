package triage

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"tuban/raster/ellipsoid"
)

// Severity is the numbers of one patch by which it is ranked, a number for each key.
type Severity []float64

// Severity finds them. What has no value, as 0/0, is infinite, so that it comes last.
func (r *Rules) Severity(f Facts) (Severity, error) {
	var out Severity
	m := r.meaning(f)
	for _, k := range r.Order {
		v, err := k.of.Number(m)
		if err != nil {
			return nil, fmt.Errorf("order by %s: %w", k.Of, err)
		}
		if math.IsNaN(v) {
			v = math.Inf(-1)
			if k.Least {
				v = math.Inf(1)
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// Rank returns the place of each patch, 1 for the one to look at first. It does not depend on the order in which they come, as long
// as their identities differ.
func (r *Rules) Rank(patches []Severity, cids []string) []int {
	order := make([]int, len(patches))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		for i, k := range r.Order {
			c := cmp.Compare(patches[b][i], patches[a][i])
			if k.Least {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return cmp.Compare(cids[a], cids[b])
	})
	places := make([]int, len(patches))
	for place, i := range order {
		places[i] = place + 1
	}
	return places
}

// Why says in Chinese what a patch is ranked by, as "占永久基本农田 1.23 亩；面积 3.10 亩": the numbers above zero of the keys that
// have a name.
func (r *Rules) Why(s Severity) string {
	var parts []string
	for i, k := range r.Order {
		if k.Name.ZH == "" || !(s[i] > 0) || math.IsInf(s[i], 1) {
			continue
		}
		parts = append(parts, k.Name.ZH+" "+k.Unit.text(s[i]))
	}
	return strings.Join(parts, "；")
}

func (u Unit) text(v float64) string {
	switch u {
	case Mu:
		return fmt.Sprintf("%.2f 亩", ellipsoid.Mu(v))
	case Square:
		return fmt.Sprintf("%.2f 平方米", v)
	}
	return fmt.Sprintf("%.1f", v)
}
