package synth

import (
	"math"
	"slices"
)

// stream is the river: it runs from the top of the county to its bottom and meanders in a corridor between levees.
type stream struct {
	dice
	x0, slope     float64 // the corridor's axis is x0 + slope·y
	half          float64 // half the corridor's width
	amp, wave     float64
	phase, phase2 float64
	wide          float64
}

// newStream returns nil for a county too narrow for a river.
func newStream(d dice, w, h float64) *stream {
	if w < 600 {
		return nil
	}
	s := &stream{dice: d, amp: min(120, w*0.034), wide: min(52, 16+w*0.006)}
	s.half = s.amp + s.wide/2 + 14 + 45
	s.wave = s.amp * 11
	s.slope = d.between(-0.1, 0.1) * min(1, w/h)
	s.x0 = w*d.between(0.3, 0.7) - s.slope*h/2
	s.phase, s.phase2 = d.between(0, 6.28), d.between(0, 6.28)
	return s
}

func (s *stream) centre(y float64) float64 {
	a := 2*math.Pi*y/s.wave + s.phase
	return s.x0 + s.slope*y + s.amp*(0.72*math.Sin(a+0.5*math.Sin(a*0.31))+0.28*math.Sin(2.3*a+s.phase2))
}

// banks returns where, at y, the flat and the water begin and end, from left to right.
func (s *stream) banks(y float64) [4]float64 {
	c, a := s.centre(y), 2*math.Pi*y/s.wave+s.phase
	w := s.wide / 2 * (1 + 0.18*math.Sin(y/37+s.phase2))
	// Sand lies on the inner side of a bend.
	in := math.Sin(a + 0.5*math.Sin(a*0.31))
	fl := 1.5 + 11*max(0, in+0.15*math.Sin(y/9))
	fr := 1.5 + 11*max(0, -in+0.15*math.Sin(y/11))
	return [4]float64{c - w - fl, c - w, c + w, c + w + fr}
}

// valley furnishes the river's corridor in band, a convex ring with upright top and bottom edges, and returns the
// land on either side of it.
func (l *layout) valley(s *stream, band ring) []ring {
	if band == nil {
		return nil
	}
	if s == nil {
		return []ring{band}
	}
	n := unit(pt{1, -s.slope})
	at := func(off float64) float64 { return (s.x0 + off) * n[0] }
	const bank = 7
	p := band.slice(n, at(-s.half), at(-s.half+bank), at(s.half-bank), at(s.half))
	down := unit(pt{s.slope, 1})
	l.road(s.dice, "1109", levee, p[1], down)
	l.road(s.dice, "1109", levee, p[3], down)
	b := band.bounds()
	edge := func(off float64) func(y float64) float64 {
		return func(y float64) float64 { return s.x0 + off + s.slope*y }
	}
	shore := func(k int) func(y float64) float64 {
		return func(y float64) float64 { return s.banks(y)[k] }
	}
	parts := max(1, int((b.y1-b.y0)/110))
	ys := []float64{b.y0}
	for k := 1; k < parts; k++ {
		ys = append(ys, b.y0+(b.y1-b.y0)*(float64(k)+s.between(-0.25, 0.25))/float64(parts))
	}
	ys = append(ys, b.y1)
	rungs := ladder(ys)
	for k := 0; k < parts; k++ {
		for side := range 2 {
			xa, xb := edge(-s.half+bank), shore(0)
			if side == 1 {
				xa, xb = shore(3), edge(s.half-bank)
			}
			code, c := "0101", rice
			switch f := s.Float64(); {
			case f < 0.25:
				code, c = "0401", meadow
			case f < 0.45:
				code, c = "0301", forest
			case f < 0.6:
				code, c = "0103", maize
			}
			l.put(code, c, ribbon(rungs, ys[k], ys[k+1], xa, xb), pt{1, 0})
		}
	}
	for k := 0; k < parts; k += 4 {
		y0, y1 := ys[k], ys[min(k+4, parts)]
		l.put("1106", flat, ribbon(rungs, y0, y1, shore(0), shore(1)), down)
		l.put("1101", river, ribbon(rungs, y0, y1, shore(1), shore(2)), down)
		l.put("1106", flat, ribbon(rungs, y0, y1, shore(2), shore(3)), down)
	}
	return []ring{p[0], p[4]}
}

// ladder returns the stations ys with a rung at every multiple of a fixed step between them.
func ladder(ys []float64) []float64 {
	const step = 9
	rungs := append([]float64(nil), ys...)
	for k := math.Floor(ys[0]/step) + 1; k*step < ys[len(ys)-1]; k++ {
		rungs = append(rungs, k*step)
	}
	slices.Sort(rungs)
	return slices.Compact(rungs)
}

// ribbon returns the outline between two lines xa(y) < xb(y) for y in [y0, y1]. It has a vertex at each rung, so that
// what lies on either side of a line shares its vertices.
func ribbon(rungs []float64, y0, y1 float64, xa, xb func(float64) float64) ring {
	i, _ := slices.BinarySearch(rungs, y0)
	j, _ := slices.BinarySearch(rungs, y1)
	var r ring
	for _, y := range rungs[i : j+1] {
		r = append(r, pt{xb(y), y})
	}
	for k := j; k >= i; k-- {
		r = append(r, pt{xa(rungs[k]), rungs[k]})
	}
	return r
}
