package pipeline

import (
	"bytes"
	"encoding/binary"
	"iter"

	"tuban/raster"
)

// strips cuts w into strips of its width.
func strips(w raster.Window) iter.Seq[raster.Window] {
	return func(yield func(raster.Window) bool) {
		for y := w.Y; y < w.Y+w.H; y += stripRows {
			if !yield(raster.Window{X: w.X, Y: y, W: w.W, H: min(stripRows, w.Y+w.H-y)}) {
				return
			}
		}
	}
}

// cell is the edge of the squares by which a tile is looked at again. Smaller ones would lie closer around what is open, but
// each is read with the halo of the textures.
const cell = 128

// eachOpen calls f for windows that hold, together and once each, the cells of the area that mark says are open.
func (s *tileScanner) eachOpen(mark func(open []bool, cols int) int, f func(raster.Window) error) error {
	cols, rows := (s.area.W+cell-1)/cell, (s.area.H+cell-1)/cell
	s.open = grow(s.open, cols*rows)
	clear(s.open)
	n := mark(s.open, cols)
	if n == 0 {
		return nil
	}
	// One window costs less than many when little is left out: their halos overlap.
	if 2*n > cols*rows {
		return f(s.area)
	}
	for y := range rows {
		for x := 0; x < cols; x++ {
			if !s.open[y*cols+x] {
				continue
			}
			x0 := x
			for x < cols && s.open[y*cols+x] {
				x++
			}
			w := raster.Window{X: s.area.X + x0*cell, Y: s.area.Y + y*cell, W: (x - x0) * cell, H: cell}
			if err := f(w.Intersect(s.area)); err != nil {
				return err
			}
		}
	}
	return nil
}

// openCells marks the cells with a pixel that only textures can decide, and counts them.
func (s *tileScanner) openCells(open []bool, cols int) (n int) {
	for k, raw := range s.raw {
		if s.can&(1<<k) == 0 || !s.plan.textured(k) {
			continue
		}
		for y := range s.area.H {
			o := (s.area.Y+y-s.work.Y)*s.work.W + s.area.X - s.work.X
			n += markCells(open[y/cell*cols:][:cols], raw[o:o+s.area.W], kleeneUnknown)
		}
	}
	return n
}

// markCells sets the cells of a row of them in which a row of pixels has the value v, and counts those that were not set before.
func markCells(open []bool, row []uint8, v uint8) (n int) {
	for x := range open {
		if open[x] {
			continue
		}
		if bytes.IndexByte(row[x*cell:min((x+1)*cell, len(row))], v) >= 0 {
			open[x] = true
			n++
		}
	}
	return n
}

// firstSet returns the position of the first byte of row that is not 0, its length when there is none.
func firstSet(row []uint8) int {
	i := 0
	for i+8 <= len(row) && binary.LittleEndian.Uint64(row[i:]) == 0 {
		i += 8
	}
	for i < len(row) && row[i] == 0 {
		i++
	}
	return i
}
