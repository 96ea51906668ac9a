package synth

import (
	"math"
	"slices"

	"tuban/raster"
)

// A cell of the index is the unit of painting: what may touch it is listed, in the order of painting.
const cellW, cellH = 256, 64

// scene is the county ready to be painted: outlines in pixels and what they are painted with.
type scene struct {
	pixel  float64
	w, h   int
	tex    *textures
	paints []paint
	shapes []shape
	// first and list hold the shapes of each cell: those of cell i are list[first[i]:first[i+1]].
	cols, rows int
	first      []int32
	list       []int32
	sky        sky
	seed       uint64
	step       uint32 // texels per pixel, 16 binary digits after the point
	takes      []take
	reach      float64 // how far from its outline a shape may show, in pixels, and per metre of its height
	lean       float64
}

// shape is an outline of one or more rings in pixels, filled by the even–odd rule at pixel centres.
type shape struct {
	edges  []edge
	bounds rect
	paint  [maxTakes]int32 // index of the paint in each take, −1 for none
	tone   float32
	lift   float32
	salt   uint32 // moves the textures, so that two parcels do not show the same
	level  level
}

// edge runs downwards from (x, y0) to y1; slope is dx/dy.
type edge struct{ x, y0, y1, slope float64 }

func newScene(o Options, l *layout, b bend, s sky) *scene {
	takes := l.takes
	sc := &scene{pixel: o.Pixel, w: o.Size, h: o.Height, tex: sharedTextures(), sky: s, seed: o.Seed, takes: takes}
	sc.step = uint32(o.Pixel / 0.5 * 65536)
	sc.spread()
	common := make([][len(stuffs)]int32, len(takes))
	for i, t := range takes {
		for k, lk := range stuffs {
			common[i][k] = int32(len(sc.paints))
			if t.season {
				lk = stuffOnDay(stuff(k), lk, float64(t.day.YearDay()))
			}
			p := sc.tex.mixed(lk, 1)
			p.dims = stuff(k) == shade
			sc.paints = append(sc.paints, p)
		}
		common[i][nothing] = -1
	}
	d := newDice(o.Seed, partPaint<<8)
	for i, p := range l.parcels {
		sh := outline(b, sc.pixel, append([]ring{p.out}, p.holes...)...)
		sh.tone, sh.salt = 1, uint32(d.Uint64())
		vigour := [2]float64{d.between(0.86, 1.06)}
		vigour[After] = 0.93 * (0.5 + 0.5*vigour[Before]) * d.between(0.93, 1.06) // later in the season, and another year
		d.Float64()                                                               // keeps the later draws where they were
		own := ownNumbers(o.Seed, i)
		for k, t := range takes {
			sh.paint[k] = int32(len(sc.paints))
			sc.paints = append(sc.paints, sc.parcelPaint(p, t, vigour[t.date], own))
		}
		sc.shapes = append(sc.shapes, sh)
	}
	things := slices.Clone(l.things)
	slices.SortStableFunc(things, func(a, b thing) int { return int(a.level) - int(b.level) })
	for _, t := range things {
		sh := outline(b, sc.pixel, t.out)
		sh.tone, sh.lift, sh.level = t.tone, t.lift, t.level
		if t.own != 0 {
			sh.salt = t.own
		} else if t.only <= 2 { // what further parts of a mosaic add does not change the others' textures
			sh.salt = uint32(d.Uint64())
		}
		for k, tk := range takes {
			sh.paint[k] = common[k][t.stuff[tk.date]]
			if t.only != 0 && int(t.only) != k+1 {
				sh.paint[k] = -1
			}
		}
		sc.shapes = append(sc.shapes, sh)
	}
	sc.index()
	return sc
}

// ownNumbers are four numbers in [0, 1) by which a parcel differs from others.
func ownNumbers(seed uint64, parcel int) (own [4]float64) {
	for k := range own {
		own[k] = float64(mix(seed, uint64(parcel)<<2|uint64(k), partSeason)>>11) / (1 << 53)
	}
	return own
}

func (sc *scene) parcelPaint(p *parcel, t take, vigour float64, own [4]float64) paint {
	c := p.cover
	if t.date == After {
		c = p.later
	}
	lk := covers[c]
	if t.season {
		lk = onDay(lk, c, float64(t.day.YearDay()), own)
	}
	switch {
	case t.date == After && p.trap == "harvested":
		lk = stubble
	case t.date == After && p.trap == "mulch":
		lk = filmRows
	case t.date == After && p.trap == "ploughed", t.date == Before && p.trap == "sown":
		lk = soil
	}
	pt := sc.tex.mixed(lk, float32(vigour))
	pt.date = int(t.date)
	n := left(p.along)
	pt.stepX, pt.stepY = int64(n[0]*sc.pixel*4*4096), int64(n[1]*sc.pixel*4*4096)
	return pt
}

// outline bends rings of the plan and turns them into pixels.
func outline(b bend, pixel float64, rings ...ring) shape {
	s := shape{bounds: rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}}
	for _, r := range rings {
		r = b.ring(r)
		for i, p := range r {
			p, q := scale(p, 1/pixel), scale(r[(i+1)%len(r)], 1/pixel)
			s.bounds = rect{min(s.bounds.x0, p[0]), min(s.bounds.y0, p[1]), max(s.bounds.x1, p[0]), max(s.bounds.y1, p[1])}
			if p[1] > q[1] {
				p, q = q, p
			}
			// Taken from the upper end, an edge is the same for the parcels on both its sides.
			if p[1] < q[1] {
				s.edges = append(s.edges, edge{p[0], p[1], q[1], (q[0] - p[0]) / (q[1] - p[1])})
			}
		}
	}
	return s
}

// index lists the shapes of each cell.
func (sc *scene) index() {
	sc.cols, sc.rows = (sc.w+cellW-1)/cellW, (sc.h+cellH-1)/cellH
	count := make([]int32, sc.cols*sc.rows+1)
	visit := func(s *shape, f func(int)) {
		r := s.bounds.grow(sc.reach + sc.lean*float64(s.lift)/sc.pixel)
		x0, x1 := max(0, int(math.Floor(r.x0))/cellW), min(sc.cols-1, int(math.Floor(r.x1))/cellW)
		y0, y1 := max(0, int(math.Floor(r.y0))/cellH), min(sc.rows-1, int(math.Floor(r.y1))/cellH)
		for y := y0; y <= y1; y++ {
			for x := x0; x <= x1; x++ {
				f(y*sc.cols + x)
			}
		}
	}
	for i := range sc.shapes {
		visit(&sc.shapes[i], func(c int) { count[c+1]++ })
	}
	for i := range count[1:] {
		count[i+1] += count[i]
	}
	sc.first = slices.Clone(count)
	sc.list = make([]int32, count[len(count)-1])
	for i := range sc.shapes {
		visit(&sc.shapes[i], func(c int) {
			sc.list[count[c]] = int32(i)
			count[c]++
		})
	}
}

// spread finds how far from its outline a shape may show: room for the point spread, for misplacement and for lean.
func (sc *scene) spread() {
	for i := range sc.takes {
		t := &sc.takes[i]
		sc.reach = max(sc.reach, 1.5+float64(t.margin()))
		sc.lean = max(sc.lean, 0.01+math.Hypot(t.lean[0], t.lean[1]))
	}
}

// cell returns the window of cell i.
func (sc *scene) cell(x, y int) raster.Window {
	return raster.Window{X: x * cellW, Y: y * cellH, W: cellW, H: cellH}
}
