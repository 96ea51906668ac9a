package pipeline

import (
	"context"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"tuban/classify/mask"
	"tuban/raster"
)

// guessSize is how much of the grid is guessed at once: a swath at most wide cells wide is gone down, tall rows at a time, from
// pixels that are read rows at a time. The result does not depend on it.
type guessSize struct{ wide, tall, rows int }

// guessSizes are tried in this order; the first that fits the memory is taken. The last always is. What is small costs more,
// because the reach of a cloud around each part is looked at once more, and on both sides of a swath read once more. What is
// taller than the first saves little time, as most land is done with at once, and takes twice the memory.
var guessSizes = []guessSize{{1280, 128, 16}, {1024, 128, 16}, {512, 128, 16}, {256, 64, 16}}

// cellBytes is what a cell takes: the means of both dates, its origins, and what mask.Guess needs.
const cellBytes = 96

// bytes is what a worker occupies: cells with their halo, and the pixels read at once of both dates, each with a scene
// that is being merged.
func (z guessSize) bytes(g *guessing) int64 {
	halo := g.options.Halo()
	cells := int64(z.wide+2*halo+2) * int64(z.tall+2*halo+2)
	pixels := int64((z.wide+2*halo)*g.step) * int64(z.rows+g.step)
	return cells*cellBytes + pixels*4*int64(4*len(g.plan.Roles)+3)
}

// swaths returns how many swaths a grid of w cells has, and how wide they are: as many for each worker, so that none waits.
func (z guessSize) swaths(w, workers int) (n, wide int) {
	rounds := (w + workers*z.wide - 1) / (workers * z.wide)
	wide = (w + workers*rounds - 1) / (workers * rounds)
	return (w + wide - 1) / wide, wide
}

// spanBytes is what a span costs while all are gathered; they may take a sixteenth of the memory.
const spanBytes = 128

// run guesses the whole grid. whole says that everything could be read.
func (g *guessing) run(ctx context.Context, d Drivers, o Options) (out *cloudGuess, whole bool, err error) {
	p := g.plan
	// What measuring has left behind.
	debug.FreeOSMemory()
	defer debug.FreeOSMemory() // the cells, before there are tiles
	size, workers := g.fit(o.Memory-ownBytes-p.storageBytes(), o.Workers)
	return g.over(ctx, d, size, workers, o)
}

// fit returns how much is guessed at once, by how many workers, in free bytes.
func (g *guessing) fit(free int64, workers int) (guessSize, int) {
	for _, size := range guessSizes {
		if n := free / (size.bytes(g) + g.rowBytes(0, size.wide, 1) + g.rowBytes(1, size.wide, 1)); n > 0 {
			return size, int(min(int64(workers), n))
		}
	}
	return guessSizes[len(guessSizes)-1], 1
}

// rowBytes is what is kept of a date's decoded pixels: a row of storage blocks across the swaths in work, which are read a few
// rows of pixels at a time.
func (g *guessing) rowBytes(date, wide, workers int) int64 {
	var most int64
	for _, s := range g.plan.scenes(date) {
		w, h := decodedBlock(s)
		// Workers are in different rows of blocks, and what swaths share is kept for each. One block too few, and what is
		// dropped is always what is read next.
		reach := 2 * (g.options.Halo() + 1) * g.step
		across := min(workers*(wide*g.step+reach), min(s.Native.W, g.plan.Grid.W)+(workers-1)*reach)
		n := int64(across/w + 2*workers)
		rows := int64(1)
		if h < 256 {
			rows = int64(256/h + 1)
		}
		most = max(most, n*rows*int64(w)*int64(h)*g.plan.pixelBytes(s))
	}
	return max(most, leastCache)
}

// over is run with a given size.
func (g *guessing) over(ctx context.Context, d Drivers, size guessSize, workers int, o Options) (out *cloudGuess, whole bool, err error) {
	p := g.plan
	grid := raster.Window{W: (p.Grid.W + g.step - 1) / g.step, H: (p.Grid.H + g.step - 1) / g.step}
	swaths, wide := size.swaths(grid.W, workers)
	var dates [2]*dated
	for i := range dates {
		if dates[i], err = p.openDate(d.Imagery, i, p.Roles, g.rowBytes(i, wide, workers)); err != nil {
			return nil, false, err
		}
		defer dates[i].Close()
	}
	o.Progress.Stage("clouds", grid.Pixels())
	out = &cloudGuess{Step: g.step}
	for i := range out.Scenes {
		out.Scenes[i] = make([][]guessSpan, len(p.scenes(i)))
	}
	var mu sync.Mutex
	var lost atomic.Bool
	warn, _ := warnOnce(o)
	limit, spans := int(o.Memory/16/spanBytes), 0
	err = eachSpot(ctx, swaths, workers, func(ctx context.Context, next func() (int, bool)) error {
		s := newGuessSwath(g, dates, size.rows, o.Strict, func(f ReadFailure) { lost.Store(true); warn(f) })
		for i, ok := next(); ok; i, ok = next() {
			core := raster.Window{X: i * wide, W: wide, H: grid.H}.Intersect(grid)
			// One cell more than the halo: what a span ends beside is judged as well.
			reach := g.options.Halo() + 1
			s.begin(core.Grow(reach).Intersect(grid))
			for y := 0; y < grid.H; y += size.tall {
				part := raster.Window{X: core.X, Y: y, W: core.W, H: size.tall}.Intersect(core)
				if err := s.advance(ctx, part.Grow(reach).Intersect(grid)); err != nil {
					return err
				}
				more := part.Grow(1).Intersect(grid)
				s.guess(more)
				mu.Lock()
				spans += s.note(part, more, out)
				full := spans > limit
				mu.Unlock()
				if full {
					return badInput("clouds and shadows guessed from the bands lie in more than %d separate spans, too many for %d MiB of memory: give masks (`cloud:`), write `clouds: none`, or give more with --memory", limit, o.Memory>>20)
				}
				o.Progress.Advance(part.Pixels())
			}
		}
		return nil
	})
	if err != nil {
		return nil, false, err
	}
	out.tidy()
	out.withoutStray(g.days, g.options.Pixel)
	out.count()
	return out, !lost.Load(), nil
}

