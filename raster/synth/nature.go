package synth

// wood is a block of trees with a clearing of grass along its edge.
func (l *layout) wood(r ring) {
	d := newDice(l.seed, partNature+uint64(len(l.parcels))<<8)
	u, _, _ := r.axes()
	g := d.blob(r, 44, 0.55, 0.99)
	l.put("0404", grass, r, u, g)
	code := "0301"
	if d.chance(0.3) {
		code = "0307"
	}
	clearing := shrink(g, 0.16, add(g.middle(), scale(turn(pt{1, 0}, d.between(0, 6.28)), 0.4*g.reach(g.middle(), u))))
	if g.covers(clearing) && d.chance(0.6) {
		l.put(code, forest, g, u, clearing)
		l.put("0404", grass, clearing, u)
		return
	}
	l.put(code, forest, g, u)
}

// shrink returns r scaled by f and moved so that its middle is c.
func shrink(r ring, f float64, c pt) ring {
	m := r.middle()
	out := make(ring, len(r))
	for i, p := range r {
		out[i] = add(c, scale(sub(p, m), f))
	}
	return out
}

// pasture is a block of grass with a large pond, fish ponds or groves.
func (l *layout) pasture(r ring) {
	d := newDice(l.seed, partNature+uint64(len(l.parcels))<<8)
	u, _, _ := r.axes()
	if d.chance(0.5) {
		lake := d.blob(r, 40, 0.35, 0.75)
		l.put("0401", meadow, r, u, lake)
		l.put("1104", pond, lake, u)
		return
	}
	lo, hi := r.span(u)
	p := r.slice(u, lo+(hi-lo)*0.5)
	if p[1] != nil {
		grove := d.blob(p[1], 30, 0.3, 0.8)
		l.put("0404", grass, p[1], u, grove)
		l.put("0301", forest, grove, u)
	}
	l.fishponds(d, p[0], u)
}

// fishponds are rounded basins with bunds of grass between them.
func (l *layout) fishponds(d dice, r ring, u pt) {
	if r == nil {
		return
	}
	v := left(u)
	var basins []ring
	x0, x1 := r.span(u)
	y0, y1 := r.span(v)
	const w, h = 62, 38
	for x := x0 + w/2 + 3; x < x1-w/2; x += w + 7 {
		for y := y0 + h/2 + 3; y < y1-h/2; y += h + 6 {
			c := add(scale(u, x), scale(v, y))
			if d.chance(0.12) || !r.covers(box(c, u, w+4, h+4)) {
				continue
			}
			basins = append(basins, rounded(c, u, w, h, 7))
		}
	}
	l.put("0404", grass, r, u, basins...)
	for _, b := range basins {
		l.put("1104A", pond, b, u)
	}
}

// ebb lowers the water of some ponds.
func (l *layout) ebb() {
	if l.cond.Ponds <= 0 {
		return
	}
	d := newDice(l.seed, partPonds)
	for _, p := range l.parcels {
		_, _, short := p.out.axes()
		if p.cover != pond || short < 12 || !d.chance(l.cond.Ponds) {
			continue
		}
		p.trap = "level"
		l.paint(p.out, onGround, afterwards, mud, 1)
		l.paint(shrink(p.out, 1-2*d.between(0.8, 2.5)/short, p.out.middle()), onGround, afterwards, water, d.between(0.95, 1.1))
	}
}

// rounded returns a rectangle with its corners rounded to the radius q.
func rounded(c, u pt, w, h, q float64) ring {
	v := left(u)
	var out ring
	for k, s := range [4]pt{{1, 1}, {-1, 1}, {-1, -1}, {1, -1}} {
		m := pt{s[0] * (w/2 - q), s[1] * (h/2 - q)}
		for j := range 4 {
			e := add(m, scale(turn(pt{1, 0}, (float64(k)+float64(j)/3)*1.5707963), q))
			out = append(out, add(c, add(scale(u, e[0]), scale(v, e[1]))))
		}
	}
	return out
}
