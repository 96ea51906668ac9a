package pipeline

import (
	"context"

	"tuban/classify/bandmath"
	"tuban/classify/texture"
	"tuban/raster"
)

// view is a window of both dates, brought together, with all that conditions and evidence are computed from. It holds the
// buffers of one worker.
type view struct {
	raster.Window
	plan     *Plan
	mosaics  [2]*mosaic
	blocks   [2]raster.Block // the roles of both dates
	part     raster.Block    // one scene while it is merged
	from     [2][]int32      // per pixel, the number of its origin, or why it has none
	one      [2]bool         // whether all pixels have one origin
	adjuster adjuster
	bright   []float32
	derived  [][]float32 // per plane of the plan; empty for bands, and where flat has it
	flat     [][]float32 // per plane of the plan: a chunk of its one value; empty where it may have several
	texSc    texture.Scratch
	inputs   [][]float32
	bands    [][2]int // per plane of the plan that is read: its date and role, as numbers
}

func newView(p *Plan, before, after *mosaic) *view {
	v := &view{
		plan: p, mosaics: [2]*mosaic{before, after}, adjuster: adjuster{plan: p},
		derived: make([][]float32, len(p.Planes)), flat: make([][]float32, len(p.Planes)), inputs: make([][]float32, len(p.Planes)),
		bands: make([][2]int, len(p.Planes)),
	}
	for i, pl := range p.Planes {
		if !pl.read() {
			continue
		}
		if v.bands[i][1] = p.roleIndex(pl.Role); pl.Date == bandmath.After {
			v.bands[i][0] = 1
		}
	}
	return v
}

// load reads both dates over w, and brings the after date to the before one. The origins go to from, which holds a number per
// pixel, and must last as long as the view is looked at.
func (v *view) load(ctx context.Context, w raster.Window, from [2][]int32) error {
	v.begin(w, from)
	if err := v.mosaics[0].read(ctx, w, &v.blocks[0], &v.part, from[0]); err != nil {
		return err
	}
	v.one[0] = v.mosaics[0].one
	adjust := &v.plan.adjust
	if adjust.halo == 0 {
		if err := v.mosaics[1].read(ctx, w, &v.blocks[1], &v.part, from[1]); err != nil {
			return err
		}
		v.one[1] = v.mosaics[1].one
	} else {
		a := &v.adjuster
		wide := w.Grow(adjust.halo).Intersect(v.plan.Grid.Window())
		a.labels = grow(a.labels, int(wide.Pixels()))
		if err := v.mosaics[1].read(ctx, wide, &a.wide, &v.part, a.labels); err != nil {
			return err
		}
		v.blocks[1].Reset(w, len(v.plan.Roles))
		a.align(&v.blocks[1], from[1], from[0])
	}
	v.plan.forget(&v.blocks[0], from[1])
	v.change()
	if adjust.pairs != nil {
		v.adjuster.normalise(&v.blocks[1], v.from)
	}
	return nil
}

// begin forgets what was computed of another window.
func (v *view) begin(w raster.Window, from [2][]int32) {
	v.Window, v.from, v.one = w, from, [2]bool{}
	for i := range v.derived {
		v.derived[i], v.flat[i] = v.derived[i][:0], v.flat[i][:0]
	}
}

// change computes the change statistic, whose values must not be normalised yet.
func (v *view) change() {
	for i, pl := range v.plan.Planes {
		if pl.Kind == bandmath.Change {
			v.derived[i] = grow(v.derived[i], int(v.Pixels()))
			v.adjuster.change(v.derived[i], &v.blocks[0], &v.blocks[1], v.from)
		}
	}
}

// loadFirst reads the before date alone.
func (v *view) loadFirst(ctx context.Context, w raster.Window, from []int32) error {
	v.begin(w, [2][]int32{from, nil})
	v.blocks[1].Reset(raster.Window{}, len(v.plan.Roles))
	if err := v.mosaics[0].read(ctx, w, &v.blocks[0], &v.part, from); err != nil {
		return err
	}
	v.one[0] = v.mosaics[0].one
	return nil
}

// derive computes what the date of each scene says of its pixels, and textures at the pixels of textured: exact where the view
// reaches the textures' halo beyond, or ends where the grid does.
func (v *view) derive(textured raster.Window) {
	n := int(v.Pixels())
	for d, date := range []bandmath.Date{bandmath.Before, bandmath.After} {
		bright := false
		for i, pl := range v.plan.Planes {
			if pl.Date != date || pl.read() || v.from[d] == nil {
				continue
			}
			switch {
			case pl.Kind == bandmath.State && v.one[d]:
				v.flat[i] = grow(v.flat[i], bandmath.Chunk)
				v.plan.state(v.flat[i][:1], pl.State, d, v.from[d][:1])
				raster.Fill(v.flat[i], v.flat[i][0])
			case pl.Kind == bandmath.State:
				v.derived[i] = grow(v.derived[i], n)
				v.plan.state(v.derived[i], pl.State, d, v.from[d])
			case pl.Kind == bandmath.Texture && !textured.Empty():
				if !bright {
					v.bright = brightness(v.bright, v.plan, &v.blocks[d])
					bright = true
				}
				v.derived[i] = grow(v.derived[i], n)
				pl.compute(v.derived[i], v.bright, v.Window, textured, &v.texSc)
			}
		}
	}
}

// blind reports whether no pixel of the view has a value at either date: most of a large grid may lie between scenes.
func (v *view) blind() bool {
	if v.one[0] || v.one[1] {
		return false
	}
	for _, from := range v.from {
		for _, f := range from {
			if f >= 0 {
				return false
			}
		}
	}
	return true
}

// nothing is what a machine gets for an input that it does not look at.
var nothing = func() []float32 {
	p := make([]float32, bandmath.Chunk)
	raster.Fill(p, raster.NaN)
	return p
}()

// hand gives m n pixels of every plane that the view has, from (x, y) on.
func (v *view) hand(m *bandmath.Machine, x, y, n int) {
	o := (y-v.Y)*v.W + x - v.X
	for i := range v.plan.Planes {
		src := v.derived[i]
		if v.plan.Planes[i].read() {
			src = v.blocks[v.bands[i][0]].Planes[v.bands[i][1]]
		}
		switch {
		case len(src) > 0:
			v.inputs[i] = src[o : o+n]
		case len(v.flat[i]) > 0:
			v.inputs[i] = v.flat[i][:n]
		default:
			v.inputs[i] = nothing[:n]
		}
	}
	m.Begin(n, v.inputs)
}
