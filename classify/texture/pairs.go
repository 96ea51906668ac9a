package texture

import "tuban/raster"

// pairs are the pixels of src that are (dy, dx) apart, dy ≥ 0. A pair is known by the top left corner of the rectangle
// it spans, so that the pairs within a box are a smaller box.
type pairs struct {
	src    []float32
	w      raster.Window
	radius int
	dy, dx int
}

// shape returns the box of pairs, and how long a row of pairs is with a margin of radius on both sides.
func (p pairs) shape() (nx, ny, width int) {
	edge := 2*p.radius + 1
	nx, ny = edge-abs(p.dx), edge-p.dy
	return nx, ny, p.w.W + nx - 1
}

// rows clears the margins of row and returns the rest of it, and both pixels of its pairs; all empty when there are none.
func (p pairs) rows(y int, row []float32) (dst, a, b []float32) {
	n := max(0, p.w.W-abs(p.dx))
	y -= p.w.Y
	if y < 0 || y+p.dy >= p.w.H {
		n = 0
	}
	if n == 0 {
		clear(row)
		return nil, nil, nil
	}
	clear(row[:p.radius])
	clear(row[p.radius+n:])
	a = p.src[y*p.w.W+max(0, -p.dx):][:n]
	b = p.src[(y+p.dy)*p.w.W+max(0, p.dx):][:n]
	return row[p.radius:][:n], a, b
}

// squares writes the squared differences of the pairs in row y of the grid.
func (p pairs) squares(y int, row []float32) {
	dst, a, b := p.rows(y, row)
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		d := a[i] - b[i]
		dst[i] = float32(d * d)
	}
}

// squaresMissing is squares with 0 for pairs that miss a pixel.
func (p pairs) squaresMissing(y int, row []float32) {
	dst, a, b := p.rows(y, row)
	for i := range dst {
		d := a[i] - b[i]
		d = float32(d * d)
		if d-d != 0 {
			d = 0
		}
		dst[i] = d
	}
}

// valid writes 1 for pairs whose squared difference is finite, else 0.
func (p pairs) valid(y int, row []float32) {
	dst, a, b := p.rows(y, row)
	for i := range dst {
		d := a[i] - b[i]
		d = float32(d * d)
		dst[i] = 0
		if d-d == 0 {
			dst[i] = 1
		}
	}
}
