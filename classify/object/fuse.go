package object

import (
	"errors"
	"fmt"
	"math"
)

// Fuse brings the runs of all tiles, in any order, into the canonical form of the grid: sorted, and runs that touch
// with equal attributes merged with their sums and missing pixels added. However the grid was cut into tiles, the result is the same.
// It works in place: the result shares the storage of runs, which is used up.
//
// Errors: a sum that overflows; an impossible run; and, always a bug of what made the runs, a pixel that belongs to
// two change runs, or twice to gap runs of equal attributes. Gaps may overlap change runs and gaps of other
// attributes: a pixel can have fired for one kind and be undecided for others, for different reasons.
func Fuse(runs []Run) ([]Run, error) {
	if len(runs) > math.MaxInt32 {
		return nil, errors.New("more than 2³¹ runs: the mask is speckle; clean more, or raise the limits of the rules")
	}
	sorted := true
	for i := range runs {
		if err := runs[i].check(); err != nil {
			return nil, err
		}
		sorted = sorted && (i == 0 || inOrder(&runs[i-1], &runs[i]))
	}
	if !sorted {
		arrange(runs)
	}
	out := runs[:0]
	var row rowState
	for i := range runs {
		r := &runs[i]
		if len(out) == 0 || out[len(out)-1].Y != r.Y {
			row.reset()
		}
		at, err := row.place(out, r)
		if err != nil {
			return nil, err
		}
		if at < 0 {
			row.add(len(out), r)
			if out = runs[:len(out)+1]; len(out) <= i {
				out[len(out)-1] = *r // nothing moves before the first fusion
			}
			continue
		}
		into := &out[at]
		into.X1 = r.X1
		for e := range into.Sums {
			sum, ok := add(into.Sums[e], r.Sums[e])
			if !ok {
				return nil, fmt.Errorf("row %d, columns [%d, %d): sum of evidence %d does not fit 64 bits: scale the expression down", r.Y, into.X0, into.X1, e+1)
			}
			into.Sums[e] = sum
			into.Missing[e] += r.Missing[e]
		}
	}
	return out, nil
}

// inOrder reports whether b may follow a in canonical order. Nearly always the row or the column decides.
func inOrder(a, b *Run) bool {
	if a.Y != b.Y {
		return a.Y < b.Y
	}
	if a.X0 != b.X0 {
		return a.X0 < b.X0
	}
	return compare(a, b) <= 0
}

// rowState remembers the runs of the current row that a later one could touch. Change runs are disjoint, so of them
// it is the last; gaps of different attributes overlap, so of them it is one for each set of attributes still open.
type rowState struct {
	change int
	gaps   []int
}

func (s *rowState) reset() { s.change, s.gaps = -1, s.gaps[:0] }

func (s *rowState) add(at int, r *Run) {
	if r.Kind != 0 {
		s.change = at
		return
	}
	s.gaps = append(s.gaps, at)
}

// place returns the run of out that r continues, −1 when r begins a new one.
func (s *rowState) place(out []Run, r *Run) (int, error) {
	if r.Kind != 0 {
		if s.change < 0 {
			return -1, nil
		}
		last := &out[s.change]
		if last.X1 > r.X0 {
			return -1, fmt.Errorf("row %d: change runs overlap at columns [%d, %d): of kind %d and of kind %d", r.Y, r.X0, min(last.X1, r.X1), last.Kind, r.Kind)
		}
		if last.X1 == r.X0 && alike(last, r) {
			return s.change, nil
		}
		return -1, nil
	}
	found, open := -1, s.gaps[:0]
	for _, at := range s.gaps {
		g := &out[at]
		if g.X1 < r.X0 {
			continue
		}
		if alike(g, r) {
			if g.X1 > r.X0 {
				return -1, fmt.Errorf("row %d: columns [%d, %d) are twice a gap (%s)", r.Y, r.X0, min(g.X1, r.X1), r.Reason)
			}
			found = at
		}
		open = append(open, at)
	}
	s.gaps = open
	return found, nil
}
