package synth

import (
	"math"

	"tuban/raster"
)

// finish turns reflectance × 10,000 into the numbers of a finished mosaic.
type finish struct {
	// stretch holds, for each band, the 8-bit number of each value, not yet rounded.
	stretch [4][]float32
	dodge   float32
	gain    [4]wave // of each band: the first is shared, the others tint it
	offset  wave
}

// top is the highest number of an unfinished image.
const top = 15000

// The percentiles that a stretch puts at black and at white, and its gamma: what viewers use by default, so that few
// pixels are clipped.
const (
	stretchLow   = 0.005
	stretchHigh  = 0.985
	stretchGamma = 1.5
)

// finishing makes the finish of a date from samples of its unfinished image, at places that do not depend on anything
// but the county's size.
func (c *County) finishing(d Date) *finish {
	f := c.opt.Conditions.Finish[d]
	if !f.Stretched {
		return nil
	}
	dice := newDice(c.opt.Seed, partFinish<<8+uint64(d))
	out := &finish{dodge: float32(f.Dodge), offset: newWave(dice, 520)}
	for b := range out.gain {
		out.gain[b] = newWave(dice, 640)
	}
	var count [4][top + 1]int
	const n, edge = 9, 48
	var planes [4][]uint16
	for b := range planes {
		planes[b] = make([]uint16, edge*edge)
	}
	for i := range n * n {
		w := raster.Window{
			X: (c.opt.Size - edge) * (i % n) / (n - 1), Y: (c.opt.Height - edge) * (i / n) / (n - 1), W: edge, H: edge,
		}
		c.Fill(d, w, planes[:])
		for b, p := range planes {
			for _, v := range p {
				count[b][v]++
			}
		}
	}
	for b := range count {
		count[b][0] = 0 // no data
		out.stretch[b] = stretchOf(count[b][:])
	}
	return out
}

// stretchOf returns the 8-bit number of each value from how often each occurs.
func stretchOf(count []int) []float32 {
	total := 0
	for _, n := range count {
		total += n
	}
	at := func(share float64) int {
		sum := 0
		for v, n := range count {
			sum += n
			if float64(sum) > share*float64(total) {
				return v
			}
		}
		return 0
	}
	lo := at(stretchLow)
	hi := max(lo+1, at(stretchHigh))
	out := make([]float32, len(count))
	for v := range out {
		t := max(0, min(1, float64(v-lo)/float64(hi-lo)))
		out[v] = float32(1 + 254*math.Pow(t, 1/stretchGamma))
	}
	return out
}

// apply finishes the row of numbers from (x0, y). No data stays 0.
func (f *finish) apply(row *[4][]uint16, x0, y int, pixel float64) {
	n := len(row[0])
	if f.dodge == 0 {
		for b, r := range row {
			t := f.stretch[b]
			for i, v := range r {
				if v != 0 {
					r[i] = uint16(t[v] + 0.5)
				}
			}
		}
		return
	}
	var gain, tint, offset [cellW]float32
	f.offset.row(offset[:n], x0, y, pixel)
	f.gain[0].row(gain[:n], x0, y, pixel)
	for b, r := range row {
		if b > 0 {
			f.gain[b].row(tint[:n], x0, y, pixel)
		}
		t := f.stretch[b]
		for i, v := range r {
			if v == 0 {
				continue
			}
			g := 1 + f.dodge*(0.85*gain[i]+0.15*tint[i])
			// The offset shares the dodging: a quarter of its amplitude, of full scale.
			r[i] = uint16(max(1, min(255, t[v]*g+f.dodge*64*offset[i]+0.5)))
		}
	}
}
