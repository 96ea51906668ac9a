package synth

import "slices"

// village furnishes a block with streets, rows of homesteads, and some fields at its edge.
func (l *layout) village(r ring) {
	d := newDice(l.seed, partVillage+uint64(len(l.villages))<<8)
	c := r.middle()
	l.villages = append(l.villages, c)
	u, long, short := r.axes()
	if u[0]*u[0] < 0.5 {
		u, short = left(u), long
	}
	if u[0] < 0 {
		u = scale(u, -1)
	}
	v := left(u)
	// Leave a field on one or both sides, so that villages are not as square as their blocks.
	if short > 220 {
		lo, hi := r.span(v)
		a, b := lo+(hi-lo)*d.between(0.05, 0.22), hi-(hi-lo)*d.between(0.05, 0.22)
		p := r.slice(v, a, b)
		l.strips(d, p[0], u)
		l.strips(d, p[2], u)
		r = p[1]
	}
	lo, hi := r.span(u)
	n := max(1, int((hi-lo)/d.between(105, 140)))
	var cuts []float64
	for k := 1; k < n; k++ {
		x := lo + (hi-lo)*float64(k)/float64(n)
		cuts = append(cuts, x-3, x+3)
	}
	quarters := r.slice(u, cuts...)
	for i, q := range quarters {
		if q == nil {
			continue
		}
		if i%2 == 1 {
			l.put("1004", street, q, v)
			a, b := q.span(v)
			m := dot(q.middle(), u)
			l.rows(d, add(scale(u, m-4.2), scale(v, a+5)), add(scale(u, m-4.2), scale(v, b-5)), 11)
			continue
		}
		l.quarter(d, q, u, i == 0 || i == len(quarters)-1)
	}
}

// quarter cuts a part of a village into rows with lanes between them.
func (l *layout) quarter(d dice, q ring, u pt, outer bool) {
	v := left(u)
	lo, hi := q.span(v)
	var cuts []float64
	for y := lo + d.between(34, 44); y+30 < hi; {
		cuts = append(cuts, y, y+4)
		y += 4 + d.between(34, 44)
	}
	rows := q.slice(v, cuts...)
	for i, row := range rows {
		if row == nil {
			continue
		}
		if i%2 == 1 {
			l.put("1004", street, row, u)
			continue
		}
		edge := (i == 0 || i == len(rows)-1) && (outer || d.chance(0.4)) || outer && d.chance(0.4)
		switch f := d.Float64(); {
		case edge && f < 0.2:
			l.put("0103", plots, row, u)
		case edge && f < 0.3:
			l.put("0201", orchard, row, u)
		case edge && f < 0.4:
			l.put("0404", grass, row, u)
		case !edge && f < 0.04:
			l.put("0810", square, row, u)
			a, b := row.span(u)
			m := row.middle()
			l.rows(d, add(m, scale(u, (a-b)/2.4)), add(m, scale(u, (b-a)/2.4)), 9)
		case !edge && f < 0.1:
			l.school(d, row, u)
		default:
			l.put("0702", homestead, row, u)
			l.lots(d, row, u, edge)
		}
	}
}

func (l *layout) school(d dice, row ring, u pt) {
	l.put("08H2", works, row, u)
	a, b := row.span(u)
	c, d0 := row.middle(), row.reach(row.middle(), left(u))
	l.house(add(c, scale(left(u), -d0*0.35)), u, (b-a)*0.55, 12, 11, [2]stuff{whiteRoof, whiteRoof}, 0.7, onRoof)
	l.paint(box(add(c, scale(left(u), d0*0.35)), u, (b-a)*0.4, 15), onGround, both, redRoof, 0.8)
}

// lots places one homestead after the other along a row.
func (l *layout) lots(d dice, row ring, u pt, edge bool) {
	v := left(u)
	a, b := row.span(u)
	y0, y1 := row.span(v)
	mid := (y0 + y1) / 2
	for x := a + 1; x < b-12; {
		w := d.between(14, 21)
		c := add(scale(u, x+w/2), scale(v, mid))
		lot := box(c, u, w, (y1-y0)-2)
		x += w
		if slices.ContainsFunc(lot, func(p pt) bool { return !row.holds(p) }) {
			continue
		}
		l.homestead(d, c, u, w, (y1-y0)-2, edge)
	}
}

// spot is a rectangle: w along u, depth across.
type spot struct {
	c, u     pt
	w, depth float64
}

// homestead is a house that looks south on a yard, with a garden behind it. u runs east, left(u) south.
func (l *layout) homestead(d dice, c, u pt, w, depth float64, edge bool) {
	v := left(u)
	go1 := func(x, y float64) pt { return add(c, add(scale(u, x), scale(v, y))) }
	l.line(go1(w/2, -depth/2), go1(w/2, depth/2), 0.6, earth, 0.6)
	if d.chance(0.12) {
		l.paint(box(c, u, w-2, depth-2), onGround, both, garden, d.between(0.9, 1.3))
		l.vacant = append(l.vacant, spot{c, u, w, depth})
		return
	}
	y := d.between(-0.14, 0.06) * depth
	hd, hw := d.between(6.5, 8.5), w*d.between(0.6, 0.85)
	l.paint(box(go1(0, (y-hd/2-depth/2)/2), u, w-1.5, depth/2+y-hd/2-1), onGround, both, garden, d.between(0.85, 1.25))
	yard := concrete
	if d.chance(0.4) {
		yard = earth
	}
	front := depth/2 - y - hd/2
	l.paint(box(go1(0, y+hd/2+front/2), u, w-1.2, front-0.6), onGround, both, yard, d.between(0.75, 1.1))
	if d.chance(0.6) {
		g := front * d.between(0.3, 0.5)
		l.paint(box(go1(d.between(-1, 1), depth/2-g/2-1), u, w*0.7, g), onGround, both, garden, d.between(0.9, 1.2))
	}
	roofs := []stuff{redRoof, redRoof, redRoof, greyRoof, greyRoof, darkRoof, blueRoof, blueRoof, whiteRoof}
	roof := [2]stuff{}
	roof[0] = roofs[d.IntN(len(roofs))]
	roof[1] = roof[0]
	if d.chance(0.04) && !l.cond.NoChange {
		roof[1] = blueRoof
		if roof[0] == blueRoof {
			roof[1] = redRoof
		}
		l.roofs = append(l.roofs, box(go1(0, y), u, hw, hd))
	}
	l.house(go1(0, y), u, hw, hd, d.between(3.6, 4.8), roof, d.between(0.72, 1.12), onRoof)
	if d.chance(0.7) {
		s := d.sign()
		shed := roofs[d.IntN(len(roofs))]
		l.house(go1(s*(w/2-2.6), y+hd/2+front*0.35), v, front*0.5, 3.6, 2.4, [2]stuff{shed, shed}, d.between(0.55, 0.95), onRoof)
	}
	for range d.IntN(4) {
		l.tree(d, go1(d.between(-0.45, 0.45)*w, d.between(-0.48, 0.48)*depth), d.between(1.2, 2.9), both)
	}
}
