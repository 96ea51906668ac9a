package rollup

// tallies are what a patch adds to each of its parts' units: areas by the parts, and itself once, in the first. The columns follow
// the parts.
func (p *patch) tallies() []Tally {
	out := make([]Tally, len(p.parts))
	for i, x := range p.parts {
		out[i].Sum = Sum{Area: x.area}
		if i == 0 {
			out[i].Patches = 1
		}
		for d, key := range p.values {
			out[i].count(d, key, out[i].Sum)
		}
	}
	p.sharedBy(out, ByGroup, p.groups)
	p.sharedBy(out, ByClass, p.classes)
	for _, o := range p.overlays {
		weights := make([]Area, len(p.parts))
		known := false
		for i, x := range p.parts {
			if a, ok := x.in[o.column]; ok && a > 0 {
				weights[i], known = a, true
			}
		}
		for i := range weights {
			if !known {
				weights[i] = p.parts[i].area
			}
		}
		for i, a := range spread(o.area, weights) {
			s := Sum{Area: a}
			if i == 0 && o.real {
				s.Patches = 1
			}
			out[i].count(ByOverlay, o.code, s)
		}
	}
	p.wholly(out, ByAnyCategory, p.categories)
	p.wholly(out, ByLabel, p.labels)
	return out
}

// wholly counts the patch with all its area in each of the values that it has.
func (p *patch) wholly(out []Tally, d Dimension, values []string) {
	for _, v := range values {
		for i, x := range p.parts {
			s := Sum{Area: x.area}
			if i == 0 {
				s.Patches = 1
			}
			out[i].count(d, v, s)
		}
	}
}

// sharedBy counts the amounts of a patch, and the patch itself in the largest of them.
func (p *patch) sharedBy(out []Tally, d Dimension, amounts []amount) {
	if len(amounts) == 0 {
		return
	}
	main := largest(amounts)
	for i, row := range divide(p.parts, amounts) {
		for k, a := range row {
			s := Sum{Area: a}
			if i == 0 && amounts[k].key == main {
				s.Patches = 1
			}
			out[i].count(d, amounts[k].key, s)
		}
	}
}
