package pipeline

import (
	"bytes"
	"context"
	"runtime/trace"

	"tuban/classify/clean"
	"tuban/classify/object"
	"tuban/raster"
)

// tileScanner turns tiles into runs. It holds the buffers of one worker; between tiles of one size it allocates little.
type tileScanner struct {
	plan *Plan
	elig *eligibility
	view *view
	// first asks the before date alone, second both dates without texture, whole everything.
	first, second, whole asking
	thrift               thrift

	core, work raster.Window // the tile, and what cleaning wants to know of
	area       raster.Window // the part of work that both dates were read for
	can        uint32        // the kinds that are eligible somewhere in the core

	from      [2][]int32 // over the area
	some      [2][]int32 // over a part of it that is looked at again
	raw       [][]uint8  // per kind, Kleene conditions over work
	cleaned   []uint8
	cleanSc   clean.Scratch
	fired     []uint8  // over the core: the kind published at each pixel
	undecided []uint32 // over the core: kinds that are eligible but unknown
	gapped    bool     // there is one
	parcel    []int32
	inside    []uint8
	near      []int32
	examined  int64 // pixels of the core at which a kind is eligible
	fate      Tally // one of Tiles
	open      []bool
	row       rowBuffers
}

func newTileScanner(p *Plan, e *eligibility, before, after *mosaic) *tileScanner {
	s := &tileScanner{plan: p, elig: e, view: newView(p, before, after), raw: make([][]uint8, len(p.Rules.Kinds))}
	s.ask()
	return s
}

// scan appends to runs what the tile's core holds: changes and gaps. skipped says that no pixel was eligible, so that
// nothing was read.
func (s *tileScanner) scan(ctx context.Context, core raster.Window, runs []object.Run) (_ []object.Run, skipped bool, err error) {
	defer trace.StartRegion(ctx, "tile").End()
	s.area = raster.Window{}
	if s.can, err = s.burn(core); err != nil {
		return runs, false, err
	}
	if s.can == 0 {
		s.fate = s.idle()
		return runs, true, nil
	}
	s.core = core
	s.work = core.Grow(s.plan.CleanHalo).Intersect(s.plan.Grid.Window())
	for k := range s.raw {
		s.raw[k] = grow(s.raw[k], int(s.work.Pixels()))
	}
	s.fate = TilesDenied
	if s.area, err = s.candidates(ctx); err != nil || s.area.Empty() {
		return runs, false, err
	}
	s.fate = TilesNoImagery // until a strip of it shows some
	if err := s.judge(ctx); err != nil {
		return runs, false, err
	}
	s.decide()
	if runs, err = s.changes(ctx, runs); err != nil {
		return runs, false, err
	}
	return s.gaps(runs), false, nil
}

// decide cleans each kind and fills fired and undecided over the core. After cleaning, only what is known and eligible
// is left; of several kinds at a pixel the first in file order wins. A pixel that lacks one of the dates never fires, even
// where the other date alone, or its neighbours, would make it: there is nothing that it could have changed from.
func (s *tileScanner) decide() {
	core, work, area := s.core, s.work, s.area
	n := int(core.Pixels())
	s.fired, s.undecided = grow(s.fired, n), grow(s.undecided, n)
	clear(s.fired)
	clear(s.undecided)
	s.gapped = false
	s.cleaned = grow(s.cleaned, int(work.Pixels()))
	part := core.Intersect(area)
	for k, kind := range s.plan.Rules.Kinds {
		if s.can&(1<<k) == 0 {
			continue
		}
		// Cleaning makes nothing of nothing.
		some := bytes.IndexByte(s.raw[k], kleeneTrue) >= 0
		if !some && bytes.IndexByte(s.raw[k], kleeneUnknown) < 0 {
			continue
		}
		if some {
			copy(s.cleaned, s.raw[k])
			kind.Clean.Apply(s.cleaned, work.W, work.H, &s.cleanSc)
		} else {
			clear(s.cleaned)
		}
		for y := part.Y; y < part.Y+part.H; y++ {
			o := (y-work.Y)*work.W + part.X - work.X
			raw, cleaned := s.raw[k][o:o+part.W], s.cleaned[o:o+part.W]
			if firstSet(cleaned) == len(cleaned) && bytes.IndexByte(raw, kleeneUnknown) < 0 {
				continue // as most rows
			}
			o = (y-area.Y)*area.W + part.X - area.X
			before, after := s.from[0][o:o+part.W], s.from[1][o:o+part.W]
			at := (y-core.Y)*core.W + part.X - core.X
			for x, c := range cleaned {
				if c != kleeneTrue && raw[x] != kleeneUnknown || s.kindsAt(at+x)&(1<<k) == 0 {
					continue
				}
				if raw[x] == kleeneUnknown || before[x] < 0 || after[x] < 0 {
					s.undecided[at+x] |= 1 << k
					s.gapped = true
				} else if s.fired[at+x] == 0 {
					s.fired[at+x] = uint8(k + 1)
				}
			}
		}
	}
}

// Kleene's values, as bandmath and clean write them.
const (
	kleeneFalse   = 0
	kleeneUnknown = 1
	kleeneTrue    = 2
)

func (p *Plan) roleIndex(r raster.Role) int {
	for i, q := range p.Roles {
		if q == r {
			return i
		}
	}
	return -1
}

// grow returns b with length n, its content unspecified.
func grow[T any](b []T, n int) []T {
	if cap(b) < n {
		return make([]T, n)
	}
	return b[:n]
}
