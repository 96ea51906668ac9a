package synth

import "math"

// drift is how an image is out of place.
type drift struct {
	shift Shift
	still pt // the constant part
	x, y  wave
	reach float64
}

func newDrift(d dice, s Shift) *drift {
	return &drift{
		shift: s,
		still: scale(turn(pt{1, 0}, d.between(0, 2*math.Pi)), s.Constant),
		x:     newWave(d, 700), y: newWave(d, 600),
		reach: s.Constant + s.Local,
	}
}

// row writes the displacement, in pixels, of the pixels from (x0, y) to dx and dy.
func (f *drift) row(dx, dy []float32, x0, y int, pixel float64) {
	f.x.row(dx, x0, y, pixel)
	f.y.row(dy, x0, y, pixel)
	// Each of the waves is at most 1, so that together they are no longer than Local.
	a := float32(f.shift.Local / math.Sqrt2)
	sx, sy := float32(f.still[0]), float32(f.still[1])
	for i := range dx {
		dx[i] = sx + a*dx[i]
		dy[i] = sy + a*dy[i]
	}
}

// Shift returns which ground a pixel of a date shows: the pixel (x, y) shows what belongs to (x+dx, y+dy), in pixels
// of the grid. At the seams of a mosaic it is that of the part which shows the pixel.
func (c *County) Shift(d Date, x, y int) (dx, dy float64) {
	t := c.scene.takeAt(d, x, y)
	if t.drift == nil {
		return -t.moved[0], -t.moved[1]
	}
	var vx, vy [1]float32
	t.drift.row(vx[:], vy[:], x, y, c.opt.Pixel)
	return float64(vx[0]), float64(vy[0])
}
