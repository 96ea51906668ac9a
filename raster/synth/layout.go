package synth

import (
	"cmp"
	"math"
	"slices"
)

// cover is what a parcel looks like from above.
type cover uint8

const (
	grass cover = iota
	meadow
	maize
	soya
	rice
	fallow
	orchard
	plots // vegetable plots
	forest
	belt // shelterbelt
	highway
	track
	street
	homestead
	square
	works
	glass // ground between greenhouses
	pond
	river
	flat // sand and mud beside the river
	ditch
	levee
	graves
	weeds // on a field left alone for a year
)

// parcel is a Parcel in the plan.
type parcel struct {
	code  string
	cover cover
	out   ring
	holes []ring
	along pt // direction of rows or of the road
	// county, town and village say where the parcel lies: see district.
	district
	// trap names what happens to a field between the dates without being a change, "" for nothing.
	trap string
	// later is the cover at the second date.
	later cover
	// wrong is the class that the survey gives instead of code, "" where it is right.
	wrong string
	// adjustable says that the survey marks the parcel as land that could return to cropland (K).
	adjustable bool
}

// holds reports whether the parcel contains p.
func (p *parcel) holds(q pt) bool {
	if !p.out.holds(q) {
		return false
	}
	for _, h := range p.holes {
		if h.holds(q) {
			return false
		}
	}
	return true
}

// layout is the plan of the county: parcels that partition it, and what stands on them.
type layout struct {
	seed     uint64
	w, h     float64
	block    float64 // blocks of fields are at most this long
	parcels  []*parcel
	villages []pt
	things   []thing
	vacant   []spot // gardens between homesteads
	roofs    []ring // roofs renewed between the dates
	takes    []take
	cond     Conditions
	stream   *stream // nil: no river
}

func (l *layout) put(code string, c cover, out ring, along pt, holes ...ring) *parcel {
	if out.solid() == nil {
		return nil
	}
	p := &parcel{code: code, cover: c, later: c, out: out, holes: holes, along: along}
	l.parcels = append(l.parcels, p)
	return p
}

// The parts of the layout that draw from dice of their own.
const (
	partRoads = iota + 1
	partRiver
	partUses
	partFarm
	partVillage
	partWorks
	partNature
	partCrops
	partChanges
	partSky
	partPaint
	partApprovals
	partTakes
	partSeams
	partFinish
	partLabels
	partKinds
	partSeason
	partPonds
	partStory
	partDistricts
	partLayers
)

// plan lays out the county of w × h metres.
func plan(seed uint64, w, h float64, cond Conditions, takes []take) *layout {
	l := &layout{seed: seed, w: w, h: h, cond: cond, takes: takes, block: max(90, min(520, max(w, h)/3.6))}
	d := newDice(seed, partRoads)
	whole := rect{0, 0, w, h}.ring()
	var cuts []float64
	if h >= 500 {
		const wide = 10
		n := max(1, int(math.Round(h/2600)))
		for k := range n {
			y := h * (float64(k) + d.between(0.38, 0.62)) / float64(n)
			cuts = append(cuts, y-wide/2, y+wide/2)
		}
	}
	var blocks []ring
	l.stream = newStream(newDice(seed, partRiver), w, h)
	for i, band := range whole.slice(pt{0, 1}, cuts...) {
		if i%2 == 1 {
			l.road(d, "1003", highway, band, pt{1, 0})
			continue
		}
		for _, side := range l.valley(l.stream, band) {
			b := side.bounds()
			if i > 0 {
				side = l.fringe(d, side, b.y0, true)
			}
			if i < len(cuts) {
				side = l.fringe(d, side, b.y1, false)
			}
			blocks = l.divide(d, side, blocks)
		}
	}
	l.settle(blocks)
	l.sow()
	l.ebb()
	return l
}

// fringe cuts a shelterbelt or a ditch off the edge of side that runs along the highway at y.
func (l *layout) fringe(d dice, side ring, y float64, above bool) ring {
	code, c, wide := "0301", belt, d.between(9, 13)
	if d.chance(0.3) {
		code, c, wide = "1107", ditch, 4
	}
	if above {
		p := side.slice(pt{0, 1}, y+wide)
		l.road(d, code, c, p[0], pt{1, 0})
		return p[1]
	}
	p := side.slice(pt{0, 1}, y-wide)
	l.road(d, code, c, p[1], pt{1, 0})
	return p[0]
}

