package synth

// farm cuts a block into fields in strips, with a track across where they would be too long.
func (l *layout) farm(r ring) {
	d := newDice(l.seed, partFarm+uint64(len(l.parcels))<<8)
	u, long, _ := r.axes()
	if d.chance(0.35) {
		u = left(u)
	}
	if lo, hi := r.span(u); hi-lo > 330 {
		x := lo + (hi-lo)*d.between(0.4, 0.6)
		p := r.slice(u, x, x+d.between(2.6, 4))
		l.put("1006", track, p[1], left(u))
		l.strips(d, p[0], u)
		l.strips(d, p[2], u)
		return
	}
	if long > 240 && d.chance(0.25) {
		lo, hi := r.span(left(u))
		y := lo + (hi-lo)*d.between(0.35, 0.65)
		p := r.slice(left(u), y, y+3, y+5.4)
		l.put("1006", track, p[1], u)
		l.put("1107", ditch, p[2], u)
		l.strips(d, p[0], u)
		l.strips(d, p[3], u)
		return
	}
	l.strips(d, r, u)
}

// strips cuts r into fields along u. Neighbouring families' strips differ in width, and now and then a ditch, a grove
// of graves or a pond lies among them.
func (l *layout) strips(d dice, r ring, u pt) {
	if r == nil {
		return
	}
	v := left(u)
	lo, hi := r.span(v)
	var cuts []float64
	var ditches []bool
	wide := d.between(22, 60)
	for y := lo; ; {
		y += wide * d.between(0.5, 1.6)
		if y > hi-14 {
			break
		}
		cuts, ditches = append(cuts, y), append(ditches, false)
		if d.chance(0.06) {
			y += 2.2
			cuts, ditches = append(cuts, y), append(ditches, true)
		}
	}
	for i, f := range r.slice(v, cuts...) {
		if f == nil {
			continue
		}
		// A cut marked in ditches is the far side of one.
		if i < len(ditches) && ditches[i] {
			l.put("1107", ditch, f, u)
			continue
		}
		l.field(d, f, u)
	}
}

func (l *layout) field(d dice, f ring, u pt) {
	_, long, short := f.axes()
	c := maize
	switch k := d.Float64(); {
	case k < 0.22:
		c = soya
	case k < 0.26:
		c = plots
	case k < 0.275:
		c = fallow
	}
	p := l.put("0103", c, f, u)
	if p == nil {
		return
	}
	l.seams(p.out, verge, d.between(0.7, 1.3))
	if short < 26 || long < 60 {
		return
	}
	m := f.middle()
	part := box(add(m, scale(u, d.between(-0.3, 0.3)*long)), u, short*d.between(0.6, 1.3), short*0.8)
	for _, q := range part {
		if !f.holds(q) {
			return
		}
	}
	switch k := d.Float64(); {
	case k < 0.035:
		g := d.blob(part, 16, 0.5, 0.95)
		p.holes = append(p.holes, g)
		l.put("09", graves, g, u)
	case k < 0.06:
		g := d.blob(part, 18, 0.6, 0.95)
		p.holes = append(p.holes, g)
		l.put("1104", pond, g, u)
	case k < 0.08:
		g := d.blob(part, 18, 0.6, 0.98)
		p.holes = append(p.holes, g)
		l.put("0301", forest, g, u)
	}
}

// seams draws the grown-over edge that separates a field from the next.
func (l *layout) seams(r ring, s stuff, tone float64) {
	for i, a := range r {
		l.line(a, r[(i+1)%len(r)], 0.9, s, tone)
	}
}

// paddies cuts a block into rice fields, one parcel a strip, with bunds across.
func (l *layout) paddies(r ring) {
	d := newDice(l.seed, partFarm+uint64(len(l.parcels))<<8)
	u, _, _ := r.axes()
	v := left(u)
	lo, hi := r.span(v)
	var cuts []float64
	for y := lo + d.between(30, 45); y < hi-20; y += d.between(30, 45) {
		cuts = append(cuts, y, y+2)
		y += 2
	}
	for i, p := range r.slice(v, cuts...) {
		if i%2 == 1 {
			l.put("1107", ditch, p, u)
			continue
		}
		if l.put("0101", rice, p, u) == nil {
			continue
		}
		a, b := p.span(u)
		y0, y1 := p.span(v)
		for x := a + d.between(25, 50); x < b-20; x += d.between(40, 80) {
			s, t := add(scale(u, x), scale(v, y0+1)), add(scale(u, x), scale(v, y1-1))
			if p.holds(s) && p.holds(t) {
				l.line(s, t, 0.9, bund, 1)
			}
		}
	}
}

// sow gives some fields a fate between the dates: most keep their crop, some change it, few are bare or under film.
func (l *layout) sow() {
	d := newDice(l.seed, partCrops)
	var fields []*parcel
	for _, p := range l.parcels {
		if p.code == "0103" && p.cover != fallow && len(p.holes) == 0 {
			fields = append(fields, p)
		}
	}
	d.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
	n := len(fields)
	share := func(f float64, least int) []*parcel {
		k := int(f * float64(n))
		if n > 40 {
			k = max(k, least)
		}
		s := fields[:min(k, len(fields))]
		fields = fields[len(s):]
		return s
	}
	if f := l.cond.Fields; f != (Fields{}) {
		for _, k := range []struct {
			trap  string
			share float64
		}{{"harvested", f.Harvested}, {"ploughed", f.Ploughed}, {"mulch", f.Mulch}, {"fallow", f.Fallow}, {"sown", f.Sown}} {
			for _, p := range share(k.share, 0) {
				if p.trap = k.trap; k.trap == "fallow" {
					p.later = weeds
				}
			}
		}
	} else if !l.cond.NoChange {
		for _, p := range share(0.006, 2) {
			p.trap = "harvested"
		}
		for _, p := range share(0.004, 1) {
			p.trap = "mulch"
		}
	}
	for _, p := range share(0.15, 4) {
		p.trap = "rotation"
		if p.later = soya; p.cover == soya {
			p.later = maize
		}
	}
}
