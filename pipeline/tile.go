package pipeline

import (
	"context"

	"github.com/paulmach/orb"

	"tuban/classify/bandmath"
	"tuban/classify/clean"
	"tuban/classify/object"
	"tuban/classify/texture"
	"tuban/pipeline/survey"
	"tuban/raster"
	"tuban/raster/burn"
)

// eligibility says where a kind can matter: the region, and the survey's classes. A nil store means everywhere.
type eligibility struct {
	grid   raster.Grid
	region orb.MultiPolygon
	store  *survey.Store
	// kinds has, per class of the store, a bit per kind; bare is for land on no parcel; all has every kind's bit.
	kinds     []uint32
	bare, all uint32
}

// tileScanner turns tiles into runs. It holds the buffers of one worker; between tiles of one size it allocates little.
type tileScanner struct {
	plan          *Plan
	elig          *eligibility
	before, after *mosaic
	machine       *bandmath.Machine

	blocks    [2]raster.Block // the roles of both dates over the tile's read window
	part      raster.Block    // one scene while it is merged
	from      [2][]int32
	bright    []float32
	textures  [][]float32 // per plane of the plan; nil for bands
	texSc     texture.Scratch
	raw       [][]uint8 // per kind, Kleene conditions over the window that clean needs
	cleaned   []uint8
	cleanSc   clean.Scratch
	fired     []uint8  // over the core: the kind published at each pixel
	undecided []uint32 // over the core: kinds that are eligible but unknown
	parcel    []int32
	inside    []uint8
	near      []int32
	inputs    [][]float32
	row       rowBuffers
}

// rowBuffers are the per-row inputs of runs.
type rowBuffers struct {
	pair     []uint16
	evidence [object.NEvidence][]float32
}

func newTileScanner(p *Plan, e *eligibility, before, after *mosaic) *tileScanner {
	return &tileScanner{
		plan: p, elig: e, before: before, after: after, machine: p.Rules.Program.NewMachine(),
		textures: make([][]float32, len(p.Planes)), raw: make([][]uint8, len(p.Rules.Kinds)),
		inputs: make([][]float32, len(p.Planes)),
	}
}

// scan appends to runs what the tile's core holds: changes and gaps. skipped says that no pixel was eligible, so that
// nothing was read.
func (s *tileScanner) scan(ctx context.Context, core raster.Window, runs []object.Run) (_ []object.Run, skipped bool, err error) {
	can, err := s.burn(core)
	if err != nil {
		return runs, false, err
	}
	if can == 0 {
		return runs, true, nil
	}
	grid := s.plan.Grid.Window()
	work := core.Grow(s.plan.CleanHalo).Intersect(grid)
	read := work.Grow(s.plan.TextureHalo).Intersect(grid)
	n := int(read.Pixels())
	for d, m := range []*mosaic{s.before, s.after} {
		s.from[d] = grow(s.from[d], n)
		if err := m.read(ctx, read, &s.blocks[d], &s.part, s.from[d]); err != nil {
			return runs, false, err
		}
	}
	s.texture(read)
	s.conditions(read, work, can)
	s.decide(core, work, can)
	runs, err = s.changes(core, read, runs)
	if err != nil {
		return runs, false, err
	}
	return s.gaps(core, read, runs), false, nil
}

// burn fills parcel and inside over the core, and returns the kinds that are eligible at some pixel of it.
func (s *tileScanner) burn(core raster.Window) (can uint32, err error) {
	n := int(core.Pixels())
	s.parcel, s.inside = grow(s.parcel, n), grow(s.inside, n)
	clear(s.parcel)
	e := s.elig
	if e.region != nil {
		clear(s.inside)
		burn.Fill(s.inside, core, e.region, 1)
	} else {
		raster.Fill(s.inside, 1)
	}
	if e.store != nil {
		s.near = e.store.Near(s.near[:0], core)
		for _, i := range s.near {
			p, err := e.store.Parcel(i)
			if err != nil {
				return 0, err
			}
			burn.Fill(s.parcel, core, toPixels(e.grid, p.Geom), i)
		}
	}
	for k := range s.parcel {
		can |= s.kindsAt(k)
	}
	return can, nil
}

// kindsAt returns the kinds that are eligible at pixel k of the core.
func (s *tileScanner) kindsAt(k int) uint32 {
	switch {
	case s.inside[k] == 0:
		return 0
	case s.elig.store == nil:
		return s.elig.all
	case s.parcel[k] == 0:
		return s.elig.bare
	}
	return s.elig.kinds[s.elig.store.Class(s.parcel[k])]
}

// texture computes the textures over the read window; they are exact over the work window.
func (s *tileScanner) texture(read raster.Window) {
	n := int(read.Pixels())
	for d, date := range []bandmath.Date{bandmath.Before, bandmath.After} {
		bright := false
		for i, pl := range s.plan.Planes {
			if pl.Texture == "" || pl.Date != date {
				continue
			}
			if !bright {
				s.bright = brightness(s.bright, s.plan, &s.blocks[d])
				bright = true
			}
			s.textures[i] = grow(s.textures[i], n)
			pl.compute(s.textures[i], s.bright, read, &s.texSc)
		}
	}
}

