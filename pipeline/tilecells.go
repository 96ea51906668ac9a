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

// openCells marks the cells of the area with a pixel that only textures can decide.
func (s *tileScanner) openCells() {
	cols := s.closeCells()
	for k, raw := range s.raw {
		if s.can&(1<<k) == 0 || !s.plan.textured(k) {
			continue
		}
		for y := range s.area.H {
			o := (s.area.Y+y-s.work.Y)*s.work.W + s.area.X - s.work.X
			markCells(s.open[y/cell*cols:][:cols], raw[o:o+s.area.W], kleeneUnknown)
		}
	}
}

// firedCells marks the cells in which one of the kinds fired.
func (s *tileScanner) firedCells(kinds uint32) {
	cols := s.closeCells()
	part := s.core.Intersect(s.area)
	for y := part.Y; y < part.Y+part.H; y++ {
		o := (y-s.core.Y)*s.core.W - s.core.X
		row := s.fired[o+part.X : o+part.X+part.W]
		cells := s.open[(y-s.area.Y)/cell*cols:][:cols]
		for x := firstSet(row); x < len(row); x++ {
			if k := row[x]; k != 0 && kinds&(1<<(k-1)) != 0 {
				cells[(part.X+x-s.area.X)/cell] = true
			}
		}
	}
}

// closeCells begins without a mark, and returns how many cells lie beside one another.
func (s *tileScanner) closeCells() (cols int) {
	cols = (s.area.W + cell - 1) / cell
	s.open = grow(s.open, cols*((s.area.H+cell-1)/cell))
	clear(s.open)
	return cols
}

// openWindows returns windows that hold, together and once each, the marked cells.
func (s *tileScanner) openWindows() []raster.Window {
	s.windows = s.windows[:0]
	n := 0
	for _, open := range s.open {
		if open {
			n++
		}
	}
	// One window costs less than many when little is left out: their halos overlap.
	if 2*n > len(s.open) {
		s.windows = append(s.windows, s.area)
		return s.windows
	}
	cols := (s.area.W + cell - 1) / cell
	for at := 0; at < len(s.open); at++ {
		if !s.open[at] {
			continue
		}
		first := at
		for at%cols < cols-1 && s.open[at+1] {
			at++
		}
		w := raster.Window{X: s.area.X + first%cols*cell, Y: s.area.Y + first/cols*cell, W: (at - first + 1) * cell, H: cell}
		s.windows = append(s.windows, w.Intersect(s.area))
	}
	return s.windows
}

// markCells sets the cells of a row of them in which a row of pixels has the value v.
func markCells(open []bool, row []uint8, v uint8) {
	for x := range open {
		open[x] = open[x] || bytes.IndexByte(row[x*cell:min((x+1)*cell, len(row))], v) >= 0
	}
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
