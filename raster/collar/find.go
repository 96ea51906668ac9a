package collar

import (
	"fmt"

	"tuban/raster"
)

// maxSpans bounds the spans that are kept, of some 13 bytes each: a collar around content takes a few per row.
const maxSpans = 4 << 20

// Find returns the pixels of a w × h image that are filled and 4-connected, by filled pixels, to its edge.
//
// cell is asked which pixels are filled, once for each cell of cellW × cellH pixels that the flood reaches: those at the
// edge of the image, then those behind a filled border. Cell (cx, cy) begins at pixel (cx·cellW, cy·cellH) and ends where the image
// does; fill is all false when cell is called, and row-major over the cell. What cell returns as an error ends the search.
//
// The result does not depend on the size of the cells. A cell that is filled throughout takes one flag, any other its spans; more
// than four million spans in all are an error. Find panics when a size is not positive.
func Find(w, h, cellW, cellH int, cell func(cx, cy int, fill []bool) error) (*raster.Collar, error) {
	if w <= 0 || h <= 0 || cellW <= 0 || cellH <= 0 {
		panic("collar: Find: sizes must be positive")
	}
	cellW, cellH = min(cellW, w), min(cellH, h)
	f := &flood{
		w: w, h: h, cellW: cellW, cellH: cellH, nx: (w + cellW - 1) / cellW, ny: (h + cellH - 1) / cellH,
		cells: map[int]*spans{}, ask: cell, fill: make([]bool, cellW*cellH),
	}
	if err := f.run(); err != nil {
		return nil, err
	}
	return f.collar(), nil
}

// flood is a search under way.
type flood struct {
	w, h, cellW, cellH, nx, ny int
	cells                      map[int]*spans // those that were asked for, by cy·nx + cx
	ask                        func(cx, cy int, fill []bool) error
	fill                       []bool
	kept                       int
	todo                       []place
}

// place is a span that was reached and whose neighbours were not looked at; index −1 is the whole of a filled cell.
type place struct{ cell, row, index int32 }

func (f *flood) run() error {
	for cy := range f.ny {
		for cx := range f.nx {
			if cx > 0 && cx < f.nx-1 && cy > 0 && cy < f.ny-1 {
				continue
			}
			if err := f.enter(cx, cy); err != nil {
				return err
			}
			// Emptied between cells, so that those that follow are near one another in the file.
			for len(f.todo) > 0 {
				p := f.todo[len(f.todo)-1]
				f.todo = f.todo[:len(f.todo)-1]
				if err := f.spread(p); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// size is that of cell (cx, cy).
func (f *flood) size(cx, cy int) (w, h int) {
	return min(f.cellW, f.w-cx*f.cellW), min(f.cellH, f.h-cy*f.cellH)
}

// enter reaches the filled pixels of a cell that lie at the edge of the image.
func (f *flood) enter(cx, cy int) error {
	w, h := f.size(cx, cy)
	for _, side := range []struct {
		edge           bool
		x0, y0, x1, y1 int
	}{{cy == 0, 0, 0, w, 1}, {cy == f.ny-1, 0, h - 1, w, h}, {cx == 0, 0, 0, 1, h}, {cx == f.nx-1, w - 1, 0, w, h}} {
		if side.edge {
			if err := f.reach(cx, cy, side.x0, side.y0, side.x1, side.y1); err != nil {
				return err
			}
		}
	}
	return nil
}

// reach marks the spans of a cell that have a pixel in columns [x0, x1) of rows [y0, y1).
func (f *flood) reach(cx, cy, x0, y0, x1, y1 int) error {
	key := cy*f.nx + cx
	s := f.cells[key]
	if s == nil {
		var err error
		if s, err = f.load(cx, cy); err != nil {
			return err
		}
		f.cells[key] = s
	}
	if s.full {
		if !s.taken {
			s.taken = true
			f.todo = append(f.todo, place{int32(key), 0, -1})
		}
		return nil
	}
	for y := y0; y < y1; y++ {
		for i := s.at(y, x0); i < int(s.rows[y+1]) && int(s.x0[i]) < x1; i++ {
			if !s.reached[i] {
				s.reached[i] = true
				f.todo = append(f.todo, place{int32(key), int32(y), int32(i)})
			}
		}
	}
	return nil
}

// spread reaches what touches p, in its cell and in the cells beside it.
func (f *flood) spread(p place) error {
	cx, cy := int(p.cell)%f.nx, int(p.cell)/f.nx
	w, h := f.size(cx, cy)
	x0, y0, x1, y1 := 0, 0, w, h
	if p.index >= 0 {
		s := f.cells[int(p.cell)]
		x0, x1 = int(s.x0[p.index]), int(s.x1[p.index])
		y0, y1 = int(p.row), int(p.row)+1
		for _, y := range [2]int{y0 - 1, y1} {
			if y >= 0 && y < h {
				if err := f.reach(cx, cy, x0, y, x1, y+1); err != nil {
					return err
				}
			}
		}
	}
	if x0 == 0 && cx > 0 {
		if err := f.reach(cx-1, cy, f.cellW-1, y0, f.cellW, y1); err != nil {
			return err
		}
	}
	if x1 == w && cx < f.nx-1 {
		if err := f.reach(cx+1, cy, 0, y0, 1, y1); err != nil {
			return err
		}
	}
	if y0 == 0 && cy > 0 {
		if err := f.reach(cx, cy-1, x0, f.cellH-1, x1, f.cellH); err != nil {
			return err
		}
	}
	if y1 == h && cy < f.ny-1 {
		return f.reach(cx, cy+1, x0, 0, x1, 1)
	}
	return nil
}

// load asks for a cell.
func (f *flood) load(cx, cy int) (*spans, error) {
	w, h := f.size(cx, cy)
	fill := f.fill[:w*h]
	clear(fill)
	if err := f.ask(cx, cy, fill); err != nil {
		return nil, err
	}
	s := newSpans(fill, w, h)
	if f.kept += len(s.x0); f.kept > maxSpans {
		return nil, fmt.Errorf("what is filled at its edge lies in more than %d separate spans of pixels", maxSpans)
	}
	return s, nil
}

// collar gathers what was reached, row by row.
func (f *flood) collar() *raster.Collar {
	c := &raster.Collar{Rows: make([][]int32, f.h)}
	for y := range c.Rows {
		cy, row := y/f.cellH, y%f.cellH
		var out []int32
		add := func(x0, x1 int) {
			if n := len(out); n > 0 && int(out[n-1]) == x0 {
				out[n-1] = int32(x1)
				return
			}
			out = append(out, int32(x0), int32(x1))
		}
		for cx := range f.nx {
			s := f.cells[cy*f.nx+cx]
			switch {
			case s == nil:
			case s.full && s.taken:
				w, _ := f.size(cx, cy)
				add(cx*f.cellW, cx*f.cellW+w)
			case !s.full:
				for i := s.rows[row]; i < s.rows[row+1]; i++ {
					if s.reached[i] {
						add(cx*f.cellW+int(s.x0[i]), cx*f.cellW+int(s.x1[i]))
					}
				}
			}
		}
		c.Rows[y] = out
	}
	return c
}
