package synth

import (
	"fmt"
	"sync"
	"time"

	"tuban/raster"
)

// New lays out the county: parcels, villages, river, changes. It holds outlines only, about 1 MB a square kilometre.
func New(o Options) *County { return newCounty(o, nil) }

// newCounty lays out the county of a night of a story, or one without.
func newCounty(o Options, story *tale) *County {
	if story != nil {
		o = story.settings(o)
	}
	o = o.withDefaults()
	w, h := float64(o.Size)*o.Pixel, float64(o.Height)*o.Pixel
	c := &County{opt: o, grid: newGrid(o), tale: story}
	takes := newTakes(o, w, h)
	if story != nil {
		story.expose(o.Seed, &takes[After])
	}
	c.days = [2]time.Time{takes[Before].day, takes[After].day}
	c.cut(takes)
	l := plan(o.Seed, w, h, o.Conditions, takes)
	node(l.parcels)
	b, s := newBend(o.Seed, w, h), newSky(o.Seed, w, h, takes[After])
	c.survey(l, b)
	if story != nil {
		c.tell(l, b, s)
	} else {
		c.alter(l, b, s)
		c.register()
	}
	c.draw(l, b)
	c.scene = newScene(o, l, b, s)
	// The finish of a date is made from its unfinished image.
	c.finish = [2]*finish{c.finishing(Before), c.finishing(After)}
	return c
}

var canvases = sync.Pool{New: func() any { return newCanvas() }}

// Fill paints the window w of the grid at the date d: planes are blue, green, red and near infrared, row-major over w,
// as reflectance × 10,000, or the 8-bit numbers of a finished date; 0 in all of them = no data. Pixels outside the grid are no data. It may be called
// concurrently. Planes of the wrong number or length are the caller's bug, and panic.
func (c *County) Fill(d Date, w raster.Window, planes [][]uint16) {
	if len(planes) != 4 {
		panic(fmt.Sprintf("synth: Fill needs 4 planes, not %d", len(planes)))
	}
	for _, p := range planes {
		if int64(len(p)) != w.Pixels() {
			panic(fmt.Sprintf("synth: a plane of %d values does not fit the window %v", len(p), w))
		}
	}
	in := w.Intersect(c.grid.Window())
	if in != w {
		for _, p := range planes {
			clear(p)
		}
	}
	if in.Empty() {
		return
	}
	cv := canvases.Get().(*canvas)
	defer canvases.Put(cv)
	for y := in.Y / cellH; y*cellH < in.Y+in.H; y++ {
		for x := in.X / cellW; x*cellW < in.X+in.W; x++ {
			c.render(cv, d, x, y, in, w, planes)
		}
	}
}

// render paints the part of a cell that lies in the window in, and writes it to planes, which cover w.
func (c *County) render(cv *canvas, d Date, cx, cy int, in, w raster.Window, planes [][]uint16) {
	sc := c.scene
	part := sc.cell(cx, cy).Intersect(in)
	for k := range sc.takes {
		t := &sc.takes[k]
		if t.date != d || !t.touches(part) {
			continue
		}
		sc.shoot(cv, k, cx, cy, part, func(y int, row *[4][]uint16) {
			if f := c.finish[d]; f != nil {
				f.apply(row, part.X, y, sc.pixel)
			}
			o := (y-w.Y)*w.W - w.X
			cv.xs = t.shown(cv.xs, part.X, part.X+part.W, y, func(a, b int) {
				for k, p := range planes {
					copy(p[o+a:o+b], row[k][a-part.X:])
				}
			})
			if d == After {
				c.blank(part, y, o, planes)
			}
		})
	}
}

// blank leaves the holes of the second image without data in the row y of a part whose pixel x is at o+x in planes.
func (c *County) blank(part raster.Window, y, o int, planes [][]uint16) {
	for _, h := range c.holes {
		x0, x1 := max(part.X, int(h.x0)), min(part.X+part.W, int(h.x1))
		if y < int(h.y0) || y >= int(h.y1) || x0 >= x1 {
			continue
		}
		for _, p := range planes {
			clear(p[o+x0 : o+x1])
		}
	}
}

