package pipeline

import (
	"context"

	"tuban/classify/object"
	"tuban/raster"
)

// Most of a large grid may lie between scenes, or in parts of them that their files do not store. What a kind makes of no data is
// known beforehand: there, a tile costs its runs, and not its pixels.

// blank reports whether it is certain, without reading, that the date has no value in w, for one reason at every pixel: the
// origin that read would give them.
func (m *mosaic) blank(ctx context.Context, w raster.Window) (why int32, ok bool) {
	why = fromOutside
	for i := range m.scenes {
		cover := m.pixels.Footprint(i).Intersect(w)
		if cover.Empty() {
			continue
		}
		if cover != w {
			return 0, false
		}
		if m.probe[i] < 0 {
			why = min(why, fromUnfit)
			continue
		}
		if gone, err := m.pixels.Absent(ctx, i, cover); err != nil || !gone {
			return 0, false
		}
		why = min(why, fromNoData)
	}
	return why, true
}

// isBlank reports whether neither date has a value in work, and why.
func (s *tileScanner) isBlank(ctx context.Context) (bool, object.Reason) {
	before, ok := s.view.mosaics[0].blank(ctx, s.work)
	if !ok {
		return false, object.None
	}
	after, ok := s.view.mosaics[1].blank(ctx, s.work.Grow(s.plan.adjust.halo).Intersect(s.plan.Grid.Window()))
	return ok, gapReason(before, after)
}

// blankGaps appends the gaps of a blank tile: the kinds that no data leaves open, wherever they are eligible.
func (s *tileScanner) blankGaps(runs []object.Run) []object.Run {
	open := uint32(0)
	for k, verdict := range s.whole.blind {
		if verdict != kleeneFalse {
			open |= s.can & (1 << k)
		}
	}
	if open == 0 {
		return runs
	}
	s.fate = TilesNoImagery
	for y := range s.core.H {
		row := s.core.Y + y
		from := len(runs)
		for x := 0; x < s.core.W; {
			first, kinds := x, s.kindsAt(y*s.core.W+x)&open
			x += s.sameLand(y*s.core.W+x, (y+1)*s.core.W)
			if kinds == 0 {
				continue
			}
			// A gap crosses parcels.
			if n := len(runs); n > from && runs[n-1].Undecided == kinds && int(runs[n-1].X1) == s.core.X+first {
				runs[n-1].X1 = int32(s.core.X + x)
				continue
			}
			runs = append(runs, object.Run{
				Y: int32(row), X0: int32(s.core.X + first), X1: int32(s.core.X + x), Undecided: kinds, Reason: s.why,
			})
		}
	}
	return runs
}
