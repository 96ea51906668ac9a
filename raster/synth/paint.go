package synth

import (
	"math"

	"tuban/raster"
)

// canvas holds four planes of reflectance over a window that is at most a cell and its margin.
type canvas struct {
	raster.Window
	planes [4][]float32
	soft   [4][]float32 // the planes as the optics blur them, for images that are then put out of place
	live   []edge
	xs     []float64
	blur   []float32
}

func newCanvas() *canvas { return &canvas{} }

// over makes the canvas one of the window.
func (c *canvas) over(w raster.Window) {
	c.Window = w
	if len(c.blur) < w.W {
		c.blur = make([]float32, w.W)
	}
	for b := range c.planes {
		if n := int(w.Pixels()); cap(c.planes[b]) < n {
			c.planes[b] = make([]float32, n)
			c.soft[b] = make([]float32, n)
		}
		c.planes[b] = c.planes[b][:cap(c.planes[b])]
	}
}

// crossings appends where the row of pixel centres at y crosses the edges, in ascending order, moved by dx.
func (s *shape) crossings(xs []float64, edges []edge, y, dx float64) []float64 {
	for _, e := range edges {
		if y < e.y0 || y >= e.y1 {
			continue
		}
		x := e.x + (y-e.y0)*e.slope + dx
		k := len(xs)
		xs = append(xs, x)
		for ; k > 0 && xs[k-1] > x; k-- {
			xs[k] = xs[k-1]
		}
		xs[k] = x
	}
	return xs
}

// draw fills the shape with its paint of the take.
func (c *canvas) draw(sc *scene, s *shape, take int) {
	if s.paint[take] < 0 {
		return
	}
	t := &sc.takes[take]
	p := &sc.paints[s.paint[take]]
	off := add(t.moved, scale(t.lean, float64(s.lift)/sc.pixel))
	y0 := max(c.Y, int(math.Ceil(s.bounds.y0+off[1]-0.5)))
	y1 := min(c.Y+c.H, int(math.Ceil(s.bounds.y1+off[1]-0.5)))
	if y0 >= y1 || s.bounds.x1+off[0] < float64(c.X) || s.bounds.x0+off[0] > float64(c.X+c.W) {
		return
	}
	top, low := float64(y0)+0.5-off[1], float64(y1)-0.5-off[1]
	c.live = c.live[:0]
	for _, e := range s.edges {
		if e.y0 <= low && e.y1 > top {
			c.live = append(c.live, e)
		}
	}
	for y := y0; y < y1; y++ {
		yc := float64(y) + 0.5 - off[1]
		xs := s.crossings(c.xs[:0], c.live, yc, off[0])
		for k := 0; k+1 < len(xs); k += 2 {
			a := max(c.X, int(math.Ceil(xs[k]-0.5)))
			b := min(c.X+c.W, int(math.Ceil(xs[k+1]-0.5)))
			if a < b {
				c.span(sc, p, s, y, a, b)
			}
		}
		c.xs = xs
	}
}

// span paints the pixels [x0, x1) of row y.
func (c *canvas) span(sc *scene, p *paint, s *shape, y, x0, x1 int) {
	o := (y-c.Y)*c.W + x0 - c.X
	n := x1 - x0
	d0, d1, d2, d3 := c.planes[0][o:o+n], c.planes[1][o:o+n], c.planes[2][o:o+n], c.planes[3][o:o+n]
	if p.dims {
		for i := range d0 {
			d0[i] *= p.base[0]
			d1[i] *= p.base[1]
			d2[i] *= p.base[2]
			d3[i] *= p.base[3]
		}
		return
	}
	base, fine, broad, rows := p.base, p.fine, p.broad, p.rows
	for b := range 4 {
		base[b] *= s.tone
		fine[b] *= s.tone
		broad[b] *= s.tone
		rows[b] *= s.tone
	}
	// Texels are found by absolute position; uint32 arithmetic wraps at a multiple of the texture's side.
	tx := uint32(x0)*sc.step + s.salt<<16
	ty := (uint32(y)*sc.step + s.salt>>9<<16) >> 16
	tex := (*[side]int8)(p.tex[ty%side*side:][:side])
	// The broad patches are the same pattern at a quarter of the scale.
	wide := (*[side]int8)(sc.tex.patches[ty/4%side*side:][:side])
	if !p.hasRows {
		for i := range d0 {
			f := float32(tex[tx>>16%side])
			g := float32(wide[tx>>18%side])
			d0[i] = base[0] + f*fine[0] + g*broad[0]
			d1[i] = base[1] + f*fine[1] + g*broad[1]
			d2[i] = base[2] + f*fine[2] + g*broad[2]
			d3[i] = base[3] + f*fine[3] + g*broad[3]
			tx += sc.step
		}
		return
	}
	strips := &sc.tex.strips[p.date]
	at := int64(x0)*p.stepX + int64(y)*p.stepY + int64(s.salt>>18)<<12
	for i := range d0 {
		f := float32(tex[tx>>16%side])
		g := float32(wide[tx>>18%side])
		r := float32(strips[uint64(at)>>12%4096])
		d0[i] = base[0] + f*fine[0] + g*broad[0] + r*rows[0]
		d1[i] = base[1] + f*fine[1] + g*broad[1] + r*rows[1]
		d2[i] = base[2] + f*fine[2] + g*broad[2] + r*rows[2]
		d3[i] = base[3] + f*fine[3] + g*broad[3] + r*rows[3]
		tx += sc.step
		at += p.stepX
	}
}

// soften applies the sensor's point spread to row y of plane b and writes it to dst, which is the row without margin.
func (c *canvas) soften(dst []float32, b, y int) {
	const mid, rim = 0.66, 0.17
	o := (y - c.Y) * c.W
	m := c.planes[b][o : o+c.W]
	u, d := c.planes[b][o-c.W : o][:len(m)], c.planes[b][o+c.W : o+2*c.W][:len(m)]
	t := c.blur[:len(m)]
	for i := range t {
		t[i] = mid*m[i] + rim*(u[i]+d[i])
	}
	t0, t1, t2 := t[:len(dst)], t[1:][:len(dst)], t[2:][:len(dst)]
	for i := range dst {
		dst[i] = mid*t1[i] + rim*(t0[i]+t2[i])
	}
}
