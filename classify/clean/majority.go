package clean

// majority replaces each pixel of mask by whether more than half of the (2r+1)² square around it fired, of what is inside.
//
// One pass: cols holds the fired pixels of each column within the square's rows, its running sum the square's. All is
// counted in integers, so nothing drifts. Rows without a fired pixel in reach are cleared, and of the others only the
// columns in reach are looked at, because change is sparse.
func (s *Scratch) majority(mask []uint8, w, h, r int) {
	n := 2*r + 1
	s.reset(w, n)
	ring, cols, spans := s.ring, s.cols, s.spans
	for y := -r; y < h; y++ {
		in := y + r // the row that enters; its slot is that of the row that leaves
		slot := in % n
		row := ring[slot*w : slot*w+w]
		if old := spans[slot]; old.lo < old.hi {
			subtract(cols[old.lo:old.hi], row[old.lo:old.hi])
		}
		spans[slot] = span{}
		if in < h {
			sp := firedSpan(mask[in*w : in*w+w])
			if sp.lo < sp.hi {
				take(row[sp.lo:sp.hi], cols[sp.lo:sp.hi], mask[in*w+sp.lo:in*w+sp.hi])
				spans[slot] = sp
			}
		}
		if y < 0 {
			continue
		}
		out := mask[y*w : y*w+w]
		reach := union(spans)
		if reach.lo >= reach.hi {
			clear(out)
			continue
		}
		reach.lo, reach.hi = max(0, reach.lo-r), min(w, reach.hi+r)
		clear(out[:reach.lo])
		clear(out[reach.hi:])
		rows := min(h-1, y+r) - max(0, y-r) + 1
		s.decide(out, reach, r, rows)
	}
}

// decide writes the columns of reach of one output row from the column counts; rows is how many rows the squares have inside.
func (s *Scratch) decide(out []uint8, reach span, r, rows int) {
	cols, w := s.cols, len(out)
	sum := 0
	for x := max(0, reach.lo-r); x < min(w, reach.lo+r); x++ {
		sum += int(cols[x])
	}
	// The squares of columns [r, w−r) are whole: there the threshold is one number and both ends of the sum exist.
	step := func(x int) {
		if x+r < w {
			sum += int(cols[x+r])
		}
		inside := rows * (min(w-1, x+r) - max(0, x-r) + 1)
		out[x] = fired(sum, inside/2+1)
		if x-r >= 0 {
			sum -= int(cols[x-r])
		}
	}
	x := reach.lo
	for ; x < min(reach.hi, r); x++ {
		step(x)
	}
	if end := min(reach.hi, w-r); x < end {
		least := rows*(2*r+1)/2 + 1
		enter, leave, dst := cols[x+r:end+r], cols[x-r:end-r], out[x:end]
		enter, leave = enter[:len(dst)], leave[:len(dst)]
		running := sum // a variable of its own: the closure keeps sum in memory, which the loop would wait for
		for i := range dst {
			running += int(enter[i])
			dst[i] = fired(running, least)
			running -= int(leave[i])
		}
		sum, x = running, end
	}
	for ; x < reach.hi; x++ {
		step(x)
	}
}

// fired returns 2 when sum ≥ least, else 0, without a branch that noise would make unpredictable.
func fired(sum, least int) uint8 { return uint8((uint64(int64(sum-least))>>63)^1) << 1 }

func (s *Scratch) reset(w, n int) {
	if cap(s.ring) < w*n {
		s.ring = make([]uint8, w*n)
	}
	s.ring = s.ring[:w*n]
	if cap(s.cols) < w {
		s.cols = make([]uint16, w)
	}
	s.cols = s.cols[:w]
	clear(s.cols)
	if cap(s.spans) < n {
		s.spans = make([]span, n)
	}
	s.spans = s.spans[:n]
	clear(s.spans)
}

// take copies the fired pixels of src to row as 1 and adds them to cols.
func take(row []uint8, cols []uint16, src []uint8) {
	row, cols = row[:len(src)], cols[:len(src)]
	for i, v := range src {
		b := v >> 1
		row[i] = b
		cols[i] += uint16(b)
	}
}

func subtract(cols []uint16, row []uint8) {
	cols = cols[:len(row)]
	for i, b := range row {
		cols[i] -= uint16(b)
	}
}

func union(spans []span) span {
	var u span
	for _, s := range spans {
		switch {
		case s.lo >= s.hi:
		case u.lo >= u.hi:
			u = s
		default:
			u.lo, u.hi = min(u.lo, s.lo), max(u.hi, s.hi)
		}
	}
	return u
}
