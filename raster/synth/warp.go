package synth

// blurAll softens the canvas by the point spread, and by a further share of a binomial 3 × 3 blur, into c.soft. Its
// outermost rows and columns stay unset.
func (c *canvas) blurAll(more float32) {
	for b := range c.planes {
		for y := c.Y + 1; y < c.Y+c.H-1; y++ {
			o := (y-c.Y)*c.W + 1
			c.soften(c.soft[b][o:o+c.W-2], b, y)
		}
		if more <= 0 {
			continue
		}
		c.planes[b], c.soft[b] = c.soft[b], c.planes[b]
		for y := c.Y + 2; y < c.Y+c.H-2; y++ {
			o := (y-c.Y)*c.W + 2
			c.smooth(c.soft[b][o:o+c.W-4], b, y, more/4)
		}
	}
}

// smooth is soften with the weight rim at the neighbours, on a canvas whose outermost pixels are unset.
func (c *canvas) smooth(dst []float32, b, y int, rim float32) {
	mid := 1 - 2*rim
	o := (y-c.Y)*c.W + 1
	m := c.planes[b][o : o+c.W-2]
	u, d := c.planes[b][o-c.W:][:len(m)], c.planes[b][o+c.W:][:len(m)]
	t := c.blur[:len(m)]
	for i := range t {
		t[i] = mid*m[i] + rim*(u[i]+d[i])
	}
	for i := range dst {
		dst[i] = mid*t[i+1] + rim*(t[i]+t[i+2])
	}
}

// place writes the n pixels from (x0, y) as the image shows them that is out of place by f, between the pixels of
// c.soft: bilinear, as most orthophotos are resampled.
func (c *canvas) place(band *[4][cellW]float32, f *drift, x0, y, n int, pixel float64) {
	o := (y-c.Y)*c.W + x0 - c.X
	if f == nil {
		for b := range band {
			copy(band[b][:n], c.soft[b][o:])
		}
		return
	}
	var dx, dy [cellW]float32
	f.row(dx[:n], dy[:n], x0, y, pixel)
	var at [cellW]int32
	// Whole numbers below, found by way of positive numbers, where a conversion rounds down.
	const lift = 1 << 10
	for i := range n {
		ix, iy := int(dx[i]+lift)-lift, int(dy[i]+lift)-lift
		at[i] = int32(o + i + ix + iy*c.W)
		dx[i] -= float32(ix)
		dy[i] -= float32(iy)
	}
	for b := range band {
		up, low, dst := c.soft[b], c.soft[b][c.W:], band[b][:n]
		for i := range dst {
			k, tx, ty := at[i], dx[i], dy[i]
			u, l := up[k:k+2:k+2], low[k:k+2:k+2]
			a := u[0] + float32(tx*(u[1]-u[0]))
			e := l[0] + float32(tx*(l[1]-l[0]))
			dst[i] = a + float32(ty*(e-a))
		}
	}
}
