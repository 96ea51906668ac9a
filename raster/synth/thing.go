package synth

import "math"

// stuff is what a thing is made of.
type stuff uint8

const (
	nothing stuff = iota
	verge
	bund
	garden
	concrete
	earth
	gravel
	clutter
	redRoof
	blueRoof
	greyRoof
	darkRoof
	whiteRoof
	film
	crown
	shade
	water
	bare
	felled
	whitePaint
	darkPaint
	sward
	sapling
	panel
	tilled
	sand
	rubble
	mud
)

// level orders what lies on the ground: a higher level is painted over a lower one.
type level uint8

const (
	onSeams level = iota
	onGround
	onShade
	onRoof
	onTreeShade
	onTree
	onChange // the ground of a change hides all that stood there
	onChangeShade
	onChangeRoof
)

// thing is an outline painted over the parcels.
type thing struct {
	out   ring
	level level
	// stuff at the two dates; nothing where the thing is absent.
	stuff [2]stuff
	tone  float32 // brightness, 1 = that of the stuff
	lift  float32 // height in metres: what is high leans with the view
	along pt
	// own moves the textures of what must look alike in counties that differ in other things; 0 draws for it.
	own uint32
	// only is the take that shows the thing, counted from 1; 0 = all takes do.
	only uint8
}

var both = [2]bool{true, true}

func at(dates [2]bool, s stuff) (t [2]stuff) {
	for d, is := range dates {
		if is {
			t[d] = s
		}
	}
	return t
}

func (l *layout) place(t thing) { l.things = append(l.things, t) }

// mark gives the things from the one numbered first on textures of their own, by number and by where they stand.
func (l *layout) mark(first int, number uint64) {
	for i := range l.things[first:] {
		t := &l.things[first+i]
		t.own = uint32(mix(l.seed^number, math.Float64bits(t.out[0][0]), math.Float64bits(t.out[0][1])^uint64(t.level))) | 1
	}
}

// paint lays something flat on the ground.
func (l *layout) paint(out ring, lv level, dates [2]bool, s stuff, tone float64) {
	l.place(thing{out: out, level: lv, stuff: at(dates, s), tone: float32(tone), along: pt{1, 0}})
}

// cast adds the shadow of a flat-topped body of the given height.
func (l *layout) cast(out ring, height float64, lv level, dates [2]bool) {
	for k, t := range l.takes {
		if !dates[t.date] {
			continue
		}
		pts := append(ring(nil), out...)
		for _, p := range out {
			pts = append(pts, add(p, scale(t.shadow, height)))
		}
		var only [2]bool
		only[t.date] = true
		l.place(thing{out: hull(pts), level: lv, stuff: at(only, shade), tone: 1, along: pt{1, 0}, only: uint8(k) + 1})
	}
}

// house adds a building with a ridge along u, w long and depth deep. Its slopes are of the stuffs given for each date.
func (l *layout) house(c, u pt, w, depth, height float64, roof [2]stuff, tone float64, lv level) {
	dates := [2]bool{roof[0] != nothing, roof[1] != nothing}
	l.cast(box(c, u, w, depth), height, lv-1, dates)
	v := left(u)
	for side, f := range [2]float64{-1, 1} {
		half := box(add(c, scale(v, f*depth/4)), u, w, depth/2)
		// The slope that faces the sun is the brighter one.
		t := tone * 0.8
		if (v[1] > 0) == (side == 1) {
			t = tone * 1.08
		}
		l.place(thing{out: half, level: lv, stuff: roof, tone: float32(t), lift: float32(height), along: u})
	}
}

// tree adds one crown of radius r.
func (l *layout) tree(d dice, c pt, r float64, dates [2]bool) {
	var out ring
	a := d.between(0, 1)
	for k := range 7 {
		u := turn(pt{1, 0}, a+float64(k)*0.8976)
		out = append(out, add(c, scale(u, r*d.between(0.85, 1.12))))
	}
	l.cast(out, r*1.9, onTreeShade, dates)
	l.place(thing{out: out, level: onTree, stuff: at(dates, crown), tone: float32(d.between(0.8, 1.2)), lift: float32(r * 2), along: pt{1, 0}})
}

// rows adds trees along the line from a to b.
func (l *layout) rows(d dice, a, b pt, every float64) {
	n := int(dist(a, b) / every)
	for k := range n {
		if d.chance(0.25) {
			continue
		}
		c := lerp(a, b, (float64(k)+d.between(0.3, 0.7))/float64(n))
		l.tree(d, add(c, pt{d.between(-0.8, 0.8), d.between(-0.8, 0.8)}), d.between(1.3, 2.5), both)
	}
}

// line adds a thin strip of stuff from a to b.
func (l *layout) line(a, b pt, wide float64, s stuff, tone float64) {
	if dist(a, b) < 0.5 {
		return
	}
	u := unit(sub(b, a))
	l.place(thing{out: box(lerp(a, b, 0.5), u, dist(a, b), wide), level: onSeams, stuff: at(both, s), tone: float32(tone), along: u})
}
