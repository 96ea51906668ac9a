package irmad

import (
	"math/rand/v2"
	"slices"
)

// scene is a simulated pair: pixels of a few covers, of which a share changes, seen by two sensors.
type scene struct {
	pixels, bands int
	changed       float64 // share of pixels that get another spectrum
	noise         float64 // relative to the spread of the spectra
	seed          uint64
	gain, offset  []float64 // of the later sensor, by band; nil for 1 and 0
}

// draw returns both dates and which pixels changed. Spectra have as many degrees of freedom as there are bands, with
// neighbouring bands alike.
func (s scene) draw() (x, y [][]float64, changed []bool) {
	r := rand.New(rand.NewPCG(s.seed, 5))
	x, y = make([][]float64, s.bands), make([][]float64, s.bands)
	spectrum := func() []float64 {
		v := make([]float64, s.bands)
		common := r.NormFloat64()
		for b := range v {
			v[b] = common + 0.7*r.NormFloat64()
		}
		return v
	}
	for range s.pixels {
		before := spectrum()
		after := slices.Clone(before)
		c := r.Float64() < s.changed
		if c {
			after = spectrum()
			for b := range after {
				after[b] += 1.5
			}
		}
		changed = append(changed, c)
		for b := range s.bands {
			gain, offset := 1.0, 0.0
			if s.gain != nil {
				gain, offset = s.gain[b], s.offset[b]
			}
			x[b] = append(x[b], 1000+200*(before[b]+s.noise*r.NormFloat64()))
			y[b] = append(y[b], offset+gain*(1000+200*(after[b]+s.noise*r.NormFloat64())))
		}
	}
	return x, y, changed
}

// single returns the planes as float32.
func single(planes [][]float64) [][]float32 {
	out := make([][]float32, len(planes))
	for b, p := range planes {
		for _, v := range p {
			out[b] = append(out[b], float32(v))
		}
	}
	return out
}
