package pipeline

import (
	"slices"

	"tuban/classify/register"
)

// aligning is the adjustment that takes the fields back, and leaves values as they are.
func (p *Plan) aligning(fields map[int]*register.Field) adjustment {
	a := adjustment{pairs: make([]pairAdjustment, len(p.BeforeOrigins)*len(p.AfterOrigins))}
	for q := range a.pairs {
		a.pairs[q].tolerance = defaultTolerance
	}
	for q, f := range fields {
		a.pairs[q].tolerance = f.Tolerance
		if !f.Identity() {
			a.pairs[q].field = f
			a.halo = max(a.halo, f.Halo())
		}
		if f.Verdict == register.Refused {
			a.pairs[q].refused = misplaced
		}
	}
	return a
}

// adjusting is the adjustment that the measurements of the pairs ask for.
func (p *Plan) adjusting(measured []PairMeasure, pairs []int, fields map[int]*register.Field) adjustment {
	a := p.aligning(fields)
	// A pair that no spot has seen cannot be compared either.
	for q := range a.pairs {
		if p.Normalise && !slices.Contains(pairs, q) {
			a.pairs[q].refused = max(a.pairs[q].refused, otherScale)
		}
	}
	for i, m := range measured {
		to := &a.pairs[pairs[i]]
		if m.State == NotComparable {
			to.refused = max(to.refused, otherScale)
		}
		to.measured, to.change = &measured[i], m.Change
		for _, r := range m.Roles {
			to.bands = append(to.bands, p.roleIndex(r))
		}
		if to.change != nil && slices.Contains(to.bands, -1) {
			to.change = nil // the rules do not ask for it: the tiles read fewer bands
		}
		if m.State != Normalised {
			continue
		}
		for _, r := range p.Roles {
			to.scaling = append(to.scaling, m.scalingOf(r))
		}
	}
	for q := range a.pairs {
		a.refuses = a.refuses || a.pairs[q].refused != alikeEnough
	}
	return a
}
