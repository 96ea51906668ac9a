package mask

import "math/bits"

// room tells quickly where no core can be: of most land some cell or other is bright enough for one, but nowhere a square of
// them. Levels are compared once, and what follows is done on 64 cells at a time.
type room struct {
	bits, inside []uint64
	words        int // of a row
	pad          int // bits before the first cell of a row, so that windows can begin outside
}

// columns returns between which columns, from ≤ x < to, all cells lie that, once gaps within fill are closed, have the level
// least everywhere within solid, of v with w cells in a row; from = to where none does. What is missing, and what lies outside,
// has it. boxes makes cores around these cells, or, where some are missing, around fewer.
func (m *room) columns(v []int32, w int, least int32, fill, solid int) (from, to int) {
	h := len(v) / w
	m.pad = fill + solid
	m.words = (w+2*m.pad)/64 + 1
	m.bits, m.inside = grow(m.bits, m.words*h), grow(m.inside, m.words)
	clear(m.bits)
	clear(m.inside)
	for x := range w {
		m.inside[(m.pad+x)/64] |= 1 << ((m.pad + x) % 64)
	}
	for y := range h {
		row := m.row(y)
		for x, level := range v[y*w : (y+1)*w] {
			if level >= least { // missing is
				row[(m.pad+x)/64] |= 1 << ((m.pad + x) % 64)
			}
		}
	}
	m.spread(h, fill)
	// The cells that keep a distance from all that have not the level.
	m.invert(h)
	m.spread(h, fill+solid)
	m.invert(h)
	any := m.row(0)
	for y := 1; y < h; y++ {
		for i, b := range m.row(y) {
			any[i] |= b
		}
	}
	for i, b := range any {
		if b == 0 {
			continue
		}
		if to == 0 {
			from = i*64 + bits.TrailingZeros64(b) - m.pad
		}
		to = i*64 + bits.Len64(b) - m.pad
	}
	return from, to
}

func (m *room) row(y int) []uint64 { return m.bits[y*m.words : (y+1)*m.words] }

// invert inverts the cells, and clears what lies outside.
func (m *room) invert(h int) {
	for y := range h {
		row := m.row(y)
		for i := range row {
			row[i] = ^row[i] & m.inside[i]
		}
	}
}

// spread sets each cell within r of one that is set. Bits outside may be set as well.
func (m *room) spread(h, r int) {
	n := 2*r + 1
	for y := range h {
		row := m.row(y)
		twice(n, func(s int) { ahead(row, s) })
		back(row, r)
	}
	// Down by r and up by r: a window in the middle would begin above the first row.
	twice(r+1, func(s int) {
		for i := len(m.bits) - 1; i >= s*m.words; i-- {
			m.bits[i] |= m.bits[i-s*m.words]
		}
	})
	twice(r+1, func(s int) {
		for i := range max(0, len(m.bits)-s*m.words) {
			m.bits[i] |= m.bits[i+s*m.words]
		}
	})
}

// twice calls join with the steps by which windows of one cell become windows of n: each joins two.
func twice(n int, join func(step int)) {
	s := 1
	for ; 2*s <= n; s *= 2 {
		join(s)
	}
	if s < n {
		join(n - s)
	}
}

// ahead sets each bit that is s bits before one that is set.
func ahead(row []uint64, s int) {
	whole, part := s/64, s%64
	for i := range len(row) - whole {
		b := row[i+whole] >> part
		if i+whole+1 < len(row) {
			b |= row[i+whole+1] << (64 - part)
		}
		row[i] |= b
	}
}

// back moves all bits s bits further.
func back(row []uint64, s int) {
	whole, part := s/64, s%64
	for i := len(row) - 1; i >= 0; i-- {
		b := uint64(0)
		if i >= whole {
			b = row[i-whole] << part
		}
		if i > whole {
			b |= row[i-whole-1] >> (64 - part)
		}
		row[i] = b
	}
}
