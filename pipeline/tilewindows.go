package pipeline

import "tuban/raster"

// rowCost is what a row of a window costs beside its pixels, in pixels: loops begin and end.
const rowCost = 16

// windowCost is what it costs to look at a window with so many pixels around it.
func windowCost(w raster.Window, halo int) int { return (w.W + 2*halo + rowCost) * (w.H + 2*halo) }

// openWindows returns windows that hold the marked cells, each of which is looked at with a halo. Few large ones repeat less of
// the halos, many small ones leave out more of what is closed: cells become one window where that costs no more than two. They
// may overlap.
func (s *tileScanner) openWindows(halo int) []raster.Window {
	out := s.windows[:0]
	cols := (s.area.W + cell - 1) / cell
	for row := 0; row*cols < len(s.open); row++ {
		y := s.area.Y + row*cell
		for x := 0; x < cols; x++ {
			if !s.open[row*cols+x] {
				continue
			}
			w := raster.Window{X: s.area.X + x*cell, Y: y, W: cell, H: cell}.Intersect(s.area)
			if at := cheapest(out, w, halo); at >= 0 {
				out[at] = out[at].Union(w)
			} else {
				out = append(out, w)
			}
		}
	}
	s.windows = out
	return out
}

// cheapest returns which of the windows w had best be added to; −1 for none. It costs less than w by itself, or as much.
func cheapest(windows []raster.Window, w raster.Window, halo int) (at int) {
	at, least := -1, windowCost(w, halo)
	for i, q := range windows {
		if q.Y+q.H < w.Y {
			continue // nothing but what lies next to it can be cheap
		}
		if more := windowCost(q.Union(w), halo) - windowCost(q, halo); more <= least {
			at, least = i, more
		}
	}
	return at
}
