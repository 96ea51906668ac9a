package object

import (
	"cmp"
	"fmt"
)

// NEvidence is the number of values summed along a run: four of evidence that rules may publish, and the strength of the change.
const NEvidence = 5

// Run is a span of one row of the run's grid over which everything but the evidence is the same.
// A change run has a Kind; a gap run has Kind 0 and says in Reason and Undecided what could not be decided.
type Run struct {
	Y, X0, X1 int32            // row, columns [X0, X1) of the run's grid
	Parcel    int32            // 1-based index of the staged parcel; 0 none
	Undecided uint32           // gaps only: bit k is set where kind k+1 is undecided
	Pair      uint16           // index of the scene pair
	Kind      uint8            // 1-based ordinal of the kind; 0 for a gap
	Reason    Reason           // gaps only
	Sums      [NEvidence]int64 // Σ round(evidence · 1000) over the run's pixels that have a value
	Missing   [NEvidence]int32 // how many of the run's pixels have no value of the evidence
}

// Pixels returns the number of pixels of the run.
func (r Run) Pixels() int64 { return int64(r.X1) - int64(r.X0) }

// check returns what makes the run impossible on any grid, nil when nothing does.
func (r *Run) check() error {
	switch {
	case r.Y < 0 || r.X0 < 0:
		return fmt.Errorf("run at row %d, columns [%d, %d) lies outside every grid", r.Y, r.X0, r.X1)
	case r.X1 <= r.X0:
		return fmt.Errorf("run at row %d, columns [%d, %d) is empty", r.Y, r.X0, r.X1)
	case r.Parcel < 0:
		return fmt.Errorf("run at row %d, column %d has parcel %d", r.Y, r.X0, r.Parcel)
	case r.Reason >= reasons:
		return fmt.Errorf("run at row %d, column %d has the unknown reason %d", r.Y, r.X0, r.Reason)
	}
	for i, n := range r.Missing {
		if n < 0 || int64(n) > r.Pixels() {
			return fmt.Errorf("run at row %d, columns [%d, %d): %d pixels lack evidence %d", r.Y, r.X0, r.X1, n, i+1)
		}
	}
	return nil
}

// compare is the canonical order: as one reads a page, then by attributes. Among runs that may stand together in
// one fused list no two compare equal.
func compare(a, b *Run) int {
	if a.Y != b.Y {
		return cmp.Compare(a.Y, b.Y)
	}
	if a.X0 != b.X0 {
		return cmp.Compare(a.X0, b.X0)
	}
	return cmp.Or(
		cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.Reason, b.Reason),
		cmp.Compare(a.Undecided, b.Undecided),
		cmp.Compare(a.Parcel, b.Parcel),
		cmp.Compare(a.Pair, b.Pair),
		cmp.Compare(a.X1, b.X1),
	)
}

// alike reports whether the two may be parts of one run.
func alike(a, b *Run) bool {
	return a.Kind == b.Kind && a.Parcel == b.Parcel && a.Pair == b.Pair && a.Reason == b.Reason && a.Undecided == b.Undecided
}
