package register

import (
	"math"

	"tuban/raster"
)

// Places returns where to take chips of n × n pixels on a grid of w × h: an even lattice at fixed positions, as square as
// it may be, of at most most chips that overlap by no more than half. None when the grid is smaller than a chip.
func Places(w, h, n, most int) []raster.Window {
	if w < n || h < n || most < 1 {
		return nil
	}
	// The spacing at which the lattice has most chips, were it not for rounding.
	spacing := max(float64(n)/2, math.Sqrt(float64(w)*float64(h)/float64(most)))
	across := func(length int) int { return max(1, 1+int(float64(length-n)/spacing)) }
	nx, ny := across(w), across(h)
	for nx*ny > most {
		if nx >= ny {
			nx--
		} else {
			ny--
		}
	}
	at := func(i, count, length int) int {
		if count == 1 {
			return (length - n) / 2
		}
		return i * (length - n) / (count - 1)
	}
	places := make([]raster.Window, 0, nx*ny)
	for j := range ny {
		for i := range nx {
			places = append(places, raster.Window{X: at(i, nx, w), Y: at(j, ny, h), W: n, H: n})
		}
	}
	return places
}
