package mask

// soft finds the regions of a signal that are large and whose borders are soft.
type soft struct {
	boxes
	room   room
	o      Options
	filled []int32 // the signal, closed
	core   []int32 // opened, 0 where that is too little
	peak   []int32 // the highest core nearby
	// borders counts the cells at which regions end, sharp those of them at which they end abruptly: within view, and far.
	borders, sharp [2][]int32
}

// likeness says which regions of a signal are kept.
type likeness struct {
	least, highest int32 // level of cores
	rim            int32 // the part of the core's level that still belongs to it, as a divisor
	endless        bool  // whether cores without a border in sight are kept
}

// region sets dst where the cell belongs to a region of v that is as k has it. v is overwritten. Most land has no core, and
// is done with as soon as that is seen; of the rest, the columns around cores are looked at.
func (s *soft) region(dst []bool, v []int32, k likeness) {
	clear(dst)
	if !reached(v, k.least) {
		return
	}
	from, to := s.room.columns(v, s.w, k.least, s.o.cells(fill), s.o.cells(solid))
	if from == to {
		return
	}
	// As far as the region goes, and as far as that depends on: near the edge of what is looked at are cores that are none.
	grown := s.o.cells(solid) + s.o.cells(reach) + s.o.cells(rim)
	first, last := max(0, from-grown), min(s.w, to+grown)
	halo := s.o.Halo() / s.o.cell()
	left, right := max(0, first-halo), min(s.w, last+halo)
	whole, w := s.w, right-left
	for y := range s.h { // to the front of both
		copy(v[y*w:(y+1)*w], v[y*whole+left:])
	}
	s.w = w
	s.within(dst[:w*s.h], v[:w*s.h], k)
	s.w = whole
	for y := s.h - 1; y >= 0; y-- { // and back, the last row first
		row := dst[y*whole : (y+1)*whole]
		copy(row[first:last], dst[y*w+first-left:])
		clear(row[:first])
		clear(row[last:])
	}
}

// within is region of columns that have a core.
func (s *soft) within(dst []bool, v []int32, k likeness) {
	n := len(v)
	s.filled, s.core = grow(s.filled, n), grow(s.core, n)
	s.greatest(s.filled, v, s.o.cells(fill))
	s.least(s.filled, s.filled, s.o.cells(fill))
	s.least(s.core, s.filled, s.o.cells(solid))
	s.greatest(s.core, s.core, s.o.cells(solid))
	for i, c := range s.core {
		if v[i] == missing {
			s.filled[i], s.core[i] = missing, missing
		} else if c < k.least {
			s.core[i] = 0
		}
	}
	if !reached(s.core, k.least) {
		return
	}
	s.peak = grow(s.peak, n)
	for i := range s.borders {
		s.borders[i], s.sharp[i] = grow(s.borders[i], n), grow(s.sharp[i], n)
	}
	s.greatest(s.peak, s.core, s.o.cells(near))
	s.ends()
	s.keep(v, k)
	s.rim(dst, v, k)
}

// reached reports whether some cell that is not missing has the level.
func reached(v []int32, level int32) bool {
	for _, l := range v {
		if l >= level && l != missing {
			return true
		}
	}
	return false
}

// ends counts borders: a region ends where the level falls below half of its peak, and abruptly where nearly half of the peak
// is lost from one neighbour to the other.
func (s *soft) ends() {
	lowest, highest := s.borders[1], s.sharp[1]
	s.least(lowest, s.filled, 1)
	s.greatest(highest, s.filled, 1)
	for i, p := range s.peak {
		s.borders[0][i], s.sharp[0][i] = 0, 0
		if p == missing || s.filled[i] == missing || 2*s.filled[i] < p || 2*lowest[i] >= p {
			continue
		}
		s.borders[0][i] = 1
		if 20*(highest[i]-lowest[i]) > 9*p {
			s.sharp[0][i] = 1
		}
	}
	for _, v := range [2]*[2][]int32{&s.borders, &s.sharp} {
		copy(v[1], v[0])
		s.count(v[0], s.o.cells(view))
		s.count(v[1], s.o.cells(far))
	}
}

// keep writes to v the level of cores that have no more than the highest level around them and whose borders are soft,
// in view and far, else 0.
func (s *soft) keep(v []int32, k likeness) {
	for i, c := range s.core {
		v[i] = 0
		if c == missing || c == 0 || s.peak[i] > k.highest || (s.borders[1][i] == 0 && !k.endless) {
			continue
		}
		if 2*s.sharp[0][i] <= s.borders[0][i] && 2*s.sharp[1][i] <= s.borders[1][i] {
			v[i] = c
		}
	}
}

// rim sets dst around the cores in v as far as the signal goes, and a little further.
func (s *soft) rim(dst []bool, v []int32, k likeness) {
	around, part := s.borders[0], s.sharp[0]
	s.greatest(around, v, s.o.cells(reach))
	for i, p := range around {
		part[i] = 0
		if p > 0 && p != missing && s.filled[i] != missing && k.rim*s.filled[i] >= p {
			part[i] = 1
		}
	}
	s.greatest(part, part, s.o.cells(rim))
	for i, p := range part {
		dst[i] = p == 1
	}
}
