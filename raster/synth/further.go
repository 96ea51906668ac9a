package synth

import "math"

// The further kinds of change.
const (
	kindGreenhouse = "greenhouse"
	kindPV         = "pv"
	kindPond       = "pond"
	kindPlanting   = "planting"
	kindRemoved    = "removed"
	kindRegreened  = "regreened"
	kindCleared    = "cleared"
	kindSand       = "sand"
)

// squared are the kinds whose sites are rectangles.
var squared = map[string]bool{
	kindBuilt: true, kindGreenhouse: true, kindPV: true, kindPlanting: true, kindRemoved: true, kindPond: true,
}

// further adds sites of the further kinds beside n others.
func (b *builder) further(n int) {
	b.dice = newDice(b.l.seed, partKinds)
	for range max(1, n/40) {
		b.sandworks()
	}
	for _, k := range []struct {
		kind  string
		share float64
	}{
		{kindGreenhouse, .06}, {kindPV, .04}, {kindPond, .04}, {kindPlanting, .06}, {kindRemoved, .06}, {kindRegreened, .06},
		{kindCleared, .05},
	} {
		b.spread(k.kind, max(1, int(math.Round(k.share*float64(n)))))
	}
}

// sandworks finds a place at a river's bank.
func (b *builder) sandworks() {
	s := b.l.stream
	if s == nil {
		return
	}
	for range 40 {
		y := b.between(60, b.l.h-60)
		side := b.IntN(2)
		w, h := b.between(26, 40), b.between(45, 90)
		bank := s.banks(y)
		c := pt{bank[0] - w/2 + 4, y}
		if side == 1 {
			c = pt{bank[3] + w/2 - 4, y}
		}
		out := b.blob(box(c, pt{1, 0}, w, h), 20, 0.7, 1)
		p := b.find.at(c)
		if p == nil || p.trap != "" || !b.dry(out) {
			continue
		}
		if b.accept(site{kind: kindSand, out: out, along: pt{0, 1}, code: p.class(), crossing: true}) {
			return
		}
	}
}

// dry reports whether the outline stays clear of the river, its levees and roads.
func (b *builder) dry(r ring) bool {
	for i, a := range r {
		for k := range 4 {
			p := b.find.at(lerp(a, r[(i+1)%len(r)], float64(k)/4))
			if p == nil || p.cover == river || p.cover == levee || p.cover == highway {
				return false
			}
		}
	}
	return true
}

// erectFurther puts on the ground what the images show of a change of the further kinds.
func (b *builder) erectFurther(s site) {
	switch l := b.l; s.kind {
	case kindGreenhouse:
		b.tunnels(s)
	case kindPV:
		b.panels(s)
	case kindPond:
		b.basins(s)
	case kindPlanting:
		b.saplings(s)
	case kindRemoved:
		b.premises(b.dice, s, beforehand)
		st := []stuff{rubble, bare, sward}[b.IntN(3)]
		l.paint(s.out, onChange, afterwards, st, b.between(0.88, 1.1))
	case kindRegreened:
		st := []stuff{bare, rubble}[b.IntN(2)]
		l.paint(s.out, onChange, beforehand, st, b.between(0.88, 1.1))
		l.paint(s.out, onChange, afterwards, sward, b.between(0.85, 1.1))
	case kindCleared:
		l.paint(s.out, onChange, afterwards, []stuff{tilled, bare}[b.IntN(2)], b.between(0.9, 1.1))
	case kindSand:
		b.heaps(s)
	}
}

var beforehand = [2]bool{true, false}

// frame returns the middle of a site's rectangle and its sides along and across.
func (s site) frame() (c pt, w, h float64) {
	u, v := s.along, left(s.along)
	x0, x1 := s.out.span(u)
	y0, y1 := s.out.span(v)
	return add(scale(u, (x0+x1)/2), scale(v, (y0+y1)/2)), x1 - x0, y1 - y0
}

// tunnels are rows of film greenhouses with paths between them.
func (b *builder) tunnels(s site) {
	c, w, h := s.frame()
	b.l.paint(s.out, onChange, afterwards, earth, b.between(0.8, 1.05))
	n := max(1, int(h/11))
	for k := range n {
		y := h * ((float64(k)+0.5)/float64(n) - 0.5)
		at := add(c, scale(left(s.along), y))
		b.l.house(at, s.along, w-3, min(8, h/float64(n)-1.5), 2.8, [2]stuff{nothing, film}, b.between(0.85, 1.1), onChangeRoof)
	}
}

