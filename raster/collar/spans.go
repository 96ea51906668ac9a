package collar

import (
	"slices"
	"sort"
)

// spans are the filled pixels of a cell from which a way leads to its border: what lies within, apart from it, no flood
// reaches. Row y has those from rows[y] to rows[y+1]; columns count from the cell's first.
type spans struct {
	full, taken bool // filled throughout: no spans are kept; taken says that it was reached
	rows        []int32
	x0, x1      []int32
	reached     []bool
}

// newSpans takes the filled pixels of a cell of w × h.
func newSpans(fill []bool, w, h int) *spans {
	if !slices.Contains(fill, false) {
		return &spans{full: true}
	}
	s := &spans{rows: make([]int32, 1, h+1)}
	for y := range h {
		row := fill[y*w : (y+1)*w]
		for x := 0; x < w; {
			if !row[x] {
				x++
				continue
			}
			start := x
			for x < w && row[x] {
				x++
			}
			s.x0, s.x1 = append(s.x0, int32(start)), append(s.x1, int32(x))
		}
		s.rows = append(s.rows, int32(len(s.x0)))
	}
	s.reached = make([]bool, len(s.x0))
	s.keepBordering(w, h)
	return s
}

// at is the first span of row y that ends behind column x.
func (s *spans) at(y, x int) int {
	lo, hi := int(s.rows[y]), int(s.rows[y+1])
	return lo + sort.Search(hi-lo, func(i int) bool { return int(s.x1[lo+i]) > x })
}

// keepBordering drops the spans from which no way leads to the cell's border. Dark speckle in the content would else cost as
// much as the content is large.
func (s *spans) keepBordering(w, h int) {
	var todo []place
	keep := func(y, x0, x1 int) {
		if y < 0 || y >= h {
			return
		}
		for i := s.at(y, x0); i < int(s.rows[y+1]) && int(s.x0[i]) < x1; i++ {
			if !s.reached[i] {
				s.reached[i] = true
				todo = append(todo, place{row: int32(y), index: int32(i)})
			}
		}
	}
	keep(0, 0, w)
	keep(h-1, 0, w)
	for y := range h {
		keep(y, 0, 1)
		keep(y, w-1, w)
	}
	for len(todo) > 0 {
		p := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		x0, x1 := int(s.x0[p.index]), int(s.x1[p.index])
		keep(int(p.row)-1, x0, x1)
		keep(int(p.row)+1, x0, x1)
	}
	n, first := 0, 0
	for y := range h {
		last := int(s.rows[y+1])
		for i := first; i < last; i++ {
			if s.reached[i] {
				s.x0[n], s.x1[n] = s.x0[i], s.x1[i]
				n++
			}
		}
		first = last
		s.rows[y+1] = int32(n)
	}
	// A copy: the rest of the memory would else be kept with it.
	s.x0, s.x1 = append([]int32(nil), s.x0[:n]...), append([]int32(nil), s.x1[:n]...)
	s.reached = make([]bool, n)
}
