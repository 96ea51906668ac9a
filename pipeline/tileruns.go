package pipeline

import (
	"context"

	"tuban/classify/bandmath"
	"tuban/classify/object"
	"tuban/raster"
)

// rowBuffers are the inputs of runs: a row of pairs, and evidence over the core.
type rowBuffers struct {
	pair     []uint16
	evidence [object.NEvidence][]float32
}

// changes appends the change runs of the core.
func (s *tileScanner) changes(ctx context.Context, runs []object.Run) ([]object.Run, error) {
	var kinds, textured uint32
	for x := nextSet(s.fired, 0); x < len(s.fired); x = nextSet(s.fired, x+1) {
		kinds |= 1 << (s.fired[x] - 1)
	}
	if kinds == 0 {
		return runs, nil
	}
	// Of the kinds, those that publish anything are looked at again.
	n, published := int(s.core.Pixels()), [object.NEvidence]bool{}
	publishing := uint32(0)
	for k := range s.plan.Rules.Kinds {
		for i := range published {
			if _, ok := s.plan.evidenceSource(k, i); ok && kinds&(1<<k) != 0 {
				published[i] = true
				publishing |= 1 << k
			}
		}
		if s.plan.publishesTexture(k) {
			textured |= 1 << k
		}
	}
	textured &= publishing
	for i := range s.row.evidence {
		if published[i] {
			s.row.evidence[i] = grow(s.row.evidence[i], n)
		}
	}
	s.clearEvidence(published)
	if err := s.sumUp(ctx, publishing&^textured, textured); err != nil {
		return runs, err
	}
	core := s.core
	s.row.pair = grow(s.row.pair, core.W)
	for y := range core.H {
		o := y * core.W
		fired := s.fired[o : o+core.W]
		if nextSet(fired, 0) == core.W {
			continue
		}
		s.pairs(core.Y+y, fired)
		row := object.Row{Y: int32(core.Y + y), X: int32(core.X), Kind: fired, Parcel: s.parcel[o : o+core.W], Pair: s.row.pair}
		for i, e := range s.row.evidence {
			if published[i] {
				row.Evidence[i] = e[o : o+core.W]
			}
		}
		var err error
		if runs, err = object.AppendRow(runs, row); err != nil {
			return runs, err
		}
	}
	return runs, nil
}

// clearEvidence makes 0 what is to be summed where a kind fired: what its rule does not have stays so.
func (s *tileScanner) clearEvidence(published [object.NEvidence]bool) {
	for o := 0; o < len(s.fired); o += s.core.W {
		row := s.fired[o : o+s.core.W]
		first, last := nextSet(row, 0), len(row)
		if first == last {
			continue
		}
		for row[last-1] == 0 {
			last--
		}
		for i, e := range s.row.evidence {
			if published[i] {
				clear(e[o+first : o+last])
			}
		}
	}
}

// sumUp computes evidence where the kinds fired: those that publish no texture, and those that do.
func (s *tileScanner) sumUp(ctx context.Context, plain, textured uint32) error {
	s.firedCells(plain)
	for _, w := range s.openWindows(0) {
		for strip := range strips(w) {
			for d := range s.some {
				s.some[d] = grow(s.some[d], int(strip.Pixels()))
			}
			if err := s.view.load(ctx, strip, s.some); err != nil {
				return err
			}
			s.view.derive(raster.Window{})
			s.evidence(strip.Intersect(s.core), plain)
		}
	}
	s.firedCells(textured)
	for _, w := range s.openWindows(s.plan.TextureHalo) {
		if err := s.loadTextured(ctx, w); err != nil {
			return err
		}
		s.evidence(w.Intersect(s.core), textured)
	}
	return nil
}

// pairs fills the row's pairs of origins where a kind fired.
func (s *tileScanner) pairs(y int, fired []uint8) {
	clear(s.row.pair)
	part := s.core.Intersect(s.area)
	o := (y-s.area.Y)*s.area.W + part.X - s.area.X
	before, after := s.from[0][o:o+part.W], s.from[1][o:o+part.W]
	to := s.row.pair[part.X-s.core.X:]
	for x, k := range fired[part.X-s.core.X:][:part.W] {
		if k != 0 {
			to[x] = s.plan.pair(before[x], after[x])
		}
	}
}

// evidence computes over w, where one of the kinds fired, the values that its rule asks to be summed. A value that the kind
// does not have is 0, not missing: the runs need not count it.
func (s *tileScanner) evidence(w raster.Window, kinds uint32) {
	for y := w.Y; y < w.Y+w.H; y++ {
		o := (y-s.core.Y)*s.core.W + w.X - s.core.X
		for x := 0; x < w.W; x += bandmath.Chunk {
			n := min(bandmath.Chunk, w.W-x)
			fired := s.fired[o+x : o+x+n]
			var here uint32
			for x := nextSet(fired, 0); x < n; x = nextSet(fired, x+1) {
				here |= 1 << (fired[x] - 1)
			}
			if here &= kinds; here == 0 {
				continue
			}
			s.view.hand(s.whole.machine, w.X+x, y, n)
			for k := range s.plan.Rules.Kinds {
				if here&(1<<k) != 0 {
					s.evidenceOf(k, fired, o+x)
				}
			}
		}
	}
}

// evidenceOf is evidence of one kind for the pixels that the machine was given, which begin at o of the core.
func (s *tileScanner) evidenceOf(k int, fired []uint8, o int) {
	for i := range object.NEvidence {
		source, ok := s.plan.evidenceSource(k, i)
		if !ok {
			continue
		}
		values, dst := s.whole.machine.Value(source), s.row.evidence[i][o:o+len(fired)]
		for j, f := range fired {
			if int(f) == k+1 {
				dst[j] = values[j]
			}
		}
	}
}

// gaps appends runs of the pixels at which an eligible kind is not decided, with the reason. They cross parcels
// (countGaps).
func (s *tileScanner) gaps(runs []object.Run) []object.Run {
	if !s.gapped {
		return runs
	}
	core, area := s.core, s.area
	part := core.Intersect(area)
	for y := part.Y; y < part.Y+part.H; y++ {
		o := (y-core.Y)*core.W + part.X - core.X
		undecided := s.undecided[o : o+part.W]
		o = (y-area.Y)*area.W + part.X - area.X
		before, after := s.from[0][o:o+part.W], s.from[1][o:o+part.W]
		for x := 0; x < part.W; {
			if undecided[x] == 0 {
				x++
				continue
			}
			why := gapReason(before[x], after[x])
			x0 := x
			for x++; x < part.W && undecided[x] == undecided[x0] && gapReason(before[x], after[x]) == why; {
				x++
			}
			runs = append(runs, object.Run{
				Y: int32(y), X0: int32(part.X + x0), X1: int32(part.X + x),
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
