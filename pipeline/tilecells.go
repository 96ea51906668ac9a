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

// cell is the edge of the squares by which a tile is looked at again.
const cell = 32

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
	if kinds == 0 {
		return
	}
	part := s.core.Intersect(s.area)
	for y := part.Y; y < part.Y+part.H; y++ {
		o := (y-s.core.Y)*s.core.W - s.core.X
		row := s.fired[o+part.X : o+part.X+part.W]
		cells := s.open[(y-s.area.Y)/cell*cols:][:cols]
		for x := nextSet(row, 0); x < len(row); x = nextSet(row, x+1) {
			if kinds&(1<<(row[x]-1)) != 0 {
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

// markCells sets the cells of a row of them in which a row of pixels has the value v.
func markCells(open []bool, row []uint8, v uint8) {
	for x := range open {
		open[x] = open[x] || bytes.IndexByte(row[x*cell:min((x+1)*cell, len(row))], v) >= 0
	}
}

// nextSet returns the position of the first byte of row from x on that is not 0, its length when there is none.
func nextSet(row []uint8, x int) int {
	for x+8 <= len(row) && binary.LittleEndian.Uint64(row[x:]) == 0 {
		x += 8
	}
	for x < len(row) && row[x] == 0 {
		x++
	}
	return x
}

// nextOpen returns the first position from x on at which cleaning leaves a kind, or its condition is unknown.
func nextOpen(cleaned, raw []uint8, x int) int {
	const unknown = kleeneUnknown * 0x0101010101010101
	cleaned = cleaned[:len(raw)]
	for x+8 <= len(raw) && binary.LittleEndian.Uint64(cleaned[x:])|binary.LittleEndian.Uint64(raw[x:])&unknown == 0 {
		x += 8
	}
	for x < len(raw) && cleaned[x] != kleeneTrue && raw[x] != kleeneUnknown {
		x++
	}
	return x
}
