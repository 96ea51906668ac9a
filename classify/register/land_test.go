package register

import (
	"math"
	"math/rand/v2"
)

// land is a continuous landscape: boxes with soft edges (fields, roofs) and blobs (trees, tussocks), so that it can be
// looked at from any position without interpolation.
type land struct {
	boxes []box
	blobs []blob
}

type box struct{ x, y, cos, sin, a, b, v float64 }

type blob struct{ x, y, r, v float64 }

// newLand covers the square [−60, size+60]² with things.
func newLand(seed uint64, size float64) *land {
	r := rand.New(rand.NewPCG(seed, 1))
	place := func() float64 { return r.Float64()*(size+120) - 60 }
	share := (size + 120) * (size + 120) / (248 * 248)
	l := &land{}
	for range int(60 * share) {
		angle := r.Float64() * math.Pi
		l.boxes = append(l.boxes, box{place(), place(), math.Cos(angle), math.Sin(angle), 3 + 25*r.Float64(), 3 + 12*r.Float64(), 40 * r.NormFloat64()})
	}
	for range int(2500 * share) {
		l.blobs = append(l.blobs, blob{place(), place(), 0.8 + 1.5*r.Float64(), 12 * r.NormFloat64()})
	}
	return l
}

// edge is a step from 0 to 1 at 0, as wide as a pixel blurs it.
func edge(d float64) float64 { return 0.5 * math.Erfc(-d/(0.6*math.Sqrt2)) }

// chip looks at n × n pixels whose first has its centre at (x0, y0).
func (l *land) chip(n int, x0, y0 float64) []float32 {
	sum := make([]float64, n*n)
	paint := func(x, y, reach float64, f func(dx, dy float64) float64) {
		for py := max(0, int(math.Ceil(y-reach-y0))); py < n && float64(py) <= y+reach-y0; py++ {
			for px := max(0, int(math.Ceil(x-reach-x0))); px < n && float64(px) <= x+reach-x0; px++ {
				sum[py*n+px] += f(x0+float64(px)-x, y0+float64(py)-y)
			}
		}
	}
	for _, b := range l.boxes {
		paint(b.x, b.y, math.Hypot(b.a, b.b)+4, func(dx, dy float64) float64 {
			u, v := dx*b.cos+dy*b.sin, dy*b.cos-dx*b.sin
			return b.v * edge(b.a-math.Abs(u)) * edge(b.b-math.Abs(v))
		})
	}
	for _, b := range l.blobs {
		paint(b.x, b.y, 5*b.r, func(dx, dy float64) float64 {
			return b.v * math.Exp(-(dx*dx+dy*dy)/(2*b.r*b.r))
		})
	}
	chip := make([]float32, n*n)
	for i, v := range sum {
		chip[i] = float32(100 + v)
	}
	return chip
}

// noisy adds Gaussian noise.
func noisy(chip []float32, seed uint64, sigma float64) []float32 {
	r := rand.New(rand.NewPCG(seed, 2))
	for i := range chip {
		chip[i] += float32(sigma * r.NormFloat64())
	}
	return chip
}