// conditions evaluates every kind that can fire over the work window.
func (s *tileScanner) conditions(read, work raster.Window, can uint32) {
	for k := range s.raw {
		s.raw[k] = grow(s.raw[k], int(work.Pixels()))
	}
	for y := work.Y; y < work.Y+work.H; y++ {
		for x := work.X; x < work.X+work.W; x += bandmath.Chunk {
			n := min(bandmath.Chunk, work.X+work.W-x)
			s.begin(read, x, y, n)
			o := (y-work.Y)*work.W + x - work.X
			for k := range s.raw {
				if can&(1<<k) != 0 {
					copy(s.raw[k][o:o+n], s.machine.Condition(k))
				}
			}
		}
	}
}

// begin hands the machine n pixels of every plane, from (x, y) on.
func (s *tileScanner) begin(read raster.Window, x, y, n int) {
	o := (y-read.Y)*read.W + x - read.X
	for i, pl := range s.plan.Planes {
		src := s.textures[i]
		if pl.Texture == "" {
			d := 0
			if pl.Date == bandmath.After {
				d = 1
			}
			src = s.blocks[d].Planes[s.plan.roleIndex(pl.Role)]
		}
		s.inputs[i] = src[o : o+n]
	}
	s.machine.Begin(n, s.inputs)
}

// decide cleans each kind and fills fired and undecided over the core. After cleaning, only what is known and eligible
// is left; of several kinds at a pixel the first in file order wins.
func (s *tileScanner) decide(core, work raster.Window, can uint32) {
	n := int(core.Pixels())
	s.fired, s.undecided = grow(s.fired, n), grow(s.undecided, n)
	clear(s.fired)
	clear(s.undecided)
	s.cleaned = grow(s.cleaned, int(work.Pixels()))
	for k, kind := range s.plan.Rules.Kinds {
		if can&(1<<k) == 0 {
			continue
		}
		raw := s.raw[k]
		copy(s.cleaned, raw)
		kind.Clean.Apply(s.cleaned, work.W, work.H, &s.cleanSc)
		for y := range core.H {
			o := (y+core.Y-work.Y)*work.W + core.X - work.X
			raw, cleaned := raw[o:o+core.W], s.cleaned[o:o+core.W]
			for x, c := range cleaned {
				if c != kleeneTrue && raw[x] != kleeneUnknown {
					continue
				}
				at := y*core.W + x
				if s.kindsAt(at)&(1<<k) == 0 {
					continue
				}
				if raw[x] == kleeneUnknown {
					s.undecided[at] |= 1 << k
				} else if s.fired[at] == 0 {
					s.fired[at] = uint8(k + 1)
				}
			}
		}
	}
}

// Kleene's values, as bandmath and clean write them.
const (
	kleeneUnknown = 1
	kleeneTrue    = 2
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

// pairs fills the row's scene pairs; a pixel without a scene in a date has pair 0, and never fires.
func (s *tileScanner) pairs(core, read raster.Window, y int) {
	o := (y+core.Y-read.Y)*read.W + core.X - read.X
	before, after := s.from[0][o:o+core.W], s.from[1][o:o+core.W]
	for x := range s.row.pair {
		s.row.pair[x] = 0
		if before[x] >= 0 && after[x] >= 0 {
			s.row.pair[x] = uint16(int(before[x])*len(s.plan.After) + int(after[x]))
		}
	}
}

// evidence computes, where a kind fired, the values that its rule asks to be summed.
func (s *tileScanner) evidence(core, read raster.Window, y int, fired []uint8, kinds uint32) {
	for i := range s.row.evidence {
		raster.Fill(s.row.evidence[i], raster.NaN)
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
				if !ok {
					break
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

// gaps appends runs of the pixels at which an eligible kind is not decided, with the reason.
func (s *tileScanner) gaps(core, read raster.Window, runs []object.Run) []object.Run {
	for y := range core.H {
		undecided := s.undecided[y*core.W : (y+1)*core.W]
		parcel := s.parcel[y*core.W : (y+1)*core.W]
		o := (y+core.Y-read.Y)*read.W + core.X - read.X
		before, after := s.from[0][o:o+core.W], s.from[1][o:o+core.W]
		for x := 0; x < core.W; {
			if undecided[x] == 0 {
				x++
				continue
			}
			why := gapReason(before[x], after[x])
			x0 := x
			for x++; x < core.W && undecided[x] == undecided[x0] && parcel[x] == parcel[x0] && gapReason(before[x], after[x]) == why; {
				x++
			}
			runs = append(runs, object.Run{
				Y: int32(core.Y + y), X0: int32(core.X + x0), X1: int32(core.X + x),
				Parcel: parcel[x0], Undecided: undecided[x0], Reason: why,
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
