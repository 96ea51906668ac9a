package pipeline

import (
	"context"
	"fmt"
	"os"

	"tuban/classify/bandmath"
	"tuban/classify/texture"
	"tuban/pipeline/runfile"
	"tuban/raster"
)

// WriteIndex computes a band-math value of one scene, such as an index of the catalogue or a formula, and writes it as
// a float32 COG on the scene's own grid. entry names the file and, where the file does not say, its bands.
func WriteIndex(ctx context.Context, d Drivers, entry runfile.Scene, formula, path string, o Options) error {
	o = o.withDefaults()
	if there, err := os.Stat(path); err == nil {
		if in, err := os.Stat(entry.URI); err == nil && os.SameFile(there, in) {
			return badInput("%s would be replaced by its own index: give another file with -o", entry.URI)
		}
	}
	info, err := d.Imagery.Inspect(ctx, entry.URI)
	if err != nil {
		return badInput("%w", err)
	}
	s, err := newScene(info, entry)
	if err != nil {
		return badInput("%s: %w", entry.URI, err)
	}
	program, err := bandmath.Compile([]bandmath.Source{{Name: "index", Text: formula}}, bandmath.Options{SingleDate: true})
	if err != nil {
		return badInput("%w", err)
	}
	// One date is a run whose other date has nothing to say: its planes are those of the program.
	p := &Plan{Grid: s.Native, Before: []raster.Scene{s}, CacheBytes: o.Memory / 4}
	p.Pixel.X, p.Pixel.Y, err = d.Coordinates.GroundSize(p.Grid)
	if err != nil {
		return badInput("%s: %w", entry.URI, err)
	}
	if err := p.planes(program); err != nil {
		return err
	}
	if m := s.Missing(p.Roles); len(m) > 0 {
		return badInput("%s: %s needs the bands %v, which the scene does not have", entry.URI, formula, m)
	}
	if s.EdgeFill {
		if p.Before[0].Collar, _, err = findCollar(ctx, d.Imagery, s); err != nil {
			return err
		}
	}
	px, err := d.Imagery.Open(p.Grid, p.Before, p.Roles, p.CacheBytes)
	if err != nil {
		return err
	}
	defer px.Close()
	sc := &indexScanner{plan: p, machine: program.NewMachine(), inputs: make([][]float32, len(p.Planes)), textures: make([][]float32, len(p.Planes))}
	o.Progress.Stage("index", p.Grid.Pixels())
	err = d.Imagery.WriteValues(ctx, path, formula, p.Grid, func(w raster.Window, plane []float32) error {
		read := w.Grow(p.TextureHalo).Intersect(p.Grid.Window())
		sc.block.Reset(read, len(p.Roles))
		if err := px.Read(ctx, 0, read, sc.block.Planes); err != nil {
			return fmt.Errorf("%s: %w", entry.URI, err)
		}
		sc.fill(w, read, plane)
		o.Progress.Advance(w.Pixels())
		return nil
	})
	return err
}

type indexScanner struct {
	plan     *Plan
	machine  *bandmath.Machine
	block    raster.Block
	bright   []float32
	textures [][]float32
	inputs   [][]float32
	scratch  texture.Scratch
}

// fill computes the values over w from the block over read.
func (s *indexScanner) fill(w, read raster.Window, dst []float32) {
	for i, pl := range s.plan.Planes {
		if pl.Texture == "" {
			continue
		}
		s.bright = brightness(s.bright, s.plan, &s.block)
		s.textures[i] = grow(s.textures[i], len(s.bright))
		pl.compute(s.textures[i], s.bright, read, w, &s.scratch)
	}
	for y := range w.H {
		for x := 0; x < w.W; x += bandmath.Chunk {
			n := min(bandmath.Chunk, w.W-x)
			o := (y+w.Y-read.Y)*read.W + x + w.X - read.X
			for i, pl := range s.plan.Planes {
				src := s.textures[i]
				if pl.Texture == "" {
					src = s.block.Planes[s.plan.roleIndex(pl.Role)]
				}
				s.inputs[i] = src[o : o+n]
			}
			s.machine.Begin(n, s.inputs)
			copy(dst[y*w.W+x:], s.machine.Value(0))
		}
	}
}
