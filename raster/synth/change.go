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

	kindGreenhouse: {maize: 1, soya: 1},
	kindPV:         {maize: 1, soya: 1, meadow: 3, grass: 2},
	kindPond:       {maize: 1, soya: 1, rice: 5},
	kindPlanting:   {maize: 1, soya: 1},
	kindRemoved:    {maize: 1, soya: 1},
	kindRegreened:  {maize: 1, soya: 1, meadow: 2, grass: 2},
	kindCleared:    {meadow: 1, grass: 1},
}

// alter injects the changes, and lists them, the traps and the approvals.
func (c *County) alter(l *layout, b bend, s sky) {
	bd := &builder{dice: newDice(l.seed, partChanges), l: l, find: newLocator(l.parcels), sky: s}
	if l.cond.NoChange {
		c.list(l, b, s)
		return
	}
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
	if l.cond.Kinds {
		bd.further(n)
	}
	for _, st := range bd.sites {
		bd.erect(st)
		p := c.polygon(b, st.out)
		c.changes = append(c.changes, Change{
			Kind: st.kind, Polygon: p, Area: planarArea(p), ParcelCode: st.code, Crossing: st.crossing,
		})
	}
	c.permit(bd, b)
	c.list(l, b, s)
}

// list lists the traps.
func (c *County) list(l *layout, b bend, s sky) {
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