// guessSwath holds the cells of a part of a swath, for one goroutine.
type guessSwath struct {
	*guessing
	rows    int // pixel rows read at once
	mosaics [2]*mosaic
	blocks  [2]raster.Block
	parts   [2]raster.Block
	from    [2][]int32
	adjust  adjuster
	held    raster.Window // the cells that the planes below are of
	means   [2][4][]float32
	// first and last are the scenes of the first and the last pixel of a cell that has one, −1 where none has.
	first, last [2][]int32
	classes     [2][]mask.Class
	scratch     mask.Scratch
}

func newGuessSwath(g *guessing, dates [2]*dated, rows int, strict bool, failed func(ReadFailure)) *guessSwath {
	s := &guessSwath{guessing: g, rows: max(1, rows/g.step) * g.step, adjust: adjuster{plan: g.plan}}
	var mu sync.Mutex
	for i := range dates {
		s.mosaics[i] = dates[i].mosaic()
		s.mosaics[i].strict = strict
		s.mosaics[i].failed = func(f ReadFailure) {
			mu.Lock()
			defer mu.Unlock()
			failed(f)
		}
	}
	return s
}

// begin starts a swath at the top of window, with nothing held.
func (s *guessSwath) begin(window raster.Window) {
	s.held = raster.Window{X: window.X, W: window.W}
}

// advance holds the cells of to, which lies further down than what is held and has its columns: what both have is kept.
func (s *guessSwath) advance(ctx context.Context, to raster.Window) error {
	old := s.held
	shift := (to.Y - old.Y) * to.W
	n := int(to.Pixels())
	for d := range s.means {
		for k := range s.plan.Roles {
			s.means[d][k] = slide(s.means[d][k], shift, n)
		}
		s.first[d], s.last[d] = slide(s.first[d], shift, n), slide(s.last[d], shift, n)
	}
	s.held = to
	grid := s.plan.Grid.Window()
	pixels := func(cells raster.Window) raster.Window {
		return raster.Window{X: cells.X * s.step, Y: cells.Y * s.step, W: cells.W * s.step, H: cells.H * s.step}.Intersect(grid)
	}
	for y := old.Y + old.H; y < to.Y+to.H; y += s.rows / s.step {
		strip := pixels(raster.Window{X: to.X, Y: y, W: to.W, H: min(s.rows/s.step, to.Y+to.H-y)})
		if s.blank(ctx, strip) {
			s.nothing(strip)
			continue
		}
		if err := s.read(ctx, strip); err != nil {
			return err
		}
		s.reduce(strip)
	}
	return nil
}

// slide moves what follows the first shift values of v to the front, and gives it length n.
func slide[T any](v []T, shift, n int) []T {
	if cap(v) < n {
		v = append(make([]T, 0, n), v...)
	}
	keep := copy(v, v[min(shift, len(v)):])
	return v[:max(n, keep)][:n]
}

// read fills the blocks with both dates over w, the after values brought to the before ones.
func (s *guessSwath) read(ctx context.Context, w raster.Window) error {
	e, ctx := errgroup.WithContext(ctx)
	for d := range s.mosaics {
		s.from[d] = grow(s.from[d], int(w.Pixels()))
		e.Go(func() error { return s.mosaics[d].read(ctx, w, &s.blocks[d], &s.parts[d], s.from[d]) })
	}
	if err := e.Wait(); err != nil {
		return err
	}
	s.adjust.normalise(&s.blocks[1], s.from)
	refused := s.adjust.refused
	if !slices.ContainsFunc(refused, func(r refusal) bool { return r != alikeEnough }) {
		return nil
	}
	for _, plane := range s.blocks[1].Planes {
		for i, r := range refused {
			if r != alikeEnough {
				plane[i] = raster.NaN
			}
		}
	}
	return nil
}
