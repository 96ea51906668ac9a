package register

import "tuban/raster"

// sampler looks at single samples of a plane, near missing ones and the grid's edge.
type sampler struct {
	plane  []float32
	w      raster.Window
	gw, gh int
}

// at returns sample (x, y) of the grid and whether it is there.
func (s sampler) at(x, y int) (float32, bool) {
	if x < 0 || y < 0 || x >= s.gw || y >= s.gh {
		return 0, false
	}
	v := s.plane[(y-s.w.Y)*s.w.W+x-s.w.X]
	return v, v-v == 0
}

// careful returns the value at (x, y) plus (u, v) quanta where not all sixteen samples are there: NaN when the nearest is
// missing, else the bilinear mean of those of the nearest four that are there.
func (s sampler) careful(x, y int, u, v int32) float32 {
	nx, ny := nearest(x, u), nearest(y, v)
	if _, ok := s.at(nx, ny); !ok {
		return raster.NaN
	}
	var sum, total float32
	for j := range int32(2) {
		for i := range int32(2) {
			if value, ok := s.at(x+int(i), y+int(j)); ok {
				w := float32(share(i, u) * share(j, v))
				sum += float32(w * value)
				total += w
			}
		}
	}
	return sum / total
}

// settle decides the value of a pixel whose sixteen samples are on the grid, and whose cubic is not finite or negative.
func (s sampler) settle(cubic float32, x, y int, u, v int32) float32 {
	if cubic-cubic != 0 {
		return s.careful(x, y, u, v)
	}
	least, _ := s.at(x, y)
	for j := range 2 {
		for i := range 2 {
			value, _ := s.at(x+i, y+j)
			least = min(least, value)
		}
	}
	if least < 0 {
		return cubic
	}
	// A value that is there, rather than 0, which is black in one band and makes 0/0 of an index.
	return least
}

// share is the bilinear weight of sample i of two at u quanta.
func share(i, u int32) float32 {
	if i == 0 {
		return float32(quantum-u) / quantum
	}
	return float32(u) / quantum
}

// nearest returns the sample nearest to x plus u quanta.
func nearest(x int, u int32) int {
	if 2*u >= quantum {
		return x + 1
	}
	return x
}
