package synth

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// plot is a site of a story in the plan: a rectangle whose tenths, from one end to the other, go as a life says.
type plot struct {
	c, u pt
	w, h float64
}

// part is the rectangle of a stretch of the plot.
func (p plot) part(s stretch) ring {
	mid := (float64(s.a+s.b)/2/float64(len(whole)) - 0.5) * p.w
	return box(add(p.c, scale(p.u, mid)), p.u, p.w*float64(s.b-s.a)/float64(len(whole)), p.h)
}

// tell puts on the ground what the county's night shows of the story's sites, and writes down the truth.
func (c *County) tell(l *layout, b bend, s sky) {
	bd := &builder{l: l, find: newLocator(l.parcels), sky: s}
	if c.tale.plots == nil && !c.tale.layOut(bd) {
		return
	}
	plots := c.tale.plots
	for i, life := range lives {
		c.live(bd, b, life, fmt.Sprintf("S%02d", i+1), uint64(i), plots[i])
	}
	for i, v := range vigils {
		c.watch(bd, b, v, i, plots[len(lives)+i])
	}
	c.list(l, b, s)
}

// layOut finds a plot for each life and each watched place.
func (t *tale) layOut(b *builder) bool {
	b.dice = newDice(b.l.seed, partStory)
	for _, life := range lives {
		p, ok := b.plot(58, 76, 34, 42, life.border)
		if !ok && life.border {
			p, ok = b.plot(58, 76, 34, 42, false)
		}
		if !ok {
			t.missing = life.name
			return false
		}
		t.plots = append(t.plots, p)
	}
	for _, v := range vigils {
		p, ok := b.plot(34, 44, 28, 36, false)
		if !ok {
			t.missing = v.name
			return false
		}
		if v.side > 0 {
			p.w, p.h = v.side, v.side
		}
		t.plots = append(t.plots, p)
	}
	return true
}

// plot finds room for a site on fields.
func (b *builder) plot(w0, w1, h0, h1 float64, border bool) (plot, bool) {
	for range 20000 {
		x0, x1 := 0.0, b.l.w
		if border { // counties meet in the middle third
			x0, x1 = b.l.w/3, b.l.w*2/3
		}
		p := plot{c: pt{b.between(x0, x1), b.between(0, b.l.h)}, w: b.between(w0, w1), h: b.between(h0, h1)}
		at := b.find.at(p.c)
		if at == nil || !tilth(at) {
			continue
		}
		p.u = at.along
		counties := b.onFields(p, border)
		if len(counties) == 0 || border != (len(counties) > 1) {
			continue
		}
		if b.accept(site{out: box(p.c, p.u, p.w, p.h), along: p.u}) {
			return p, true
		}
	}
	return plot{}, false
}

// tilth reports whether the parcel is a field that looks like one at both dates.
func tilth(p *parcel) bool {
	return p.code == "0103" && p.trap == "" && (p.cover == maize || p.cover == soya) && p.later == p.cover
}

// onFields returns the counties that the plot lies in, none unless all of it, and a few metres around, lies on fields, or where
// it may cross on roads and ditches among them.
func (b *builder) onFields(p plot, cross bool) (counties []int) {
	across, over := math.Ceil(p.w/4), math.Ceil(p.h/4)
	for i := range int(across) + 1 {
		for j := range int(over) + 1 {
			x, y := (p.w+6)*(float64(i)/across-0.5), (p.h+6)*(float64(j)/over-0.5)
			at := b.find.at(add(p.c, add(scale(p.u, x), scale(left(p.u), y))))
			if at == nil || !tilth(at) && !(cross && (at.cover == track || at.cover == ditch)) {
				return nil
			}
			if !slices.Contains(counties, at.county) {
				counties = append(counties, at.county)
			}
		}
	}
	return counties
}