// shoot paints the window part of a cell as a take shows it, and calls emit with each row.
func (sc *scene) shoot(cv *canvas, k, cx, cy int, part raster.Window, emit func(y int, row *[4][]uint16)) {
	t := &sc.takes[k]
	cv.over(part.Grow(t.margin()))
	for b, p := range cv.planes {
		// What no parcel covers lies outside the grid, in the margin of its edge pixels.
		raster.Fill(p[:cv.Pixels()], covers[grass].base[b])
	}
	i := cy*sc.cols + cx
	for _, s := range sc.list[sc.first[i]:sc.first[i+1]] {
		cv.draw(sc, &sc.shapes[s], k)
	}
	var veils []cloud
	if t.air.cloudy {
		veils = sc.sky.over(part, sc.pixel)
	}
	var band [4][cellW]float32
	var alpha, dim [cellW]float32
	var numbers [4][cellW]uint16
	var row [4][]uint16
	for b := range row {
		row[b] = numbers[b][:part.W]
	}
	warped := t.margin() > 1
	if warped {
		cv.blurAll(t.blur)
	}
	for y := part.Y; y < part.Y+part.H; y++ {
		if warped {
			cv.place(&band, t.drift, part.X, y, part.W, sc.pixel)
		} else {
			for b := range band {
				cv.soften(band[b][:part.W], b, y)
			}
		}
		if t.haze != nil {
			t.haze.dim(&band, alpha[:part.W], part.X, y, sc.pixel)
		}
		if len(veils) > 0 {
			sc.veil(veils, alpha[:part.W], dim[:part.W], part.X, y)
			for b := range band {
				row, k, s := band[b][:part.W], t.air.cloudColour[b], t.air.shadowFactor[b]
				for i, v := range row {
					v *= 1 - dim[i]*(1-s)
					row[i] = v + alpha[i]*(k-v)
				}
			}
		}
		if t.mixes {
			blend(&band, &t.mix, part.W)
		}
		sc.expose(t, part.X, y, &band, row)
		emit(y, &row)
	}
}

// blend applies the response of the sensor's bands to the first n pixels of a row.
func blend(band *[4][cellW]float32, m *[4]colour, n int) {
	for i := range n {
		v := colour{band[0][i], band[1][i], band[2][i], band[3][i]}
		for b := range m {
			band[b][i] = m[b][0]*v[0] + m[b][1]*v[1] + m[b][2]*v[2] + m[b][3]*v[3]
		}
	}
}

// expose turns a row of reflectance into numbers, as the sensor sees them through the air.
func (sc *scene) expose(t *take, x0, y int, band *[4][cellW]float32, out [4][]uint16) {
	// The difference of two uniform bytes is a triangular deviate with this standard deviation.
	const spread = 104.5
	o0, o1, o2, o3 := out[0], out[1], out[2], out[3]
	o1, o2, o3 = o1[:len(o0)], o2[:len(o0)], o3[:len(o0)]
	a, d := &t.air, t.date
	salt := sc.seed ^ t.salt ^ uint64(d+1)<<60 ^ uint64(y)*0xd6e8feb86659fd93
	one := func(b int, v float32, h uint64) uint16 {
		v = v*a.gain[b] + a.path[b]
		v += (a.noise + a.grow*v) * float32(int32(h&0xff)-int32(h>>8&0xff)) * (1 / spread)
		return uint16(max(1, min(top, v*10000+0.5)))
	}
	for i := range o0 {
		h := (salt ^ uint64(x0+i)) * 0xbf58476d1ce4e5b9
		h = (h ^ h>>29) * 0x94d049bb133111eb
		h ^= h >> 32
		o0[i] = one(0, band[0][i], h)
		o1[i] = one(1, band[1][i], h>>16)
		o2[i] = one(2, band[2][i], h>>32)
		o3[i] = one(3, band[3][i], h>>48)
	}
	if d == Before {
		n := min(len(o0), sc.sky.missed(x0, y, sc.pixel))
		for k := range out {
			clear(out[k][:max(0, n)])
		}
	}
}
