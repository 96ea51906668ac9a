package synth

import (
	"math"
)

// try looks for a site of the kind within p.
func (b *builder) try(kind string, p *parcel) bool {
	s := site{kind: kind, along: p.along, code: p.class()}
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
			if (kind == kindBuilt || kind == kindRemoved) && b.chance(0.6) {
				at = b.atEnd(p, c, w)
			}
			if b.within(p, box(at, p.along, w+2, h+2)) {
				out := box(at, p.along, w, h)
				switch {
				case kind == kindWater && b.chance(0.5):
					out = rounded(at, p.along, w, h, min(w, h)*0.22)
				case !squared[kind]:
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
	if kind == kindRemoved {
		kind = kindBuilt
	}
	small := b.chance(0.12)
	if b.l.cond.Kinds && kind == kindBuilt && !small && b.chance(0.35) {
		// What is hard to see and yet counts: a house or two.
		return b.between(16, 22), b.between(13, 18), 205
	}
	switch {
	case kind == kindBuilt && small:
		return b.between(10, 15), b.between(8, 12), 70
	case kind == kindBuilt && b.chance(0.6):
		return b.between(20, 38), b.between(16, 28), 270
	case kind == kindBuilt:
		return b.between(45, 95), b.between(26, 58), 900
	case squared[kind]:
		return b.between(34, 90), b.between(24, 58), 700
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
		if b.accept(site{kind: kindBuilt, out: box(c, p.along, w, h), along: p.along, code: b.find.at(c).class(), crossing: true}) {
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
		if b.accept(site{kind: kindBuilt, out: box(v.c, v.u, v.w-2, v.depth-2), along: v.u, code: b.find.at(v.c).class()}) {
			return
		}
	}
}
