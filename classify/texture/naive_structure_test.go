package texture

import (
	"math"

	"tuban/raster"
)

// naiveMean sums each window anew.
func naiveMean(src []float32, w raster.Window, s Size) []float64 {
	out := make([]float64, len(src))
	edge := 2*s.Radius + 1
	for i := range out {
		total, n := 0.0, 0
		for ay := i/w.W - s.Radius; ay <= i/w.W+s.Radius; ay++ {
			for ax := i%w.W - s.Radius; ax <= i%w.W+s.Radius; ax++ {
				if v := at(src, w, ax, ay); !math.IsNaN(v) {
					total += v
					n++
				}
			}
		}
		out[i] = math.NaN()
		if 2*n >= edge*edge {
			out[i] = total / float64(n)
		}
	}
	return out
}

func naiveMBI(src []float32, w raster.Window, s Size) []float64 {
	out := make([]float64, len(src))
	for i := range out {
		for _, d := range lines {
			long, short := s.Radius, s.Step
			if d[0]*d[1] != 0 {
				long, short = diagonal(long), diagonal(short)
			}
			out[i] += (naiveOpening(src, w, i%w.W, i/w.W, d, short) - naiveOpening(src, w, i%w.W, i/w.W, d, long)) / 4
		}
		if math.IsNaN(at(src, w, i%w.W, i/w.W)) {
			out[i] = math.NaN()
		}
	}
	return out
}

func naiveMSI(src []float32, w raster.Window, s Size) []float64 {
	negative := make([]float32, len(src))
	for i, v := range src {
		negative[i] = -v
	}
	return naiveMBI(negative, w, s)
}

// naiveOpening places the line on every pixel from which it reaches (x, y), and takes the best of the worst that it covers.
func naiveOpening(src []float32, w raster.Window, x, y int, d [2]int, r int) float64 {
	best := math.Inf(-1)
	for c := -r; c <= r; c++ {
		worst := math.Inf(1)
		for k := c - r; k <= c+r; k++ {
			if v := at(src, w, x+k*d[1], y+k*d[0]); !math.IsNaN(v) {
				worst = min(worst, v)
			}
		}
		best = max(best, worst)
	}
	return best
}
