package texture

import "tuban/raster"

// plane feeds the pixels of src to the sums around the pixels of part.
type plane struct {
	src     []float32
	w, part raster.Window // src is row-major over w
	radius  int
}

// shape returns where rows begin, the edge of a box, and how long a row is.
func (p *plane) shape() (x, y, n, width int) {
	n = 2*p.radius + 1
	return p.part.X - p.radius, p.part.Y - p.radius, n, p.part.W + n - 1
}

// row returns the pixels of row y of the grid that the sums need and w has, and how many that w has not come before them.
func (p *plane) row(y int) (row []float32, before int) {
	x, _, _, width := p.shape()
	in := p.w.Intersect(raster.Window{X: x, Y: y, W: width, H: 1})
	if in.Empty() {
		return nil, 0
	}
	return p.src[(y-p.w.Y)*p.w.W+in.X-p.w.X:][:in.W], in.X - x
}

// counts writes how many pixels of the image the boxes around row y of the part have, when none is missing.
func (p *plane) counts(dst []float32, y int) {
	rows := inside(p.part.Y-p.w.Y+y, p.radius, 0, p.w.H)
	for x := range dst {
		dst[x] = float32(rows * inside(p.part.X-p.w.X+x, p.radius, 0, p.w.W))
	}
}

// values are the pixels of a plane, 0 for missing ones.
type values plane

func (p *values) load(dst []float64, y int) {
	row, before := (*plane)(p).row(y)
	dst = margin(dst, before, len(row))
	for i, v := range row {
		if v-v != 0 {
			v = 0
		}
		dst[i] = float64(v)
	}
}

// valuesSquared are the squares of values.
type valuesSquared plane

func (p *valuesSquared) load(dst []float64, y int) {
	(*values)(p).load(dst, y)
	for i, v := range dst {
		dst[i] = v * v
	}
}

// valid are 1 for the pixels that are there, else 0.
type valid plane

func (p *valid) load(dst []float32, y int) {
	row, before := (*plane)(p).row(y)
	dst = margin(dst, before, len(row))
	for i, v := range row {
		dst[i] = 0
		if v-v == 0 {
			dst[i] = 1
		}
	}
}

// margin clears all of dst but the n elements behind the first, which it returns.
func margin[T any](dst []T, before, n int) []T {
	clear(dst[:before])
	clear(dst[before+n:])
	return dst[before:][:n]
}
