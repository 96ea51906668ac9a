package texture

import (
	"math"

	"tuban/raster"
)

// naivePanTex looks at every pair of every window, in float64.
func naivePanTex(src []float32, w raster.Window, s Size) []float64 {
	out := make([]float64, len(src))
	for y := range w.H {
		for x := range w.W {
			lowest := math.Inf(1)
			for _, d := range vectors {
				dy, dx := d[0]*s.Step, d[1]*s.Step
				total, n, pairs := 0.0, 0, 0
				for ay := y - s.Radius; ay <= y+s.Radius; ay++ {
					for ax := x - s.Radius; ax <= x+s.Radius; ax++ {
						by, bx := ay+dy, ax+dx
						if by > y+s.Radius || bx < x-s.Radius || bx > x+s.Radius {
							continue
						}
						pairs++
						a, b := at(src, w, ax, ay), at(src, w, bx, by)
						if math.IsNaN(a) || math.IsNaN(b) {
							continue
						}
						n++
						total += (a - b) * (a - b)
					}
				}
				if 2*n < pairs {
					lowest = math.NaN()
					break
				}
				lowest = min(lowest, total/float64(n))
			}
			out[y*w.W+x] = lowest
		}
	}
	return out
}

// naiveDeviation takes the mean first, then the deviations from it.
func naiveDeviation(src []float32, w raster.Window, s Size) []float64 {
	out := make([]float64, len(src))
	for y := range w.H {
		for x := range w.W {
			var values []float64
			total := 0.0
			for ay := y - s.Radius; ay <= y+s.Radius; ay++ {
				for ax := x - s.Radius; ax <= x+s.Radius; ax++ {
					if v := at(src, w, ax, ay); !math.IsNaN(v) {
						values = append(values, v)
						total += v
					}
				}
			}
			edge := 2*s.Radius + 1
			if 2*len(values) < edge*edge {
				out[y*w.W+x] = math.NaN()
				continue
			}
			mean, squares := total/float64(len(values)), 0.0
			for _, v := range values {
				squares += (v - mean) * (v - mean)
			}
			out[y*w.W+x] = math.Sqrt(squares / float64(len(values)))
		}
	}
	return out
}

// at returns pixel (x, y) of src, NaN when it is missing.
func at(src []float32, w raster.Window, x, y int) float64 {
	if x < 0 || y < 0 || x >= w.W || y >= w.H {
		return math.NaN()
	}
	if v := float64(src[y*w.W+x]); !math.IsInf(v, 0) {
		return v
	}
	return math.NaN()
}
