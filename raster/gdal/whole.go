package gdal

import "tuban/raster"

// Whole reports whether it is known, from chunks that were decoded before, that the scene has a value at every pixel of w.
func (r *Reader) Whole(scene int, w raster.Window) bool {
	s := r.sources[scene]
	if !s.direct || !s.footprint.Contains(w) {
		return false
	}
	w = w.Shift(-s.dx, -s.dy)
	for cy := w.Y / s.chunkH; cy*s.chunkH < w.Y+w.H; cy++ {
		for cx := w.X / s.chunkW; cx*s.chunkW < w.X+w.W; cx++ {
			if known, yes := s.whole.get(cx, cy); !known || !yes {
				return false
			}
		}
	}
	return true
}
