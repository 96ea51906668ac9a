package register

import (
	"math"
	"slices"
)

// gradientScale is the standard deviation of the Gaussian whose derivative is the gradient, in pixels. Smoothing by one
// pixel keeps what is aliased near the Nyquist frequency out of the correlation; aliasing is what draws sub-pixel
// peaks to whole pixels (Stone et al. 2001, IEEE TGRS 39:2235).
const gradientScale = 1.0

// gradientReach is how far the gradient's kernel extends, in pixels: a missing pixel takes this far with it.
const gradientReach = 3

// clip is the gradient's length above which it counts no more, in units of the chip's median length: what changed between
// the dates (roofs, shadows, film) is often stronger than what stayed.
const clip = 3.0

// field is what is correlated of a chip: the gradient as a complex number, and the weight of each pixel.
type field struct {
	g []complex128
	w []float64
}

// kernels returns the Gaussian and its derivative, for offsets −gradientReach … gradientReach.
// The derivative has the slope of a unit ramp.
func kernels() (smooth, slope [2*gradientReach + 1]float64) {
	sum, ramp := 0.0, 0.0
	for i := range smooth {
		d := float64(i - gradientReach)
		smooth[i] = math.Exp(-d * d / (2 * gradientScale * gradientScale))
		slope[i] = d * smooth[i]
		sum += smooth[i]
		ramp += d * slope[i]
	}
	for i := range smooth {
		smooth[i] /= sum
		slope[i] /= ramp
	}
	return smooth, slope
}

// taper falls from 1 to 0 over the outer eighth of a chip, so that the correlation, which is periodic, does not match
// one edge with the other.
func taper(n int) []float64 {
	t := make([]float64, n)
	edge := n / 8
	for i := range t {
		t[i] = 1
		if d := min(i, n-1-i); d < edge {
			t[i] = 0.5 - 0.5*math.Cos(math.Pi*(float64(d)+0.5)/float64(edge))
		}
	}
	return t
}

// gradient fills f with the gradient of plane, long ones clipped, and returns the share of the chip that has one,
// by weight, and whether there is any structure at all.
func (m *Matcher) gradient(f field, plane []float32) (share float64, ok bool) {
	n := m.n
	smooth, slope := kernels()
	// Along rows first: a missing pixel makes NaN of all that it touches, here and along columns.
	for y := range n {
		row := plane[y*n : (y+1)*n]
		for x := range n {
			s, d := math.NaN(), math.NaN()
			if x >= gradientReach && x < n-gradientReach {
				s, d = 0, 0
				for k, v := range row[x-gradientReach : x+gradientReach+1] {
					s += float64(smooth[k] * float64(v))
					d += float64(slope[k] * float64(v))
				}
			}
			m.smoothX[y*n+x], m.slopeX[y*n+x] = s, d
		}
	}
	m.lengths = m.lengths[:0]
	total, present := 0.0, 0.0
	for y := range n {
		for x := range n {
			i := y*n + x
			w := m.taper[y] * m.taper[x]
			total += w
			f.g[i], f.w[i] = 0, 0
			if y < gradientReach || y >= n-gradientReach {
				continue
			}
			gx, gy := 0.0, 0.0
			for k := range smooth {
				j := i + (k-gradientReach)*n
				gx += float64(smooth[k] * m.slopeX[j])
				gy += float64(slope[k] * m.smoothX[j])
			}
			// An infinite value is as missing as NaN.
			if gx-gx != 0 || gy-gy != 0 {
				continue
			}
			f.g[i], f.w[i] = complex(gx, gy), w
			present += w
			m.lengths = append(m.lengths, math.Sqrt(float64(gx*gx)+float64(gy*gy)))
		}
	}
	if len(m.lengths) == 0 {
		return 0, false
	}
	limit := clip * ranked(m.lengths, len(m.lengths)/2)
	if limit == 0 {
		// More than half of the chip is perfectly flat, as a clipped or masked image is: what structure there is counts alike.
		limit = slices.Max(m.lengths)
	}
	if limit == 0 {
		return present / total, false
	}
	for i, g := range f.g {
		l := math.Sqrt(float64(real(g)*real(g)) + float64(imag(g)*imag(g)))
		f.g[i] = complex(real(g)/max(l, limit), imag(g)/max(l, limit))
	}
	return present / total, true
}

// ranked returns the value that v would have at k if it were sorted, and brings v into another order. None is NaN.
// Hoare 1961, algorithm 65.
func ranked(v []float64, k int) float64 {
	for len(v) > 1 {
		pivot := v[len(v)/2]
		i, j := 0, len(v)-1
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for pivot < v[j] {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			v = v[:j+1]
		case k >= i:
			v, k = v[i:], k-i
		default:
			return pivot
		}
	}
	return v[0]
}

// fold makes of each gradient one that does not know light from dark: its angle doubled, less the mean, so that an edge
// counts although its sides changed places, as those of fields do between seasons.
func fold(f field) {
	mean, total := complex(0, 0), 0.0
	for i, g := range f.g {
		if l := math.Sqrt(float64(real(g)*real(g)) + float64(imag(g)*imag(g))); l > 0 {
			f.g[i] = g * g / complex(l, 0)
		}
		mean += complex(f.w[i], 0) * f.g[i]
		total += f.w[i]
	}
	mean /= complex(total, 0)
	for i := range f.g {
		if f.w[i] > 0 {
			f.g[i] -= mean
		}
	}
}
