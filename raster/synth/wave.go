package synth

import "math"

// wave is a smooth random function of the place, in [−1, 1]: three plane waves.
type wave [3]struct{ kx, ky, phase, amp float64 }

// newWave draws a wave with a wavelength of about long metres.
func newWave(d dice, long float64) wave {
	var w wave
	for i, a := range [3]float64{0.55, 0.3, 0.15} {
		k := 2 * math.Pi / (long * []float64{1, 0.62, 1.9}[i] * d.between(0.85, 1.15))
		u := turn(pt{k, 0}, d.between(0, 2*math.Pi))
		w[i].kx, w[i].ky, w[i].phase, w[i].amp = u[0], u[1], d.between(0, 2*math.Pi), a
	}
	return w
}

func (w *wave) at(x, y float64) float64 {
	var s float64
	for _, p := range w {
		s += p.amp * math.Sin(p.kx*x+p.ky*y+p.phase)
	}
	return s
}

// pitch is the distance in pixels of the places in a row at which a wave is computed; between them it is a line.
const pitch = 32

// row writes the wave over the pixels from (x0, y) to dst, which depends on no other pixel's being asked for.
func (w *wave) row(dst []float32, x0, y int, pixel float64) {
	py := (float64(y) + 0.5) * pixel
	node := func(k int) float32 { return float32(w.at((float64(k*pitch)+0.5)*pixel, py)) }
	k := floorDiv(x0, pitch)
	a, b := node(k), node(k+1)
	for i := range dst {
		x := x0 + i
		if x >= (k+1)*pitch {
			k++
			a, b = b, node(k+1)
		}
		dst[i] = a + float32((b-a)*float32(x-k*pitch))*(1./pitch)
	}
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
