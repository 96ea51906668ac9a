package synth

import "math"

var afterwards = [2]bool{false, true}

// erect puts on the ground what the second image shows of a change.
func (b *builder) erect(s site) {
	l, d := b.l, b.dice
	switch s.kind {
	case kindWater:
		m := s.out.middle()
		_, long, _ := s.out.axes()
		l.paint(shrink(s.out, 1+2.4/long, m), onChange, afterwards, bare, 0.8)
		l.paint(s.out, onChange, afterwards, water, b.between(0.85, 1.2))
	case kindGround:
		l.paint(s.out, onChange, afterwards, bare, b.between(0.88, 1.15))
		b.wheels(s)
	case kindTrees:
		l.paint(s.out, onChange, afterwards, felled, b.between(0.9, 1.1))
		b.wheels(s)
	case kindBuilt:
		b.premises(d, s, afterwards)
	default:
		b.erectFurther(s)
	}
}

// wheels draws the ruts of machines across a site.
func (b *builder) wheels(s site) {
	lo, hi := s.out.span(s.along)
	c := s.out.middle()
	for range 3 {
		u := turn(s.along, b.between(-0.5, 0.5))
		at := add(c, scale(left(u), b.between(-0.25, 0.25)*(hi-lo)))
		r := box(at, u, (hi-lo)*b.between(0.3, 0.6), 1.2)
		if s.out.covers(r) {
			b.l.paint(r, onChange, afterwards, bare, b.between(0.82, 0.9))
		}
	}
}

// premises are a house, a farmyard, a workshop or a building site, by size and chance.
// They stand at the dates and are nothing at another.
func (b *builder) premises(d dice, s site, dates [2]bool) {
	l, u, v := b.l, s.along, left(s.along)
	x0, x1 := s.out.span(u)
	y0, y1 := s.out.span(v)
	w, h := x1-x0, y1-y0
	c := add(scale(u, (x0+x1)/2), scale(v, (y0+y1)/2))
	l.paint(s.out, onChange, dates, clutter, b.between(0.85, 1.15))
	roofs := []stuff{redRoof, blueRoof, blueRoof, greyRoof, whiteRoof}
	roof := func() [2]stuff { return at(dates, roofs[d.IntN(len(roofs))]) }
	switch area := w * h; {
	case area < 220:
		l.house(c, u, w*0.82, h*0.72, 4, roof(), b.between(0.8, 1.1), onChangeRoof)
		return
	case area < 1100:
		// A house across the back, a shed at the side, goods in the yard.
		l.house(add(c, scale(v, -h*0.2)), u, w*b.between(0.55, 0.8), min(11, h*0.42), 5, roof(), b.between(0.8, 1.1), onChangeRoof)
		l.house(add(c, add(scale(u, w*0.34), scale(v, h*0.24))), v, h*0.32, min(7, w*0.2), 3, roof(), b.between(0.7, 1), onChangeRoof)
		l.litter(d, box(add(c, add(scale(u, -w*0.1), scale(v, h*0.25))), u, w*0.7, h*0.42), u, dates, onChangeRoof)
	case d.chance(0.55):
		b.halls(d, c, u, w, h, roof, dates)
	default:
		// A settlement's rows, or its foundations.
		n := max(1, int(h/19))
		for k := range n {
			y := h * ((float64(k)+0.4)/float64(n) - 0.5)
			m := max(1, int(w/17))
			for j := range m {
				x := w * ((float64(j)+0.5)/float64(m) - 0.5)
				at := add(c, add(scale(u, x), scale(v, y)))
				l.house(at, u, w/float64(m)*0.68, 8, 5.5, roof(), b.between(0.8, 1.1), onChangeRoof)
			}
		}
		l.litter(d, box(c, u, w*0.94, h*0.94), u, dates, onChange+1)
	}
}

// halls fills the rectangle with workshops side by side.
func (b *builder) halls(d dice, c, u pt, w, h float64, roof func() [2]stuff, dates [2]bool) {
	v := left(u)
	deep := min(h*0.4, b.between(12, 18))
	n := max(1, int(h/(deep+9)))
	for k := range n {
		y := h * ((float64(k)+0.5)/float64(n) - 0.5)
		for x := -w/2 + 4; x < w/2-12; {
			long := math.Min(b.between(18, 34), w/2-3-x)
			at := add(c, add(scale(u, x+long/2), scale(v, y)))
			if d.chance(0.8) {
				r := roof()
				b.l.house(at, u, long, deep, 7, r, b.between(0.8, 1.1), onChangeRoof)
				b.l.skylights(d, at, u, long, deep, dates, onChangeRoof)
			}
			x += long + 6
		}
	}
	b.l.litter(d, box(c, u, w*0.95, h*0.95), u, dates, onChange+1)
}
