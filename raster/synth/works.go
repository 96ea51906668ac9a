package synth

// factory furnishes part of a block with sheds on a paved yard; the rest stays farmland.
func (l *layout) factory(r ring) {
	d := newDice(l.seed, partWorks+uint64(len(l.parcels))<<8)
	u, _, _ := r.axes()
	lo, hi := r.span(u)
	p := r.slice(u, lo+min(220, (hi-lo)*d.between(0.45, 0.7)))
	l.strips(d, p[1], u)
	if p[0] == nil {
		return
	}
	v := left(u)
	a, b := p[0].span(v)
	q := p[0].slice(v, a+min(240, (b-a)*d.between(0.6, 0.9)))
	l.strips(d, q[1], u)
	if l.put("0601", works, q[0], u) == nil {
		return
	}
	l.sheds(d, q[0], u, d.between(18, 28), d.between(45, 80), d.between(9, 16))
}

// sheds fills r with long halls, where they fit.
func (l *layout) sheds(d dice, r ring, u pt, deep, long, gap float64) {
	v := left(u)
	x0, x1 := r.span(u)
	y0, y1 := r.span(v)
	for y := y0 + gap/2 + deep/2; y < y1-deep/2; y += deep + gap {
		for x := x0 + gap/2 + long/2; x < x1-long/2; x += long + gap {
			c := add(scale(u, x), scale(v, y))
			hall := box(c, u, long, deep)
			if !r.covers(box(c, u, long+4, deep+4)) {
				continue
			}
			if d.chance(0.14) {
				l.litter(d, hall, u, both, onShade+1)
				continue
			}
			roof := []stuff{blueRoof, blueRoof, whiteRoof, greyRoof, redRoof}[d.IntN(5)]
			l.house(c, u, long, deep, d.between(7, 10), [2]stuff{roof, roof}, d.between(0.75, 1.1), onRoof)
			l.skylights(d, c, u, long, deep, both, onRoof)
		}
	}
}

// skylights dots a hall's roof.
func (l *layout) skylights(d dice, c, u pt, long, deep float64, dates [2]bool, lv level) {
	every := d.between(6, 9)
	for x := -long/2 + every/2; x < long/2; x += every {
		for _, y := range [2]float64{-deep / 4, deep / 4} {
			s, tone := whiteRoof, 1.0
			if d.chance(0.3) {
				s, tone = darkRoof, 0.9
			}
			at := add(c, add(scale(u, x), scale(left(u), y)))
			l.paint(box(at, u, 1.6, deep*0.28), lv, dates, s, tone)
		}
	}
}

// litter strews goods, heaps, pits and vehicles over r.
func (l *layout) litter(d dice, r ring, u pt, dates [2]bool, lv level) {
	x0, x1 := r.span(u)
	y0, y1 := r.span(left(u))
	n := int((x1 - x0) * (y1 - y0) / 26)
	kinds := []stuff{whitePaint, darkPaint, gravel, greyRoof, blueRoof, redRoof, darkRoof, whiteRoof}
	for range n {
		c := add(scale(u, d.between(x0, x1)), scale(left(u), d.between(y0, y1)))
		b := box(c, turn(u, d.between(-0.2, 0.2)), d.between(1.5, 4.5), d.between(1.2, 2.6))
		if !r.covers(b) {
			continue
		}
		l.cast(b, d.between(0.8, 2.4), lv-1, dates)
		l.paint(b, lv, dates, kinds[d.IntN(len(kinds))], d.between(0.6, 1.1))
	}
}

// covers reports whether all vertices of b are in r.
func (r ring) covers(b ring) bool {
	for _, p := range b {
		if !r.holds(p) {
			return false
		}
	}
	return true
}

// greenhouses furnishes part of a block with rows of plastic greenhouses.
func (l *layout) greenhouses(r ring) {
	d := newDice(l.seed, partWorks+uint64(len(l.parcels))<<8)
	u, _, _ := r.axes()
	if u[0]*u[0] < 0.5 {
		u = left(u)
	}
	lo, hi := r.span(left(u))
	p := r.slice(left(u), lo+min(150, (hi-lo)*d.between(0.3, 0.5)))
	l.strips(d, p[1], u)
	if p[0] == nil {
		return
	}
	a, b := p[0].span(u)
	q := p[0].slice(u, a+min(230, (b-a)*d.between(0.5, 0.9)))
	l.strips(d, q[1], u)
	if l.put("1202", glass, q[0], u) == nil {
		return
	}
	x0, x1 := q[0].span(u)
	y0, y1 := q[0].span(left(u))
	for y := y0 + 8; y < y1-6; y += 14 {
		for x := x0 + 4; x < x1-30; x += 76 {
			w := min(70, x1-x-6)
			c := add(scale(u, x+w/2), scale(left(u), y))
			if !q[0].covers(box(c, u, w+2, 10)) || d.chance(0.08) {
				continue
			}
			l.house(c, u, w, 8, 2.8, [2]stuff{film, film}, d.between(0.85, 1.1), onRoof)
		}
	}
}
