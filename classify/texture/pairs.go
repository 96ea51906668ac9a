package texture

import (
	"tuban/classify/kernel"
	"tuban/raster"
)

// pairs are the pixels of src that are (dy, dx) apart, dy ≥ 0, as the boxes around the pixels of b need them. A pair is
// known by the top left corner of the rectangle it spans, so that the pairs within a box are a smaller box.
type pairs struct {
	src    []float32
	w, b   raster.Window // src is row-major over w
	radius int
	dy, dx int
}

// shape returns the box of pairs, and how long a row of pairs is.
func (p *pairs) shape() (nx, ny, width int) {
	edge := 2*p.radius + 1
	nx, ny = edge-abs(p.dx), edge-p.dy
	return nx, ny, p.b.W + nx - 1
}

// rows clears what row has outside of w, and returns the rest of it, and both pixels of its pairs; all empty when there
// are none.
func (p *pairs) rows(row []float32, y int) (dst, a, b []float32) {
	x := p.b.X - p.radius // where row begins
	from := min(max(0, p.w.X-x), len(row))
	to := max(from, min(len(row), p.w.X+p.w.W-abs(p.dx)-x))
	y -= p.w.Y
	if from == to || y < 0 || y+p.dy >= p.w.H {
		clear(row)
		return nil, nil, nil
	}
	clear(row[:from])
	clear(row[to:])
	o := y*p.w.W + x + from - p.w.X
	a = p.src[o+max(0, -p.dx):][:to-from]
	b = p.src[o+p.dy*p.w.W+max(0, p.dx):][:to-from]
	return row[from:to], a, b
}

// inside returns how many of the pairs of a box around position i, d apart in that axis, lie in [0, size).
func inside(i, radius, d, size int) int {
	return max(0, min(i+radius-d, size-d-1)-max(i-radius, 0)+1)
}

func abs(a int) int { return max(a, -a) }

// squares are the squared differences of pairs.
type squares pairs

func (s *squares) load(row []float32, y int) { kernel.Squares((*pairs)(s).rows(row, y)) }

// finiteSquares are squares with 0 for pairs that miss a pixel.
type finiteSquares pairs

func (s *finiteSquares) load(row []float32, y int) { kernel.FiniteSquares((*pairs)(s).rows(row, y)) }

// finitePairs are 1 for pairs whose squared difference is finite, else 0.
type finitePairs pairs

func (s *finitePairs) load(row []float32, y int) { kernel.FinitePairs((*pairs)(s).rows(row, y)) }
