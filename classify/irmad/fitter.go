package irmad

import (
	"math"
	"slices"
)

// fitter holds the pixels of a fit and their standardisation. Planes are the bands before, then the bands after.
type fitter struct {
	planes        [][]float64
	centre, scale []float64
	keep          []int // the bands that take part
}

func newFitter(planes [][]float64) *fitter {
	f := &fitter{planes: planes, centre: make([]float64, len(planes)), scale: make([]float64, len(planes))}
	for i := range planes {
		f.scale[i] = 1
		if i < len(planes)/2 {
			f.keep = append(f.keep, i)
		}
	}
	f.centre = f.moments(nil).mean()
	m := f.moments(nil)
	for i := range planes {
		f.scale[i] = math.Sqrt(max(0, m.covariance(i, i)))
	}
	return f
}

// kept returns what belongs to the bands that take part.
func kept[T any](f *fitter, of []T) []T {
	var out []T
	for _, shift := range []int{0, len(f.planes) / 2} {
		for _, b := range f.keep {
			out = append(out, of[shift+b])
		}
	}
	return out
}

// drop leaves out the bands that say nothing of their own at one of the dates, and returns which.
func (f *fitter) drop() []Dropped {
	dates := []string{"before", "after"}
	p := len(f.planes) / 2
	var dropped []Dropped
	f.keep = slices.DeleteFunc(f.keep, func(b int) bool {
		for i, date := range dates {
			if !(f.scale[b+i*p] > 1e-9*math.Abs(f.centre[b+i*p])) {
				dropped = append(dropped, Dropped{Band: b, Why: Constant, Date: date})
				return true
			}
		}
		return false
	})
	if len(f.keep) == 0 {
		return dropped
	}
	m := f.moments(nil)
	own := make([]elimination, len(dates))
	rest := make([]int, 0, len(f.keep))
	for j, b := range f.keep {
		rows := make([][]float64, len(dates))
		explained := -1
		for i := range dates {
			k := j + i*len(f.keep)
			var ok bool
			rows[i], ok = own[i].row(k, func(l int) float64 { return m.covariance(max(k, l), min(k, l)) })
			if !ok && explained < 0 {
				explained = i
			}
		}
		if explained >= 0 {
			dropped = append(dropped, Dropped{Band: b, Why: Collinear, Date: dates[explained]})
			continue
		}
		for i := range dates {
			own[i].take(j+i*len(f.keep), rows[i])
		}
		rest = append(rest, b)
	}
	f.keep = rest
	return dropped
}

// moments sums the standardised pixels of the bands that take part, each with weight 1, or with the probability that it
// did not change as c judges it.
func (f *fitter) moments(c *canonical) *moments {
	planes, centre, scale := kept(f, f.planes), kept(f, f.centre), kept(f, f.scale)
	p := len(f.keep)
	var sigma []float64
	if c != nil {
		sigma = c.sigma()
	}
	m := collect(len(planes[0]), len(planes), func(m *moments, s *scratch, lo, hi int) {
		z, w := s.load(planes, centre, scale, lo, hi), s.w[:hi-lo]
		if c == nil {
			for i := range w {
				w[i] = 1
			}
		} else {
			clear(w)
			variate := s.variate[:hi-lo]
			for k := range p {
				clear(variate)
				for b := range p {
					difference(variate, z[b], z[p+b], c.meanX[b], c.meanY[b], c.a[k][b]/sigma[k], c.b[k][b]/sigma[k])
				}
				for i, v := range variate {
					w[i] += v * v
				}
			}
			for i, v := range w {
				w[i] = survival(v, p)
			}
		}
		m.gather(z, w, s.wz[:hi-lo])
	})
	return &m
}

// place writes c, which is about standardised bands that take part, to t, which is about all bands in their own units.
func (f *fitter) place(t *Transform, c *canonical) {
	p := len(f.planes) / 2
	for k := range c.a {
		a, b := make([]float64, p), make([]float64, p)
		for j, band := range f.keep {
			a[band], b[band] = c.a[k][j]/f.scale[band], c.b[k][j]/f.scale[p+band]
		}
		t.A, t.B = append(t.A, a), append(t.B, b)
	}
	for j, band := range f.keep {
		t.MeanX[band] += f.scale[band] * c.meanX[j]
		t.MeanY[band] += f.scale[p+band] * c.meanY[j]
	}
}
