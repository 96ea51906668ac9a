package pipeline

import (
	"bytes"
	"context"
	"runtime/trace"

	"tuban/classify/clean"
	"tuban/classify/object"
	"tuban/raster"
)

// tilesAtOnce is how many tiles a worker has in work: their storage blocks can be decoded side by side on one core, which is
// faster than one after the other (gdal.Reader.Ahead).
const tilesAtOnce = 2

// tile is what is known of a tile from one step to the next.
type tile struct {
	core, work raster.Window // the tile, and what cleaning wants to know of
	area       raster.Window // the part of work that both dates are read for
	can        uint32        // the kinds that are eligible somewhere in the core
	raw        [][]uint8     // per kind, Kleene conditions over work
	parcel     []int32       // over the core: the parcel, and whether it is in the region
	inside     []uint8
	examined   int64 // pixels of the core at which a kind is eligible
	blank      bool  // no date has a value in work, for the reason why
	why        object.Reason
	fate       Tally // one of Tiles
	failures   []ReadFailure
}

// tileScanner turns tiles into runs. It holds the buffers of one worker; between tiles of one size it allocates little.
type tileScanner struct {
	plan *Plan
	elig *eligibility
	view *view
	// first asks the before date alone, second both dates without texture, whole everything.
	first, second, whole asking
	thrift               thrift

	*tile // the tile that is looked at, one of tiles
	tiles [tilesAtOnce]tile

	from      [2][]int32 // over the area
	some      [2][]int32 // over a part of it that is looked at again
	cleaned   []uint8
	cleanSc   clean.Scratch
	fired     []uint8  // over the core: the kind published at each pixel
	undecided []uint32 // over the core: kinds that are eligible but unknown
	gapped    bool     // there is one
	near      []int32
	open      []bool
	windows   []raster.Window
	row       rowBuffers
	runs      []object.Run
}

func newTileScanner(p *Plan, e *eligibility, before, after *mosaic) *tileScanner {
	s := &tileScanner{plan: p, elig: e, view: newView(p, before, after)}
	for i := range s.tiles {
		s.tiles[i].raw = make([][]uint8, len(p.Rules.Kinds))
	}
	s.tile = &s.tiles[0]
	s.ask()
	return s
}

// lost notes a window that could not be read for the tile that is looked at.
func (s *tileScanner) lost(f ReadFailure) { s.failures = append(s.failures, f) }

// scan looks at tiles, at most tilesAtOnce, and calls take for each in turn with what its core holds, changes and gaps, while
// the tile is the one that is looked at. The runs are valid until take returns.
func (s *tileScanner) scan(ctx context.Context, cores []raster.Window, take func(i int, runs []object.Run) error) error {
	defer trace.StartRegion(ctx, "tiles").End()
	tiles := s.tiles[:len(cores)]
	for i, core := range cores {
		s.tile = &tiles[i]
		if err := s.enter(ctx, core); err != nil {
			return err
		}
	}
	s.ahead(ctx, 0, tiles)
	for i := range tiles {
		s.tile = &tiles[i]
		if s.area.Empty() {
			continue
		}
		var err error
		if s.area, err = s.candidates(ctx); err != nil {
			return err
		}
	}
	s.ahead(ctx, 1, tiles)
	for i := range tiles {
		s.tile = &tiles[i]
		s.runs = s.runs[:0]
		switch {
		case s.blank:
			s.runs = s.blankGaps(s.runs)
		case !s.area.Empty():
			if err := s.find(ctx); err != nil {
				return err
			}
		}
		if err := take(i, s.runs); err != nil {
			return err
		}
	}
	return nil
}

// enter finds what is eligible in a core. Where no pixel is, or no imagery, nothing is read.
func (s *tileScanner) enter(ctx context.Context, core raster.Window) (err error) {
	s.core, s.work, s.area, s.blank, s.failures = core, raster.Window{}, raster.Window{}, false, nil
	if s.can, err = s.burn(core); err != nil {
		return err
	}
	if s.can == 0 {
		s.fate = s.idle()
		return nil
	}
	s.fate = TilesDenied // unless something is left for the after date
	s.work = core.Grow(s.plan.CleanHalo).Intersect(s.plan.Grid.Window())
	if s.blank, s.why = s.isBlank(ctx); s.blank {
		return nil
	}
	s.area = s.work
	for k := range s.raw {
		s.raw[k] = grow(s.raw[k], int(s.work.Pixels()))
	}
	return nil
}

// find fills runs from the area.
func (s *tileScanner) find(ctx context.Context) (err error) {
	s.fate = TilesNoImagery // until a strip of it shows some
	if err := s.judge(ctx); err != nil {
		return err
	}
	s.decide()
	if s.runs, err = s.changes(ctx, s.runs); err != nil {
		return err
	}
	s.runs = s.gaps(s.runs)
	return nil
}

// ahead says which parts of a date the tiles will be read for next.
func (s *tileScanner) ahead(ctx context.Context, date int, tiles []tile) {
	windows := s.windows[:0]
	for i := range tiles {
		w := tiles[i].area
		if w.Empty() {
			continue
		}
		if date == 1 {
			w = w.Grow(s.plan.adjust.halo).Intersect(s.plan.Grid.Window())
		}
		windows = append(windows, w)
	}
	s.windows = windows
	s.view.mosaics[date].ahead(ctx, windows)
}

// decide cleans each kind and fills fired and undecided over the core. After cleaning, only what is known and eligible
// is left; of several kinds at a pixel the first in file order wins. A pixel that lacks one of the dates never fires, even
// where the other date alone, or its neighbours, would make it: there is nothing that it could have changed from.
func (s *tileScanner) decide() {
	core, work, area := s.core, s.work, s.area
	n := int(core.Pixels())
	s.fired, s.undecided = grow(s.fired, n), grow(s.undecided, n)
	clear(s.fired)
	if s.gapped { // by the tile before, which few are
		clear(s.undecided[:cap(s.undecided)])
	}
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
			x := nextOpen(cleaned, raw, 0)
			if x == len(raw) {
				continue // as most rows
			}
			o = (y-area.Y)*area.W + part.X - area.X
			before, after := s.from[0][o:o+part.W], s.from[1][o:o+part.W]
			at := (y-core.Y)*core.W + part.X - core.X
			for ; x < len(raw); x = nextOpen(cleaned, raw, x+1) {
				if s.kindsAt(at+x)&(1<<k) == 0 {
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
