package texture

import "tuban/classify/kernel"

// boxes sums rows over boxes of nx × ny pixels, a strip of kernel.Lanes rows of boxes after the other: first down the
// columns, then along the rows, which are interleaved for it so that many take each step at once.
//
// Along a row it is as with columns: blocks of nx are fixed to the grid, and the order of additions depends on the
// absolute positions alone.
type boxes struct {
	columns columns[float32]
	x, n    int       // the grid column where rows begin, and of how many columns a box is
	stride  int       // from row to row
	rows    []float32 // sums of columns
	strip   []float32 // the same, interleaved
	tail    []float32 // of one block: the sums of each column and those behind it
}

// start sets s to boxes whose first row has its upper left corners at (x, y), over rows of width columns.
func (s *boxes) start(x, y, nx, ny, width int, from source[float32]) {
	s.columns.start(y, ny, width, from)
	s.x, s.n, s.stride = x, nx, (width+7)&^7 // whole vectors
	s.rows, s.strip = grow(s.rows, kernel.Lanes*s.stride), grow(s.strip, kernel.Lanes*s.stride)
	s.tail = grow(s.tail, kernel.Lanes*nx)
}

// next goes on to the strip with the next n rows of boxes; what its other rows hold does not matter.
func (s *boxes) next(n int) {
	for l := range n {
		s.columns.next(s.rows[l*s.stride:][:s.columns.width])
	}
	kernel.Interleave(s.strip, s.rows, s.stride, s.stride)
}

// along calls emit with what the boxes from … to of each row of the strip are made of, by parts that lie in one block:
// box o+k is column k of tail and the first skip+k columns of head.
func (s *boxes) along(from, to int, emit func(o, n int, tail, head []float32, skip int)) {
	const lanes = kernel.Lanes
	for o := from; o < to; {
		skip := mod(s.x+o, s.n)
		rest := s.n - skip // of the block in which box o begins
		tail := s.tail[:rest*lanes]
		kernel.Suffixes(tail, s.strip[o*lanes:])
		n := min(rest, to-o)
		emit(o*lanes, n*lanes, tail, s.strip[(o+rest)*lanes:], skip)
		o += n
	}
}

// sums writes the boxes from … to of the strip to their places in dst.
func (s *boxes) sums(dst []float32, from, to int) {
	s.along(from, to, func(o, n int, tail, head []float32, skip int) {
		kernel.Slide(dst[o:][:n], tail, head, skip)
	})
}

// lower lowers the places of the boxes from … to in dst to c times their sums.
func (s *boxes) lower(dst []float32, from, to int, c float32) {
	s.along(from, to, func(o, n int, tail, head []float32, skip int) {
		kernel.SlideLower(dst[o:][:n], tail, head, skip, c)
	})
}
