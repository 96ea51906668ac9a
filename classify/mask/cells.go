package mask

import "tuban/raster"

// lattice is the cells that a window of pixels touches; X and Y of cells count from the grid's first pixel.
type lattice struct {
	raster.Window
	read raster.Window
	edge int
}

func newLattice(read raster.Window, edge int) lattice {
	l := lattice{read: read, edge: edge}
	l.X, l.Y = floor(read.X, edge), floor(read.Y, edge)
	l.W, l.H = floor(read.X+read.W-1, edge)+1-l.X, floor(read.Y+read.H-1, edge)+1-l.Y
	return l
}

// at returns the index of the cell that holds pixel (x, y) of the grid.
func (l lattice) at(x, y int) int { return (floor(y, l.edge)-l.Y)*l.W + floor(x, l.edge) - l.X }

// means writes the mean of src in each cell; NaN where fewer than half of its pixels are finite.
func (l lattice) means(dst, src []float32) {
	for cy := range l.H {
		for cx := range l.W {
			part := raster.Window{X: (l.X + cx) * l.edge, Y: (l.Y + cy) * l.edge, W: l.edge, H: l.edge}.Intersect(l.read)
			sum, n := 0.0, 0
			for y := part.Y; y < part.Y+part.H; y++ {
				o := (y-l.read.Y)*l.read.W + part.X - l.read.X
				for _, v := range src[o : o+part.W] {
					if v-v == 0 {
						sum += float64(v)
						n++
					}
				}
			}
			dst[cy*l.W+cx] = raster.NaN
			if 2*n >= l.edge*l.edge {
				dst[cy*l.W+cx] = float32(sum / float64(n))
			}
		}
	}
}

// floor is a/b rounded down, b > 0.
func floor(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
