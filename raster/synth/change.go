package synth

import (
	"math"
	"slices"
)

// The kinds of change, by the state after.
const (
	kindBuilt  = "built"
	kindGround = "ground"
	kindWater  = "water"
	kindTrees  = "trees"
)

// site is a Change in the plan.
type site struct {
	kind     string
	out      ring
	along    pt
	code     string
	crossing bool
}

// builder finds sites for changes.
type builder struct {
	dice
	l     *layout
	find  *locator
	sky   sky
	taken []rect
	sites []site
}

// hosts are the covers on which a kind of change is put, and how much an area of each attracts it.
var hosts = map[string]map[cover]float64{
	kindBuilt:  {maize: 1, soya: 1, plots: 4, rice: 0.5, meadow: 1, grass: 1.5, orchard: 3},
	kindGround: {maize: 1, soya: 1, plots: 2, rice: 0.5, meadow: 1.5, grass: 1.5},
	kindWater:  {maize: 1, soya: 1, rice: 3, meadow: 2},
	kindTrees:  {forest: 1, belt: 5},
}

// alter injects the changes, and lists them, the traps and the approvals.
func (c *County) alter(l *layout, b bend, s sky) {
	bd := &builder{dice: newDice(l.seed, partChanges), l: l, find: newLocator(l.parcels), sky: s}
	n := max(8, int(math.Round(l.w*l.h/1e6*20)))
	crossings, infill := max(1, n/18), n/25
	for range crossings {
		bd.cross(len(bd.sites) == 0)
	}
	for range infill {
		bd.infill()
	}
	left := n - len(bd.sites)
	rest := map[string]int{kindGround: left * 27 / 100, kindWater: left * 14 / 100, kindTrees: left * 21 / 100}
	for _, k := range []string{kindGround, kindWater, kindTrees} {
		rest[k] = max(1, rest[k])
		left -= rest[k]
		bd.spread(k, rest[k])
	}
	bd.spread(kindBuilt, left)
	for _, st := range bd.sites {
		bd.erect(st)
		p := c.polygon(b, st.out)
		c.changes = append(c.changes, Change{
			Kind: st.kind, Polygon: p, Area: planarArea(p), ParcelCode: st.code, Crossing: st.crossing,
		})
	}
	c.permit(bd, b)
	for _, p := range l.parcels {
		if p.trap != "" {
			c.traps = append(c.traps, Trap{p.trap, c.polygon(b, p.out, p.holes...)})
		}
	}
	for _, r := range l.roofs {
		c.traps = append(c.traps, Trap{"roof", c.polygon(b, r)})
	}
	for _, cl := range s.clouds {
		for k, m := range [2]pt{cl.c, cl.shadow} {
			var r ring
			for i := range 24 {
				r = append(r, add(m, scale(turn(pt{1, 0}, float64(i)*math.Pi/12), cl.r*1.3)))
			}
			// Clouds do not bend with the ground, and may reach beyond it.
			p := c.polygon(bend{}, r)
			c.traps = append(c.traps, Trap{[2]string{"cloud", "shadow"}[k], p})
		}
	}
}