// road adds the long strip r as parcels of some length each, as surveys cut roads at village bounds.
func (l *layout) road(d dice, code string, c cover, r ring, along pt) {
	if r == nil {
		return
	}
	lo, hi := r.span(along)
	n := max(1, int((hi-lo)/d.between(500, 900)))
	var at []float64
	for k := 1; k < n; k++ {
		at = append(at, lo+(hi-lo)*float64(k)/float64(n))
	}
	for _, piece := range r.slice(along, at...) {
		l.put(code, c, piece, along)
	}
}

// divide halves the convex ring r by roads until its blocks are short enough, and appends those to blocks.
func (l *layout) divide(d dice, r ring, blocks []ring) []ring {
	if r == nil {
		return blocks
	}
	u, long, _ := r.axes()
	if long <= l.block {
		return append(blocks, r)
	}
	n := turn(u, d.between(-0.15, 0.15))
	lo, hi := r.span(n)
	type strip struct {
		code  string
		cover cover
		wide  float64
	}
	var strips []strip
	switch {
	case long > 1700:
		strips = []strip{{"0301", belt, 11}, {"1003", highway, 8}, {"1107", ditch, 3.5}}
	case d.chance(0.4):
		strips = []strip{{"1107", ditch, 3}, {"1006", track, d.between(4, 6)}, {"0301", belt, d.between(8, 12)}}
	case d.chance(0.35):
		strips = []strip{{"1006", track, d.between(4, 5.5)}, {"1107", ditch, 2.6}}
	case d.chance(0.3):
		strips = []strip{{"0301", belt, d.between(9, 14)}, {"1006", track, 4}}
	default:
		strips = []strip{{"1006", track, d.between(3.6, 5.5)}}
	}
	at := []float64{lo + (hi-lo)*d.between(0.4, 0.6)}
	for _, s := range strips {
		at = append(at, at[len(at)-1]+s.wide)
	}
	pieces := r.slice(n, at...)
	for i, s := range strips {
		l.road(d, s.code, s.cover, pieces[i+1], left(n))
	}
	return l.divide(d, pieces[len(pieces)-1], l.divide(d, pieces[0], blocks))
}

// settle decides what each block is used for. Woods cluster, villages keep their distance, the rest is farmland.
func (l *layout) settle(blocks []ring) {
	d := newDice(l.seed, partUses)
	n := len(blocks)
	quota := func(share float64, least int) int {
		if n < 4 {
			least = 0
		}
		return max(least, int(math.Round(share*float64(n))))
	}
	free := make([]int, n)
	for i := range free {
		free[i] = i
	}
	d.Shuffle(n, func(i, j int) { free[i], free[j] = free[j], free[i] })
	take := func(k int, f func(ring)) {
		for ; k > 0 && len(free) > 0; k-- {
			f(blocks[free[0]])
			free = free[1:]
		}
	}
	// Villages first: each as far as can be from those there are, among a few at random.
	for k := quota(0.085, 1); k > 0 && len(free) > 0; k-- {
		best, far := 0, -1.0
		for i, b := range free[:min(len(free), 12)] {
			c := blocks[b].middle()
			near := min(c[0], l.w-c[0], c[1], l.h-c[1]) + 150
			for _, v := range l.villages {
				near = min(near, dist(c, v))
			}
			if near > far {
				best, far = i, near
			}
		}
		b := free[best]
		free = slices.Delete(free, best, best+1)
		l.village(blocks[b])
	}
	p1, p2 := d.between(0, 6.28), d.between(0, 6.28)
	hill := func(b int) float64 {
		c := blocks[b].middle()
		return math.Sin(c[0]/900+p1) + math.Sin(c[1]/700+p2) + 0.4*math.Sin(float64(b)*2.4)
	}
	slices.SortStableFunc(free, func(a, b int) int { return cmp.Compare(hill(b), hill(a)) })
	take(quota(0.09, 1), l.wood)
	d.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	take(quota(0.045, 1), l.pasture)
	take(quota(0.04, 1), l.factory)
	take(quota(0.035, 1), l.greenhouses)
	take(quota(0.05, 1), l.paddies)
	take(len(free), l.farm)
}
