package raster

import "fmt"

// Window is a rectangle of whole pixels of a grid: columns [X, X+W), rows [Y, Y+H).
type Window struct{ X, Y, W, H int }

// Empty reports whether the window holds no pixel.
func (w Window) Empty() bool { return w.W <= 0 || w.H <= 0 }

// Pixels returns the number of pixels, as int64 because grids exceed 2³¹ of them.
func (w Window) Pixels() int64 {
	if w.Empty() {
		return 0
	}
	return int64(w.W) * int64(w.H)
}

// Intersect returns what w and v share; the zero Window when nothing.
func (w Window) Intersect(v Window) Window {
	x0, y0 := max(w.X, v.X), max(w.Y, v.Y)
	x1, y1 := min(w.X+w.W, v.X+v.W), min(w.Y+w.H, v.Y+v.H)
	if x1 <= x0 || y1 <= y0 {
		return Window{}
	}
	return Window{x0, y0, x1 - x0, y1 - y0}
}

// Union returns the smallest window that contains both; an empty window adds nothing.
func (w Window) Union(v Window) Window {
	if w.Empty() {
		return v
	}
	if v.Empty() {
		return w
	}
	x0, y0 := min(w.X, v.X), min(w.Y, v.Y)
	return Window{x0, y0, max(w.X+w.W, v.X+v.W) - x0, max(w.Y+w.H, v.Y+v.H) - y0}
}

// Grow returns w with n pixels more on every side.
func (w Window) Grow(n int) Window { return Window{w.X - n, w.Y - n, w.W + 2*n, w.H + 2*n} }

// Contains reports whether every pixel of v is in w.
func (w Window) Contains(v Window) bool { return v.Empty() || w.Intersect(v) == v }

// Shift returns w moved by (dx, dy).
func (w Window) Shift(dx, dy int) Window { return Window{w.X + dx, w.Y + dy, w.W, w.H} }

func (w Window) String() string { return fmt.Sprintf("%d,%d %d×%d", w.X, w.Y, w.W, w.H) }

// Tile is a unit of I/O: Core is what it answers for, Read is Core grown by the halo and clipped to the grid.
type Tile struct {
	// Index numbers the tiles of a grid row by row; it names the tile across restarts.
	Index int
	Core  Window
	Read  Window
}

// Tiles cuts the grid into tiles of at most size × size pixels, row by row, each with halo pixels around it.
// A size ≤ 0 means one tile for the whole grid.
func Tiles(g Grid, size, halo int) []Tile { return TilesAt(g, size, halo, 0, 0) }

// TilesAt is Tiles with a corner of tiles at (x, y), inside the grid or not, so that the first row and column may be narrower.
func TilesAt(g Grid, size, halo, x, y int) []Tile {
	if g.W <= 0 || g.H <= 0 {
		return nil
	}
	if size <= 0 {
		size, x, y = max(g.W, g.H), 0, 0
	}
	// The last corner at or before the grid's own.
	first := func(at int) int { return (at%size+size)%size - size }
	var tiles []Tile
	for y := first(y); y < g.H; y += size {
		for x := first(x); x < g.W; x += size {
			if core := (Window{x, y, size, size}).Intersect(g.Window()); !core.Empty() {
				tiles = append(tiles, Tile{Index: len(tiles), Core: core, Read: core.Grow(halo).Intersect(g.Window())})
			}
		}
	}
	return tiles
}
