package pipeline

import (
	"context"

	"tuban/classify/bandmath"
	"tuban/raster"
)

// A tile is judged in steps, each of which asks more of less land: the before date alone, both dates, textures. A step's
// verdicts are those of the whole condition wherever they are certain (bandmath.Program.Relax), so that the steps save work and
// change nothing. Within a step, the tile is taken in strips whose planes stay in the caches next to the core.

// stripRows is the height of the strips.
const stripRows = 32

// asking is one step: a program that looks at some of the inputs.
type asking struct {
	program *bandmath.Program
	machine *bandmath.Machine
	// kinds are asked: all that a step before does not decide for good. decides has the kinds of which the step can know anything;
	// blind the verdict of each on a pixel of no data.
	kinds, decides uint32
	blind          []uint8
}

func (p *Plan) asking(program *bandmath.Program) asking {
	a := asking{program: program, machine: program.NewMachine(), kinds: 1<<len(p.Rules.Kinds) - 1, blind: make([]uint8, len(p.Rules.Kinds))}
	inputs := make([][]float32, len(p.Planes))
	for i := range inputs {
		inputs[i] = nothing
	}
	a.machine.Begin(1, inputs)
	for k := range a.blind {
		a.blind[k] = a.machine.Condition(k)[0]
		if program.Decides(k) {
			a.decides |= 1 << k
		}
	}
	return a
}

// ask prepares the steps. One that would be the same as the next is left out.
func (s *tileScanner) ask() {
	p := s.plan
	s.whole = p.asking(p.Rules.Program)
	s.second = s.whole
	if p.uses(bandmath.Texture) {
		s.second = p.asking(p.Rules.Program.Relax(func(in bandmath.Input) bool { return in.Kind() != bandmath.Texture }))
		for k := range p.Rules.Kinds {
			if !p.textured(k) {
				s.whole.kinds &^= 1 << k
			}
		}
	}
	s.first = p.asking(p.Rules.Program.Relax(func(in bandmath.Input) bool {
		return in.Date == bandmath.Before && (in.Kind() == bandmath.Band || in.Kind() == bandmath.State)
	}))
}

// candidates asks the before date alone, and returns the part of work outside of which it denies all kinds, with what cleaning can
// make of the rest. The after date matters nowhere else.
func (s *tileScanner) candidates(ctx context.Context) (raster.Window, error) {
	// Pairs of scenes that cannot be compared are unknown whatever the before date says.
	if s.can&^s.first.decides != 0 || s.plan.adjust.refuses || !s.thrift.tries() {
		return s.work, nil
	}
	var open raster.Window
	for w := range strips(s.work) {
		from := grow(s.from[0], int(w.Pixels()))
		s.from[0] = from
		if err := s.view.loadFirst(ctx, w, from); err != nil {
			return open, err
		}
		s.view.derive(raster.Window{})
		s.conditions(&s.first, s.view, w)
		open = open.Union(s.undenied(w))
	}
	open = open.Grow(s.plan.CleanHalo).Intersect(s.work)
	if open.Empty() {
		open = raster.Window{}
	}
	s.thrift.learn(open.Pixels() < s.work.Pixels())
	return open, nil
}

// undenied returns the smallest part of w that holds every pixel at which some kind is not false.
func (s *tileScanner) undenied(w raster.Window) raster.Window {
	x0, x1, y0, y1 := w.X+w.W, w.X, 0, w.Y
	for k, raw := range s.raw {
		if s.can&(1<<k) == 0 {
			continue
		}
		for y := w.Y; y < w.Y+w.H; y++ {
			o := (y-s.work.Y)*s.work.W + w.X - s.work.X
			row := raw[o : o+w.W]
			first := nextSet(row, 0)
			if first == len(row) {
				continue
			}
			if y1 == w.Y {
				y0 = y
			}
			y0, y1 = min(y0, y), max(y1, y+1)
			last := len(row)
			for row[last-1] == kleeneFalse {
				last--
			}
			x0, x1 = min(x0, w.X+first), max(x1, w.X+last)
		}
	}
	if x0 >= x1 {
		return raster.Window{}
	}
	return raster.Window{X: x0, Y: y0, W: x1 - x0, H: y1 - y0}
}

// judge fills raw over the area with the verdicts of the whole conditions.
func (s *tileScanner) judge(ctx context.Context) error {
	n := int(s.area.Pixels())
	s.from[0], s.from[1] = grow(s.from[0], n), grow(s.from[1], n)
	for w := range strips(s.area) {
		o := (w.Y - s.area.Y) * s.area.W
		from := [2][]int32{s.from[0][o : o+int(w.Pixels())], s.from[1][o : o+int(w.Pixels())]}
		if err := s.view.load(ctx, w, from); err != nil {
			return err
		}
		s.view.derive(raster.Window{})
		s.conditions(&s.second, s.view, w)
	}
	if s.second.program == s.whole.program {
		return nil
	}
	s.openCells()
	for _, w := range s.openWindows(s.plan.TextureHalo) {
		if err := s.loadTextured(ctx, w); err != nil {
			return err
		}
		s.conditions(&s.whole, s.view, w)
	}
	return nil
}

// loadTextured loads a part of the area again, and as much around it as textures there depend on.
func (s *tileScanner) loadTextured(ctx context.Context, w raster.Window) error {
	read := w.Grow(s.plan.TextureHalo).Intersect(s.plan.Grid.Window())
	for d := range s.some {
		s.some[d] = grow(s.some[d], int(read.Pixels()))
	}
	if err := s.view.load(ctx, read, s.some); err != nil {
		return err
	}
	s.view.derive(w)
	return nil
}

// conditions asks every kind that can fire over w, which lies in the view and in work.
func (s *tileScanner) conditions(a *asking, v *view, w raster.Window) {
	if v.blind() && v.from[1] != nil {
		s.conditionsBlind(a, w)
		return
	}
	if v.from[1] != nil {
		s.fate = TilesRead
	}
	rows, width := w.H, w.W
	if w.W == v.W && w.W == s.work.W {
		rows, width = 1, w.H*w.W // the rows follow one another in both
	}
	for y := w.Y; y < w.Y+rows; y++ {
		for x := w.X; x < w.X+width; x += bandmath.Chunk {
			n := min(bandmath.Chunk, w.X+width-x)
			v.hand(a.machine, x, y, n)
			o := (y-s.work.Y)*s.work.W + x - s.work.X
			for k := range s.raw {
				if s.can&a.kinds&(1<<k) == 0 {
					continue
				}
				raw := s.raw[k][o : o+n]
				copy(raw, a.machine.Condition(k))
				if s.plan.adjust.refuses {
					bears := alikeEnough
					if s.plan.Rules.Kinds[k].Anyhow {
						bears = otherScale
					}
					refuse(raw, v.adjuster.refused[(y-v.Y)*v.W+x-v.X:], bears)
				}
			}
		}
	}
}

// conditionsBlind is conditions where nothing was seen: every input is NaN at every pixel.
func (s *tileScanner) conditionsBlind(a *asking, w raster.Window) {
	for k, verdict := range a.blind {
		if s.can&a.kinds&(1<<k) == 0 {
			continue
		}
		for y := w.Y; y < w.Y+w.H; y++ {
			o := (y-s.work.Y)*s.work.W + w.X - s.work.X
			raster.Fill(s.raw[k][o:o+w.W], verdict)
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