// live draws what the night shows of a life, and notes its patches and its approvals.
func (c *County) live(b *builder, bd bend, l life, id string, number uint64, p plot) {
	t := c.tale
	for k, part := range l.pieces() {
		kind := kindOf[l.nights[t.night-1][part.a]]
		if kind == "" {
			continue
		}
		// Each piece has dice of its own, so that it looks the same on every night.
		own := *b
		own.dice = newDice(b.l.seed, partStory<<16|number<<8|uint64(k)<<2)
		from := len(b.l.things)
		own.erect(site{kind: kind, out: p.part(part), along: p.u})
		b.l.mark(from, number<<4|uint64(k))
	}
	if l.hidden == t.night {
		c.hide(bd, p)
	}
	for _, n := range l.lineage(id)[t.night-1] {
		s := Sight{
			ID: n.id, Life: l.name, Kind: kindOf[n.kind], Polygon: c.polygon(bd, p.part(n.part)), Relation: n.relation, Reason: n.reason,
			Returned: n.returned, From: n.from, First: n.first, Triage: l.triage(n.part, n.first, t.night, c.Day(Before)),
		}
		t.sights = append(t.sights, s)
		if n.relation != IsGone {
			c.changes = append(c.changes, Change{
				Kind: s.Kind, Legal: s.Triage == Matched, Polygon: s.Polygon, Area: planarArea(s.Polygon), ParcelCode: b.find.at(p.c).class(),
			})
		}
	}
	site := c.polygon(bd, p.part(stretch{0, len(whole)}))
	if l.separate != "" {
		c.separate = append(c.separate, label{l.separate, site})
	}
	if l.decided {
		c.decided = append(c.decided, label{"伪变化", site})
	}
	for _, g := range l.permits {
		if g.listed > t.night {
			continue
		}
		at := stretch{strings.IndexByte(g.cover, '#'), strings.LastIndexByte(g.cover, '#') + 1}
		c.grants = append(c.grants, c.grant(bd, g.kind, g.purpose, g.day(c.Day(Before)), p, at))
	}
}

// grant is an approval of a stretch of the plot, with some metres around it, as approvals are drawn.
func (c *County) grant(b bend, kind GrantKind, purpose string, day time.Time, p plot, s stretch) Grant {
	const room = 6
	out := p.part(s)
	x0, x1 := out.span(p.u)
	poly := c.polygon(b, box(out.middle(), p.u, x1-x0+2*room, p.h+2*room))
	n := len(c.grants) + 1
	return Grant{
		Kind: kind, Number: fmt.Sprintf("德演批〔%d〕%d号", day.Year(), n), Name: fmt.Sprintf("演示项目%s", numeral(n)), Purpose: purpose, Date: day,
		Polygon: poly, Area: planarArea(poly),
	}
}

// watch draws what the first date and the night show of a watched place, and notes how it stands.
func (c *County) watch(b *builder, bd bend, v vigil, i int, p plot) {
	t := c.tale
	own := *b
	own.dice = newDice(b.l.seed, partStory<<24|uint64(i))
	from := len(b.l.things)
	s := site{out: box(p.c, p.u, p.w, p.h), along: p.u}
	own.show(v, s, t.night)
	b.l.mark(from, 1<<16|uint64(i))
	if v.hidden == t.night {
		c.hide(bd, p)
	}
	due := nightDays[0].AddDate(0, 0, v.due)
	c.watched = append(c.watched, Watched{
		ID: fmt.Sprintf("W%02d", i+1), Name: v.name, Type: v.kind, Due: due, Polygon: c.polygon(bd, s.out), State: v.state(t.night),
		Overdue: v.overdue(t.night, due),
	})
}

// hide leaves a hole in the second image where the plot is.
func (c *County) hide(b bend, p plot) {
	r := b.ring(box(p.c, p.u, p.w, p.h)).bounds().grow(4)
	px := c.opt.Pixel
	c.holes = append(c.holes, rect{math.Floor(r.x0 / px), math.Floor(r.y0 / px), math.Ceil(r.x1 / px), math.Ceil(r.y1 / px)})
}
