package irmad

import (
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	// chunk is the number of pixels whose sums are put together before they join the total, in the order of the chunks:
	// the result does not depend on how many processors there are.
	chunk = 1 << 14
	// step is the number of pixels worked on at a time; their planes of both dates stay in the processor's cache.
	step = 512
)

// moments are weighted sums over pixels of planes z: Σw, Σw·z and Σw·z·zᵀ (the lower triangle, row by row).
type moments struct {
	weight  float64
	sum     []float64
	product []float64
}

func newMoments(planes int) moments {
	return moments{sum: make([]float64, planes), product: make([]float64, planes*(planes+1)/2)}
}

func (m *moments) add(o moments) {
	m.weight += o.weight
	for i, v := range o.sum {
		m.sum[i] += v
	}
	for i, v := range o.product {
		m.product[i] += v
	}
}

// gather adds len(w) pixels with the weights w; wz is scratch.
func (m *moments) gather(z [][]float64, w, wz []float64) {
	for _, v := range w {
		m.weight += v
	}
	k := 0
	for i, zi := range z {
		for j, v := range zi {
			wz[j] = w[j] * v
		}
		for _, v := range wz {
			m.sum[i] += v
		}
		for _, zj := range z[:i+1] {
			m.product[k] += dot(wz, zj)
			k++
		}
	}
}

// dot sums in four lanes, which the processor adds side by side. No multiplication is fused with its addition, so that every
// machine finds the same sum.
func dot(a, b []float64) float64 {
	var s0, s1, s2, s3 float64
	b = b[:len(a)]
	n := len(a) &^ 3
	for i := 0; i < n; i += 4 {
		s0 += float64(a[i] * b[i])
		s1 += float64(a[i+1] * b[i+1])
		s2 += float64(a[i+2] * b[i+2])
		s3 += float64(a[i+3] * b[i+3])
	}
	for i := n; i < len(a); i++ {
		s0 += float64(a[i] * b[i])
	}
	return (s0 + s1) + (s2 + s3)
}

// mean returns the weighted mean of each plane.
func (m *moments) mean() []float64 {
	mean := make([]float64, len(m.sum))
	for i, v := range m.sum {
		mean[i] = v / m.weight
	}
	return mean
}

// covariance returns the weighted covariance of planes i and j, i ≥ j.
func (m *moments) covariance(i, j int) float64 {
	return m.product[i*(i+1)/2+j]/m.weight - m.sum[i]/m.weight*(m.sum[j]/m.weight)
}

// scratch is what a worker keeps between steps.
type scratch struct {
	z       [][]float64
	w, wz   []float64
	variate []float64
}

func newScratch(planes int) *scratch {
	s := &scratch{w: make([]float64, step), wz: make([]float64, step), variate: make([]float64, step)}
	for range planes {
		s.z = append(s.z, make([]float64, step))
	}
	return s
}

// load standardises the pixels from lo to hi of each plane.
func (s *scratch) load(planes [][]float64, centre, scale []float64, lo, hi int) [][]float64 {
	z := make([][]float64, len(planes))
	for b, p := range planes {
		c, f := centre[b], 1/scale[b]
		z[b] = s.z[b][:hi-lo]
		for i, v := range p[lo:hi] {
			z[b][i] = (v - c) * f
		}
	}
	return z
}

// collect sums the moments of n pixels; visit adds those from lo to hi, at most step of them, to m.
func collect(n, planes int, visit func(m *moments, s *scratch, lo, hi int)) moments {
	parts := make([]moments, (n+chunk-1)/chunk)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(parts)) {
		wg.Go(func() {
			s := newScratch(planes)
			for {
				c := int(next.Add(1)) - 1
				if c >= len(parts) {
					return
				}
				m := newMoments(planes)
				for lo := c * chunk; lo < min(n, (c+1)*chunk); lo += step {
					visit(&m, s, lo, min(n, (c+1)*chunk, lo+step))
				}
				parts[c] = m
			}
		})
	}
	wg.Wait()
	total := newMoments(planes)
	for _, m := range parts {
		total.add(m)
	}
	return total
}
