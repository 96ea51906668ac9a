package pipeline

import (
	"tuban/classify/bandmath"
	"tuban/classify/object"
	"tuban/raster"
)

// changes appends the change runs of the core.
func (s *tileScanner) changes(core, read raster.Window, runs []object.Run) ([]object.Run, error) {
	s.row.pair = grow(s.row.pair, core.W)
	for i := range s.row.evidence {
		s.row.evidence[i] = grow(s.row.evidence[i], core.W)
	}
	for y := range core.H {
		fired := s.fired[y*core.W : (y+1)*core.W]
		var kinds uint32
		for _, k := range fired {
			if k != 0 {
				kinds |= 1 << (k - 1)
			}
		}
		if kinds == 0 {
			continue
		}
		s.pairs(core, read, y)
		s.evidence(core, read, y, fired, kinds)
		var err error
		runs, err = object.AppendRow(runs, object.Row{
			Y: int32(core.Y + y), X: int32(core.X), Kind: fired, Parcel: s.parcel[y*core.W : (y+1)*core.W],
			Pair: s.row.pair, Evidence: s.row.evidence,
		})
		if err != nil {
			return runs, err
		}
	}
	return runs, nil
}

// pairs fills the row's pairs of origins; a pixel without one in a date has pair 0, and never fires.
func (s *tileScanner) pairs(core, read raster.Window, y int) {
	o := (y+core.Y-read.Y)*read.W + core.X - read.X
	before, after := s.from[0][o:o+core.W], s.from[1][o:o+core.W]
	for x := range s.row.pair {
		s.row.pair[x] = 0
		if before[x] >= 0 && after[x] >= 0 {
			s.row.pair[x] = s.plan.pair(before[x], after[x])
		}
	}
}

// evidence computes, where a kind fired, the values that its rule asks to be summed. A value that the kind does not have
// is 0, not missing: the runs need not count it.
func (s *tileScanner) evidence(core, read raster.Window, y int, fired []uint8, kinds uint32) {
	for i := range s.row.evidence {
		clear(s.row.evidence[i])
	}
	for x := 0; x < core.W; x += bandmath.Chunk {
		n := min(bandmath.Chunk, core.W-x)
		s.begin(read, core.X+x, core.Y+y, n)
		for k := range s.plan.Rules.Kinds {
			if kinds&(1<<k) == 0 {
				continue
			}
			for i := range object.NEvidence {
				source, ok := s.plan.Rules.EvidenceSource(k, i)
				if i == strengthSum {
					source, ok = s.plan.Rules.StrengthSource(k)
				}
				if !ok {
					continue
				}
				values, dst := s.machine.Value(source), s.row.evidence[i][x:x+n]
				for j, f := range fired[x : x+n] {
					if int(f) == k+1 {
						dst[j] = values[j]
					}
				}
			}
		}
	}
}

// gaps appends runs of the pixels at which an eligible kind is not decided, with the reason. They cross parcels
// (countGaps).
func (s *tileScanner) gaps(core, read raster.Window, runs []object.Run) []object.Run {
	for y := range core.H {
		undecided := s.undecided[y*core.W : (y+1)*core.W]
		o := (y+core.Y-read.Y)*read.W + core.X - read.X
		before, after := s.from[0][o:o+core.W], s.from[1][o:o+core.W]
		for x := 0; x < core.W; {
			if undecided[x] == 0 {
				x++
				continue
			}
			why := gapReason(before[x], after[x])
			x0 := x
			for x++; x < core.W && undecided[x] == undecided[x0] && gapReason(before[x], after[x]) == why; {
				x++
			}
			runs = append(runs, object.Run{
				Y: int32(core.Y + y), X0: int32(core.X + x0), X1: int32(core.X + x),
				Undecided: undecided[x0], Reason: why,
			})
		}
	}
	return runs
}

// gapReason says why a pixel is not decided: what the before date lacks counts first; where both dates have a pixel,
// their bands cannot decide the kind.
func gapReason(before, after int32) object.Reason {
	if before < 0 {
		return reasonOf(before)
	}
	if after < 0 {
		return reasonOf(after)
	}
	return object.NotJudgeable
}
