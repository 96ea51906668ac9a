package rollup

import (
	"cmp"
	"slices"

	"tuban/classify/landclass"
)

// Balance is the account of one unit's cropland or permanent basic farmland.
type Balance struct {
	Unit
	// Of is "cropland" or "basic_farmland".
	Of string `json:"of"`
	Goal
	// Suspected is what candidates take that nobody verified, and that nobody found unchanged; nil where the survey, or the layer, was
	// not given.
	Suspected *Area `json:"suspected_m2"`
	// Verified is what counties concluded did change; nil where none concluded anything.
	Verified *Area `json:"verified_m2"`
	// Released and Returned count the patches that counties were given, and those that they concluded.
	Released int `json:"released"`
	Returned int `json:"returned"`
}

// Left is the base less what was verified and less the target: what may still go.
func (b Balance) Left() Area {
	if b.Verified == nil {
		return b.Base - b.Target
	}
	return b.Base - *b.Verified - b.Target
}

// IfAll is what might still go were all that is suspected true; ok is false where that is not known.
func (b Balance) IfAll() (surplus Area, ok bool) {
	if b.Suspected == nil {
		return 0, false
	}
	return b.Left() - *b.Suspected, true
}

// Share is the part of the base that verified changes took; ok is false where no county concluded anything yet: then there is no
// share, which is not a share of 0.
func (b Balance) Share() (share float64, ok bool) {
	if b.Verified == nil || b.Base == 0 {
		return 0, false
	}
	return float64(*b.Verified) / float64(b.Base), true
}

// suspicion is what patches that are still open take, by unit code; nil where it is not known.
type suspicion struct{ cropland, farmland map[string]Area }

// suspect sums what patches take that no county concluded and no reviewer refused.
func suspect(list []*patch, t *Targets, done concluded) (s suspicion) {
	add := func(to *map[string]Area, open float64, x part, a Area, known bool) {
		if known && *to == nil {
			*to = map[string]Area{}
		}
		for _, u := range x.place {
			if known && open > 0 {
				(*to)[u.Code] += NewArea(a.M2() * open)
			}
		}
	}
	for _, p := range list {
		_, _, group, _ := landclass.AfterType(p.after)
		suspected := slices.Contains(t.Reduces, group) && !slices.Contains([]string{"unchanged", "reject"}, p.values[ByVerdict])
		for i, x := range p.tallies() {
			open := 0.0
			if suspected {
				open = done.open(p, i)
			}
			crop, known := x.In(ByGroup, "cropland")
			add(&s.cropland, open, p.parts[i], crop.Area, known)
			farm, known := x.By[ByOverlay]["basic_farmland"]
			add(&s.farmland, open, p.parts[i], farm.Area, known)
		}
	}
	return s
}

// of is the sum in a unit; nil where it is not known.
func of(m map[string]Area, code string) *Area {
	if m == nil {
		return nil
	}
	a := m[code]
	return &a
}

// balances are the accounts of the units that have targets, cropland before basic farmland.
func balances(root *Node, t *Targets, s suspicion) (out []Balance) {
	for _, u := range t.Units {
		var v Verified
		name := cmp.Or(u.Name, unitNames()[u.Code])
		if n := root.find(u.Code); n != nil {
			v, name = n.Verified, cmp.Or(u.Name, n.Name)
		}
		b := Balance{Unit: Unit{u.Code, name}, Released: v.Released.Patches, Returned: v.Returned.Patches}
		if u.Cropland != nil {
			b.Of, b.Goal, b.Suspected = "cropland", *u.Cropland, of(s.cropland, u.Code)
			if v.Returned.Patches > 0 {
				b.Verified = &v.Cropland
			}
			out = append(out, b)
		}
		if u.Farmland != nil {
			b.Of, b.Goal, b.Suspected, b.Verified = "basic_farmland", *u.Farmland, of(s.farmland, u.Code), nil
			if v.Returned.Patches > 0 {
				b.Verified = v.Farmland
			}
			out = append(out, b)
		}
	}
	return out
}
