package rollup

import (
	"cmp"
	"slices"

	"tuban/pipeline/register"
	"tuban/pipeline/verification"
)

// judge gives patches what office review says of this version of them: the decision of the register that is about their geometry, else
// the earlier one that the run found to hold still.
func judge(list []*patch, earlier map[string]string, s *register.State) {
	for _, p := range list {
		var verdicts []string
		for _, d := range s.About(p.cid) {
			if d.GV == p.gv || slices.ContainsFunc(d.From, func(v register.Version) bool { return v.GV == p.gv }) {
				verdicts = append(verdicts, string(d.Verdict))
			}
		}
		slices.Sort(verdicts)
		verdicts = slices.Compact(verdicts)
		switch len(verdicts) {
		case 0:
			p.values[ByVerdict] = cmp.Or(earlier[p.cid], none)
		case 1:
			p.values[ByVerdict] = verdicts[0]
		default:
			p.values[ByVerdict] = "mixed"
		}
	}
}

// verify counts in the tree what became of the patches' current releases, and returns what of them counties concluded, and how many
// current releases are of no patch here. keys are those of the products: what people added to one of them is released with it.
func verify(root *Node, list []*patch, reg *register.Register, keys []string) (done concluded, others int) {
	done = concluded{}
	known := map[string]*patch{}
	for _, p := range list {
		known[p.cid] = p
	}
	s, made := reg.State(), origins(reg.Events)
	for _, r := range s.Releases() {
		if s.Replaced(r.JCBH) != "" {
			continue
		}
		from := made[r.JCBH]
		var here []*patch
		for _, cid := range from.cids {
			if p := known[cid]; p != nil {
				here = append(here, p)
			}
		}
		var p *patch
		switch {
		case len(here) > 0:
			p = together(here)
		case from.added && slices.Contains(keys, r.Run):
			p = drawn(r)
		default:
			others++
			continue
		}
		at, ok := p.inUnit(r.County)
		if !ok {
			at = part{place: placeOf(Unit{Code: r.County}, Unit{}, Unit{})}
		}
		v := Verified{Released: Sum{1, NewArea(r.AreaM2)}}
		if ret, ok := s.Return(r.JCBH); ok {
			if v.conclude(p, r, ret); v.Hidden == 0 {
				done.add(here, r, from.piece)
			}
		}
		root.at(at.place).ownVerified.add(v)
	}
	return done, others
}

// conclude adds what a county said of a release of the patch.
func (v *Verified) conclude(p *patch, r register.Release, ret register.Return) {
	if verification.Suppressed(ret.Level1, ret.Level2, ret.Level3) {
		v.Hidden = 1
		return
	}
	s := Sum{1, NewArea(cmp.Or(ret.AreaM2, r.AreaM2))}
	outcome := verification.Undecided
	if c, ok := verification.Lookup(ret.Level1, ret.Level2, ret.Level3); ok {
		outcome = c.Outcome
	}
	v.Returned = s
	v.Outcomes = map[verification.Outcome]Sum{outcome: s}
	v.Categories = map[string]Sum{ret.Level1: s}
	crop, farm := Area(0), (*Area)(nil)
	if outcome == verification.Changed {
		crop = p.portion(s.Area, p.cropland())
	}
	for _, o := range p.overlays {
		if o.code == "basic_farmland" {
			a := Area(0)
			if outcome == verification.Changed {
				a = p.portion(s.Area, o.area)
			}
			farm = &a
		}
	}
	v.Cropland, v.Farmland = crop, farm
}

// cropland is how much of the patch is 耕地.
func (p *patch) cropland() (sum Area) {
	for _, a := range p.groups {
		if a.crop {
			sum += a.total
		}
	}
	return sum
}

// portion is the part of a verified area that lies on so much of the patch, by the patch's shares, and never more than that.
func (p *patch) portion(verified, on Area) Area {
	if p.area <= 0 {
		return 0
	}
	return min(on, NewArea(verified.M2()*(on.M2()/p.area.M2())))
}