// accept records the site unless it is too near another, at the county's edge, or not visible.
func (b *builder) accept(s site) bool {
	r := s.out.bounds()
	if r.x0 < 3 || r.y0 < 3 || r.x1 > b.l.w-3 || r.y1 > b.l.h-3 {
		return false
	}
	if b.sky.hides(pt{(r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2}, math.Hypot(r.x1-r.x0, r.y1-r.y0)/2+20) {
		return false
	}
	near := r.grow(12)
	if slices.ContainsFunc(b.taken, near.meets) {
		return false
	}
	b.taken = append(b.taken, r)
	b.sites = append(b.sites, s)
	return true
}

// spread puts up to n sites of a kind on its hosts.
func (b *builder) spread(kind string, n int) {
	like := hosts[kind]
	var on []*parcel
	for _, p := range b.l.parcels {
		if like[p.cover] > 0 && p.trap == "" {
			on = append(on, p)
		}
	}
	weight := func(i int) float64 { return like[on[i].cover] * math.Abs(on[i].out.area()) }
	for range 6 {
		for _, i := range byWeight(b.dice, len(on), weight) {
			if n == 0 {
				return
			}
			if b.try(kind, on[i]) {
				n--
			}
		}
	}
}

// try looks for a site of the kind within p.
func (b *builder) try(kind string, p *parcel) bool {
	s := site{kind: kind, along: p.along, code: p.code}
	if p.cover == belt {
		lo, hi := p.out.span(p.along)
		w := b.between(28, 90)
		if hi-lo < w+10 {
			return false
		}
		x := b.between(lo+4, hi-w-4)
		piece := p.out.slice(p.along, x, x+w)[1]
		if piece == nil {
			return false
		}
		s.out = piece
		return b.accept(s)
	}
	w, h, least := b.size(kind)
	lo, hi := p.out.span(left(p.along))
	h = min(h, hi-lo-4) // strips are often narrower
	r := p.out.bounds()
	for range 12 {
		c := pt{b.between(r.x0, r.x1), b.between(r.y0, r.y1)}
		w, h := w, h
		for range 4 {
			at := c
			if kind == kindBuilt && b.chance(0.6) {
				at = b.atEnd(p, c, w)
			}
			if b.within(p, box(at, p.along, w+2, h+2)) {
				out := box(at, p.along, w, h)
				switch {
				case kind == kindWater && b.chance(0.5):
					out = rounded(at, p.along, w, h, min(w, h)*0.22)
				case kind != kindBuilt:
					out = b.blob(out, 18, 0.62, 1)
				}
				s.out = out
				if math.Abs(out.area()) >= least && b.accept(s) {
					return true
				}
				break
			}
			w, h = w*0.85, h*0.85
		}
	}
	return false
}

// size draws the sides of a site and the least area in m² that it may shrink to. One in eight is below the minimum
// areas of the regulation, the others are not.
func (b *builder) size(kind string) (w, h, least float64) {
	small := b.chance(0.12)
	switch {
	case kind == kindBuilt && small:
		return b.between(10, 15), b.between(8, 12), 70
	case kind == kindBuilt && b.chance(0.6):
		return b.between(20, 38), b.between(16, 28), 270
	case kind == kindBuilt:
		return b.between(45, 95), b.between(26, 58), 900
	case small:
		return b.between(14, 20), b.between(11, 16), 70
	case kind == kindGround:
		return b.between(30, 85), b.between(22, 60), 450
	}
	return b.between(36, 90), b.between(30, 62), 750
}

// atEnd moves c along p to one of its ends, where the road is: most is built there.
func (b *builder) atEnd(p *parcel, c pt, w float64) pt {
	lo, hi := p.out.span(p.along)
	end := lo + w/2 + 3
	if b.chance(0.5) {
		end = hi - w/2 - 3
	}
	return add(c, scale(p.along, end-dot(c, p.along)))
}

// within reports whether p covers r: its vertices, and points along its edges.
func (b *builder) within(p *parcel, r ring) bool {
	for i, a := range r {
		e := r[(i+1)%len(r)]
		for k := range 4 {
			if !p.holds(lerp(a, e, float64(k)/4)) {
				return false
			}
		}
	}
	for _, h := range p.holes {
		if h.bounds().meets(r.bounds()) {
			return false
		}
	}
	return true
}

// cross puts a building over a field road and what lies beside it; a ditch is asked for when ditched.
func (b *builder) cross(ditched bool) {
	var roads []*parcel
	for _, p := range b.l.parcels {
		if p.code == "1006" {
			roads = append(roads, p)
		}
	}
	for _, i := range byWeight(b.dice, len(roads), func(i int) float64 { return math.Abs(roads[i].out.area()) }) {
		p := roads[i]
		lo, hi := p.out.span(p.along)
		w, h := b.between(38, 75), b.between(34, 60)
		if hi-lo < w+20 {
			continue
		}
		m := p.out.middle()
		c := add(m, scale(p.along, b.between(lo+w/2+8, hi-w/2-8)-dot(m, p.along)))
		c = add(c, scale(left(p.along), b.between(-6, 6)))
		if !b.open(c, p.along, w, h, ditched) {
			continue
		}
		if b.accept(site{kind: kindBuilt, out: box(c, p.along, w, h), along: p.along, code: b.find.at(c).code, crossing: true}) {
			return
		}
	}
}

// open reports whether the rectangle lies on fields and what belongs to them.
func (b *builder) open(c, u pt, w, h float64, ditched bool) bool {
	crop, ditch := false, false
	for i := -3; i <= 3; i++ {
		for j := -12; j <= 12; j++ {
			p := b.find.at(add(c, add(scale(u, w*float64(i)/6), scale(left(u), h*float64(j)/24))))
			if p == nil || p.trap != "" || p.cover == fallow {
				return false
			}
			switch p.code {
			case "0103", "0101":
				crop = true
			case "1107":
				ditch = true
			case "1006", "0301":
			default:
				return false
			}
		}
	}
	return crop && (ditch || !ditched)
}

// infill builds on a garden in a village.
func (b *builder) infill() {
	for _, i := range b.Perm(len(b.l.vacant)) {
		v := b.l.vacant[i]
		if b.accept(site{kind: kindBuilt, out: box(v.c, v.u, v.w-2, v.depth-2), along: v.u, code: "0702"}) {
			return
		}
	}
}
