package synth

import (
	"math"
	"time"

	"github.com/paulmach/orb"

	"tuban/raster"
)

// Seam is a part of a mosaic that was taken on one day.
type Seam struct {
	Ring   orb.Polygon
	Day    time.Time
	Sensor string
}

// Seams returns the parts of a date's mosaic, which partition the grid's rectangle; nil when it is of one piece.
func (c *County) Seams(d Date) []Seam {
	var out []Seam
	for i := range c.scene.takes {
		if t := &c.scene.takes[i]; t.date == d && t.part != nil {
			out = append(out, Seam{Ring: t.ring, Day: t.day, Sensor: t.sensor})
		}
	}
	return out
}

// cut gives each take of the second image its part of the county, if there are several: seam lines run from top to
// bottom in zigzags, as a mosaicking tool leads them along roads and field edges. The first part is the largest.
func (c *County) cut(takes []take) {
	parts := takes[After:]
	if len(parts) < 2 {
		return
	}
	d := newDice(c.opt.Seed, partSeams)
	w, h := float64(c.opt.Size)*c.opt.Pixel, float64(c.opt.Height)*c.opt.Pixel
	line := func(x, amp float64) ring {
		var r ring
		n := max(3, int(h/140))
		for k := range n + 1 {
			y := h * float64(k) / float64(n)
			r = append(r, pt{x + amp*d.between(-1, 1) + 0.06*w*math.Sin(4*float64(k)/float64(n)), y})
		}
		return r
	}
	lines := []ring{{{0, 0}, {0, h}}}
	for k := 1; k < len(parts); k++ {
		lines = append(lines, line(w*(0.5+0.5*float64(k-1)/float64(len(parts)-1)), min(60, 0.03*w)))
	}
	lines = append(lines, ring{{w, 0}, {w, h}})
	for k := range parts {
		out := append(ring(nil), lines[k]...)
		for i := len(lines[k+1]) - 1; i >= 0; i-- {
			out = append(out, lines[k+1][i])
		}
		// Seams do not bend with the ground.
		parts[k].ring = c.polygon(bend{}, out)
		s := outline(bend{}, c.opt.Pixel, out)
		parts[k].part = &s
	}
}

// touches reports whether the take shows any pixel of the window.
func (t *take) touches(w raster.Window) bool {
	if t.part == nil {
		return true
	}
	if !t.part.bounds.meets(rect{float64(w.X), float64(w.Y), float64(w.X + w.W), float64(w.Y + w.H)}) {
		return false
	}
	found := false
	var xs []float64
	for y := w.Y; y < w.Y+w.H && !found; y++ {
		xs = t.shown(xs, w.X, w.X+w.W, y, func(int, int) { found = true })
	}
	return found
}

// shown calls f with each span [a, b) of the pixels [x0, x1) of row y that the take shows.
func (t *take) shown(xs []float64, x0, x1, y int, f func(a, b int)) []float64 {
	if t.part == nil {
		f(x0, x1)
		return xs
	}
	xs = t.part.crossings(xs[:0], t.part.edges, float64(y)+0.5, 0)
	for k := 0; k+1 < len(xs); k += 2 {
		a := max(x0, int(math.Ceil(xs[k]-0.5)))
		b := min(x1, int(math.Ceil(xs[k+1]-0.5)))
		if a < b {
			f(a, b)
		}
	}
	return xs
}

// takeAt returns the take that shows the pixel of a date.
func (sc *scene) takeAt(d Date, x, y int) *take {
	for i := range sc.takes {
		t := &sc.takes[i]
		found := false
		if t.date == d {
			t.shown(nil, x, x+1, y, func(int, int) { found = true })
		}
		if found {
			return t
		}
	}
	return &sc.takes[d]
}
