package synth

import (
	"fmt"
	"sync"

	"tuban/raster"
)

// New lays out the county: parcels, villages, river, changes. It holds outlines only, about 1 MB a square kilometre.
func New(o Options) *County {
	o = o.withDefaults()
	w, h := float64(o.Size)*o.Pixel, float64(o.Height)*o.Pixel
	l := plan(o.Seed, w, h)
	node(l.parcels)
	b, s := newBend(o.Seed, w, h), newSky(o.Seed, w, h)
	c := &County{opt: o, grid: newGrid(o)}
	c.survey(l, b)
	c.alter(l, b, s)
	c.scene = newScene(o, l, b, s)
	return c
}

var canvases = sync.Pool{New: func() any { return newCanvas() }}

// Fill paints the window w of the grid at the date d: planes are blue, green, red and near infrared, row-major over w,
// as reflectance × 10,000; 0 in all of them = no data. Pixels outside the grid are no data. It may be called
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
			c.scene.render(cv, d, x, y, in, w, planes)
		}
	}
}

// render paints the part of a cell that lies in the window in, and writes it to planes, which cover w.
func (sc *scene) render(cv *canvas, d Date, cx, cy int, in, w raster.Window, planes [][]uint16) {
	part := sc.cell(cx, cy).Intersect(in)
	cv.Window = part.Grow(1)
	for b, p := range cv.planes {
		// What no parcel covers lies outside the grid, in the margin of its edge pixels.
		raster.Fill(p[:cv.Pixels()], covers[grass].base[b])
	}
	i := cy*sc.cols + cx
	for _, k := range sc.list[sc.first[i]:sc.first[i+1]] {
		cv.draw(sc, &sc.shapes[k], d)
	}
	a := &airs[d]
	var veils []cloud
	if a.cloudy {
		veils = sc.sky.over(part, sc.pixel)
	}
	var band [4][cellW]float32
	var alpha, dim [cellW]float32
	for y := part.Y; y < part.Y+part.H; y++ {
		for b := range band {
			cv.soften(band[b][:part.W], b, y)
		}
		if len(veils) > 0 {
			sc.veil(veils, alpha[:part.W], dim[:part.W], part.X, y)
			for b := range band {
				row, k, s := band[b][:part.W], a.cloudColour[b], a.shadowFactor[b]
				for i, v := range row {
					v *= 1 - dim[i]*(1-s)
					row[i] = v + alpha[i]*(k-v)
				}
			}
		}
		o := (y-w.Y)*w.W + part.X - w.X
		sc.expose(a, d, part.X, y, &band, [4][]uint16{
			planes[0][o : o+part.W], planes[1][o : o+part.W], planes[2][o : o+part.W], planes[3][o : o+part.W],
		})
	}
}

// expose turns a row of reflectance into numbers, as the sensor sees them through the air.
func (sc *scene) expose(a *air, d Date, x0, y int, band *[4][cellW]float32, out [4][]uint16) {
	// The difference of two uniform bytes is a triangular deviate with this standard deviation.
	const spread = 104.5
	const top = 15000
	o0, o1, o2, o3 := out[0], out[1], out[2], out[3]
	o1, o2, o3 = o1[:len(o0)], o2[:len(o0)], o3[:len(o0)]
	salt := sc.seed ^ uint64(d+1)<<60 ^ uint64(y)*0xd6e8feb86659fd93
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
