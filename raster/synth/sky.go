package synth

import (
	"math"

	"tuban/raster"
)

// sky is what lies between the county and the sensors.
type sky struct {
	clouds []cloud // over the second image, in metres of the plan
	// missing is the length of the legs of the triangle, at the lower left, that the first image does not cover; metres.
	missing float64
	h       float64
}

type cloud struct {
	c      pt
	r      float64
	shadow pt
	salt   uint32
}

func newSky(seed uint64, w, h float64, later take) sky {
	d := newDice(seed, partSky)
	s := sky{missing: 0.09 * min(w, h), h: h}
	if w*h < 3e5 || !later.air.cloudy {
		return s
	}
	n := max(1, int(math.Round(w*h/1e6*0.2)))
	for range n {
		r := d.between(45, 95) * min(1, min(w, h)/1500)
		c := cloud{c: pt{d.between(0.1, 0.9) * w, d.between(0.1, 0.9) * h}, r: r, salt: uint32(d.Uint64())}
		c.shadow = add(c.c, scale(later.shadow, 260*min(1, min(w, h)/1500)))
		s.clouds = append(s.clouds, c)
	}
	return s
}

// hides reports whether anything within m metres of p cannot be seen at both dates.
func (s sky) hides(p pt, m float64) bool {
	if p[0]+(s.h-p[1]) < s.missing+2*m {
		return true
	}
	for _, c := range s.clouds {
		if dist(p, c.c) < c.r*1.45+m || dist(p, c.shadow) < c.r*1.45+m {
			return true
		}
	}
	return false
}

// air is how one image renders reflectance: gain, path radiance as reflectance, and the noise of the sensor.
type air struct {
	gain, path   colour
	noise, grow  float32 // standard deviation at zero, and its growth with the signal
	cloudy       bool
	cloudColour  colour
	shadowFactor colour
}

var airs = [2]air{
	{gain: colour{1, 1, 1, 1}, path: colour{.012, .007, .004, .001}, noise: .0014, grow: .010},
	{gain: colour{.94, .95, .965, .955}, path: colour{.018, .011, .007, .002}, noise: .0016, grow: .011, cloudy: true,
		cloudColour: colour{.60, .61, .62, .64}, shadowFactor: colour{.62, .55, .50, .48}},
}

// missed returns how many pixels of row y, counted from x0, the first image does not cover.
func (s sky) missed(x0, y int, pixel float64) int {
	below := s.h - (float64(y)+0.5)*pixel
	return int(math.Ceil((s.missing-below)/pixel-0.5)) - x0
}

// over returns the clouds that veil some of the window by themselves or by their shadow.
func (s sky) over(w raster.Window, pixel float64) []cloud {
	r := rect{float64(w.X) * pixel, float64(w.Y) * pixel, float64(w.X+w.W) * pixel, float64(w.Y+w.H) * pixel}
	var out []cloud
	for _, c := range s.clouds {
		for _, m := range [2]pt{c.c, c.shadow} {
			if (rect{m[0], m[1], m[0], m[1]}).grow(c.r * 1.5).meets(r) {
				out = append(out, c)
				break
			}
		}
	}
	return out
}

// veil computes how opaque cloud is, and how deep its shadow, over a row of pixels from (x0, y), both in [0, 1].
func (sc *scene) veil(clouds []cloud, alpha, dim []float32, x0, y int) {
	clear(alpha)
	clear(dim)
	for _, c := range clouds {
		for k, m := range [2]pt{c.c, c.shadow} {
			dst := alpha
			if k == 1 {
				dst = dim
			}
			dy := (float64(y)+0.5)*sc.pixel - m[1]
			if math.Abs(dy) > c.r*1.5 {
				continue
			}
			for i := range dst {
				dx := (float64(x0+i)+0.5)*sc.pixel - m[0]
				q := (dx*dx + dy*dy) / (c.r * c.r)
				if q > 2.1 {
					continue
				}
				// The same billows for the cloud and its shadow: their place is counted from its middle.
				v := 1.05 - math.Sqrt(q) + sc.tex.billow(dx*2, dy*2, c.salt)
				f := float32(max(0, min(1, v*1.7)))
				f = f * f * (3 - 2*f)
				dst[i] = dst[i] + f*(1-dst[i])
			}
		}
	}
}

// billow samples the patches smoothly, at two scales, in about [−0.5, 0.5]; x and y are texels.
func (t *textures) billow(x, y float64, salt uint32) float64 {
	var v float64
	for k, f := range [2]float64{0.55, 0.2} {
		px, py := x*f+float64(salt&0xffff)+4e5, y*f+float64(salt>>16)+4e5
		ix, iy := int(px), int(py)
		fx, fy := px-float64(ix), py-float64(iy)
		g := func(i, j int) float64 { return float64(t.patches[(iy+j)%side*side+(ix+i)%side]) }
		s := (g(0, 0)*(1-fx)+g(1, 0)*fx)*(1-fy) + (g(0, 1)*(1-fx)+g(1, 1)*fx)*fy
		v += s / unitOf * (0.10 + 0.10*float64(k))
	}
	return v
}