// panels are tables of solar panels that face south, over grass and earth.
func (b *builder) panels(s site) {
	ground := []stuff{sward, earth}[b.IntN(2)]
	b.l.paint(s.out, onChange, afterwards, ground, b.between(0.85, 1.05))
	r := s.out.bounds()
	for y := r.y0 + 3; y < r.y1-3; y += 6.5 {
		// Each row runs east as far as the outline lets it.
		x0, x1 := math.Inf(1), math.Inf(-1)
		for x := r.x0; x <= r.x1; x++ {
			if s.out.holds(pt{x - 1, y - 1.8}) && s.out.holds(pt{x + 1, y + 1.8}) && s.out.holds(pt{x - 1, y + 1.8}) && s.out.holds(pt{x + 1, y - 1.8}) {
				x0, x1 = min(x0, x), max(x1, x)
			}
		}
		if x1-x0 < 6 {
			continue
		}
		table := box(pt{(x0 + x1) / 2, y}, pt{1, 0}, x1-x0, 3.4)
		b.l.cast(table, 1.6, onChangeShade, afterwards)
		b.l.place(thing{
			out: table, level: onChangeRoof, stuff: at(afterwards, panel), tone: float32(b.between(0.92, 1.08)), lift: 1.6, along: pt{1, 0},
		})
	}
}

// basins are fish ponds with bunds between them.
func (b *builder) basins(s site) {
	c, w, h := s.frame()
	b.l.paint(s.out, onChange, afterwards, []stuff{earth, sward}[b.IntN(2)], b.between(0.9, 1.1))
	n := max(1, int(w/34))
	for k := range n {
		x := w * ((float64(k)+0.5)/float64(n) - 0.5)
		wide, deep := w/float64(n)-3, h-3.5
		b.l.paint(rounded(add(c, scale(s.along, x)), s.along, wide, deep, min(wide, deep)*0.2), onChange+1, afterwards, water, b.between(0.9, 1.15))
	}
}

// saplings are young trees in rows on what was a field.
func (b *builder) saplings(s site) {
	b.l.paint(s.out, onChange, afterwards, []stuff{earth, sward}[b.IntN(2)], b.between(0.75, 0.95))
	c, w, h := s.frame()
	every, apart := b.between(3, 4), b.between(3.4, 4.4)
	size := b.between(0.7, 1.25)
	for y := -h/2 + 2; y < h/2-1; y += apart {
		for x := -w/2 + 2; x < w/2-1; x += every {
			if b.chance(0.08) {
				continue
			}
			p := add(c, add(scale(s.along, x+b.between(-0.2, 0.2)), scale(left(s.along), y)))
			out := box(p, turn(pt{1, 0}, b.between(0, 1.5)), 2*size*b.between(0.8, 1.1), 2*size*b.between(0.8, 1.1))
			b.l.cast(out, 1.6*size, onChangeShade, afterwards)
			b.l.place(thing{
				out: out, level: onChangeRoof, stuff: at(afterwards, sapling), tone: float32(b.between(0.85, 1.15)), lift: float32(1.5 * size), along: pt{1, 0},
			})
		}
	}
}

// heaps are what sand works leave: bare sand, a pit full of water, heaps with a lit and a dark side.
func (b *builder) heaps(s site) {
	b.l.paint(s.out, onChange, afterwards, sand, b.between(0.85, 1.0))
	m := s.out.middle()
	pit := shrink(s.out, 0.34, add(m, scale(s.along, 0.3*s.out.reach(m, s.along))))
	if s.out.covers(pit) {
		b.l.paint(pit, onChange+1, afterwards, water, 1.2)
	}
	for range 4 + b.IntN(4) {
		r := b.between(2, 4.5)
		c := lerp(m, s.out[b.IntN(len(s.out))], b.between(0.3, 0.85))
		heap := rounded(c, pt{1, 0}, 2*r, 2*r, r*0.95)
		if !s.out.covers(heap) {
			continue
		}
		b.l.cast(heap, r*0.7, onChangeShade, afterwards)
		b.l.paint(heap, onChangeRoof, afterwards, gravel, b.between(0.95, 1.15))
	}
}
