package pipeline

import (
	"context"
	"runtime/trace"

	"tuban/classify/bandmath"
	"tuban/classify/clean"
	"tuban/classify/object"
	"tuban/classify/texture"
	"tuban/raster"
)

// tileScanner turns tiles into runs. It holds the buffers of one worker; between tiles of one size it allocates little.
type tileScanner struct {
	plan          *Plan
	elig          *eligibility
	before, after *mosaic
	machine       *bandmath.Machine

	blocks    [2]raster.Block // the roles of both dates over the tile's read window
	part      raster.Block    // one scene while it is merged
	from      [2][]int32
	adjuster  adjuster
	bright    []float32
	derived   [][]float32 // per plane of the plan; nil for bands
	texSc     texture.Scratch
	raw       [][]uint8 // per kind, Kleene conditions over the window that clean needs
	cleaned   []uint8
	cleanSc   clean.Scratch
	fired     []uint8  // over the core: the kind published at each pixel
	undecided []uint32 // over the core: kinds that are eligible but unknown
	parcel    []int32
	unseen    []uint8 // per kind, the condition where every input is NaN
	examined  int64   // pixels of the core at which a kind is eligible
	fate      Tally   // one of Tiles
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
		adjuster: adjuster{plan: p}, derived: make([][]float32, len(p.Planes)), raw: make([][]uint8, len(p.Rules.Kinds)),
		inputs: make([][]float32, len(p.Planes)),
	}
}

// scan appends to runs what the tile's core holds: changes and gaps. skipped says that no pixel was eligible, so that
// nothing was read.
func (s *tileScanner) scan(ctx context.Context, core raster.Window, runs []object.Run) (_ []object.Run, skipped bool, err error) {
	defer trace.StartRegion(ctx, "tile").End()
	can, err := s.burn(core)
	if err != nil {
		return runs, false, err
	}
	s.fate = TilesRead
	if can == 0 {
		s.fate = s.idle()
		return runs, true, nil
	}
	grid := s.plan.Grid.Window()
	work := core.Grow(s.plan.CleanHalo).Intersect(grid)
	read := work.Grow(s.plan.TextureHalo).Intersect(grid)
	if err := s.load(ctx, read); err != nil {
		return runs, false, err
	}
	if s.blind() {
		s.fate = TilesNoImagery
		s.decideBlind(core, can)
		return s.gaps(core, read, runs), false, nil
	}
	s.derive(read)
	s.conditions(read, work, can)
	s.decide(core, work, read, can)
	runs, err = s.changes(core, read, runs)
	if err != nil {
		return runs, false, err
	}
	return s.gaps(core, read, runs), false, nil
}

// load reads both dates over the read window, and brings the after date to the before one.
func (s *tileScanner) load(ctx context.Context, read raster.Window) error {
	n := int(read.Pixels())
	for d := range s.from {
		s.from[d] = grow(s.from[d], n)
	}
	if err := s.before.read(ctx, read, &s.blocks[0], &s.part, s.from[0]); err != nil {
		return err
	}
	adjust := &s.plan.adjust
	if adjust.halo == 0 {
		if err := s.after.read(ctx, read, &s.blocks[1], &s.part, s.from[1]); err != nil {
			return err
		}
	} else {
		a := &s.adjuster
		wide := read.Grow(adjust.halo).Intersect(s.plan.Grid.Window())
		a.labels = grow(a.labels, int(wide.Pixels()))
		if err := s.after.read(ctx, wide, &a.wide, &s.part, a.labels); err != nil {
			return err
		}
		s.blocks[1].Reset(read, len(s.plan.Roles))
		a.align(&s.blocks[1], s.from[1], s.from[0])
	}
	s.plan.forget(&s.blocks[0], s.from[1])
	for i, pl := range s.plan.Planes {
		if pl.Kind == bandmath.Change {
			s.derived[i] = grow(s.derived[i], n)
			s.adjuster.change(s.derived[i], &s.blocks[0], &s.blocks[1], s.from)
		}
	}
	if adjust.pairs != nil {
		s.adjuster.normalise(&s.blocks[1], s.from)
	}
	return nil
}

// derive computes what is no band over the read window; textures are exact over the work window.
func (s *tileScanner) derive(read raster.Window) {
	n := int(read.Pixels())
	for d, date := range []bandmath.Date{bandmath.Before, bandmath.After} {
		bright := false
		for i, pl := range s.plan.Planes {
			if pl.Date != date || pl.read() {
				continue
			}
			s.derived[i] = grow(s.derived[i], n)
			if pl.Kind == bandmath.State {
				s.plan.state(s.derived[i], pl.State, d, s.from[d])
				continue
			}
			if !bright {
				s.bright = brightness(s.bright, s.plan, &s.blocks[d])
				bright = true
			}
			pl.compute(s.derived[i], s.bright, read, &s.texSc)
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
				if can&(1<<k) == 0 {
					continue
				}
				raw := s.raw[k][o : o+n]
				copy(raw, s.machine.Condition(k))
				if s.plan.adjust.refuses {
					bears := alikeEnough
					if s.plan.Rules.Kinds[k].Anyhow {
						bears = otherScale
					}
					refuse(raw, s.adjuster.refused[(y-read.Y)*read.W+x-read.X:], bears)
				}
			}
		}
	}
}

// refuse makes unknown what a condition says of dates that cannot be compared, for more than it bears.
func refuse(raw []uint8, refused []refusal, bears refusal) {
	for i := range raw {
		if refused[i] > bears {
			raw[i] = kleeneUnknown
		}
	}
}

// begin hands the machine n pixels of every plane, from (x, y) on.
func (s *tileScanner) begin(read raster.Window, x, y, n int) {
	o := (y-read.Y)*read.W + x - read.X
	for i, pl := range s.plan.Planes {
		src := s.derived[i]
		if pl.read() {
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
// is left; of several kinds at a pixel the first in file order wins. A pixel that lacks one of the dates never fires, even
// where the other date alone, or its neighbours, would make it: there is nothing that it could have changed from.
func (s *tileScanner) decide(core, work, read raster.Window, can uint32) {
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
			o = (y+core.Y-read.Y)*read.W + core.X - read.X
			before, after := s.from[0][o:o+core.W], s.from[1][o:o+core.W]
			for x, c := range cleaned {
				if c != kleeneTrue && raw[x] != kleeneUnknown {
					continue
				}
				at := y*core.W + x
				if s.kindsAt(at)&(1<<k) == 0 {
					continue
				}
				if raw[x] == kleeneUnknown || before[x] < 0 || after[x] < 0 {
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
