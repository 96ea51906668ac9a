package pipeline

import (
	"tuban/classify/irmad"
	"tuban/classify/register"
	"tuban/raster"
)

// adjustment brings the after pixels of a tile to the before ones, as was measured: in their place, then in their values.
// The zero value leaves them as they are.
type adjustment struct {
	pairs []pairAdjustment // by pair of origins; nil: none is adjusted
	// refuses says that some pair cannot be compared.
	refuses bool
	// halo is how many pixels beyond a window are read of the after date.
	halo int
}

// pairAdjustment is that of the pixels whose origins are one pair.
type pairAdjustment struct {
	// refused says why the dates cannot be compared, if they cannot.
	refused refusal
	// measured is what scaling follows from; nil for a pair that was not measured.
	measured *PairMeasure
	// scaling is per plane of the run's roles; nil where values stay as they are.
	scaling []scaling
	// tolerance is the width in pixels that misregistration can give to a sliver.
	tolerance float64
	// field is nil where pixels stay where they are.
	field *register.Field
	// change computes the change statistic from the planes of bands, whose values are those before normalisation.
	change *irmad.Transform
	bands  []int
}

// refusal is why the dates of a pair cannot be compared; the graver the greater.
type refusal uint8

const (
	alikeEnough refusal = iota
	// otherScale: their values cannot; what compares them is not judgeable.
	otherScale
	// misplaced: their places cannot; nothing is judgeable.
	misplaced
)

// adjuster applies an adjustment to windows. It holds the buffers of one worker.
type adjuster struct {
	plan    *Plan
	wide    raster.Block // the after date over a window grown by the halo
	labels  []int32      // the origins over it
	aligned raster.Block
	moved   []int32
	stat    []float32
	refused []refusal // of the pixels of the window
	scratch register.Scratch
}

// pairAt returns the pair of a pixel, −1 where a date has no pixel.
func (p *Plan) pairAt(before, after int32) int {
	if before < 0 || after < 0 {
		return -1
	}
	return int(p.pair(before, after))
}

// align fills dst and its origins to, over dst's window, from the wide window: what lies where the before date shows it.
// A pixel goes by the pair that the scenes have at its own place.
func (a *adjuster) align(dst *raster.Block, to, before []int32) {
	w := dst.Window
	for y := range w.H {
		o := (w.Y+y-a.wide.Y)*a.wide.W + w.X - a.wide.X
		copy(to[y*w.W:(y+1)*w.W], a.labels[o:o+w.W])
		for i, p := range a.wide.Planes {
			copy(dst.Planes[i][y*w.W:(y+1)*w.W], p[o:o+w.W])
		}
	}
	p := a.plan
	present := a.present(before, to)
	var pairs []int16
	if len(present) > 1 {
		// The origins are about to change: note where each pair is.
		pairs = make([]int16, len(to))
		for k := range to {
			pairs[k] = -1
			if q := p.pairAt(before[k], to[k]); q >= 0 {
				for i, x := range present {
					if x == q {
						pairs[k] = int16(i)
					}
				}
			}
		}
	}
	for i, q := range present {
		f := p.adjust.pairs[q].field
		if f == nil {
			continue
		}
		a.aligned.Reset(w, len(dst.Planes))
		a.moved = grow(a.moved, len(to))
		f.Align(&a.aligned, &a.wide, &a.scratch)
		f.AlignLabels(a.moved, w, a.labels, a.wide.Window, &a.scratch)
		for k := range to {
			if before[k] < 0 || to[k] < 0 || pairs != nil && pairs[k] != int16(i) {
				continue
			}
			to[k] = a.moved[k]
			for b, plane := range a.aligned.Planes {
				dst.Planes[b][k] = plane[k]
			}
		}
	}
}

// present lists the pairs of a window, in the order in which they appear.
func (a *adjuster) present(before, after []int32) []int {
	var out []int
	last := -1
	for k := range before {
		q := a.plan.pairAt(before[k], after[k])
		if q < 0 || q == last {
			continue
		}
		last = q
		seen := false
		for _, x := range out {
			seen = seen || x == q
		}
		if !seen {
			out = append(out, q)
		}
	}
	return out
}

// change fills dst with the change statistic of each pixel, NaN where there is none. The values must not be normalised yet.
func (a *adjuster) change(dst []float32, before, after *raster.Block, from [2][]int32) {
	raster.Fill(dst, raster.NaN)
	present := a.present(from[0], from[1])
	for _, q := range present {
		t := a.plan.adjust.pairs[q].change
		if t == nil {
			continue
		}
		var x, y [][]float32
		for _, b := range a.plan.adjust.pairs[q].bands {
			x, y = append(x, before.Planes[b]), append(y, after.Planes[b])
		}
		a.stat = grow(a.stat, len(dst))
		t.Statistic(a.stat, x, y)
		for k, v := range a.stat {
			if a.plan.pairAt(from[0][k], from[1][k]) == q {
				dst[k] = v
			}
		}
	}
}

// normalise maps the values of after to the scale of before, and marks the pixels of pairs that cannot be compared.
func (a *adjuster) normalise(after *raster.Block, from [2][]int32) {
	p := a.plan
	if only := p.adjust.pairs[0]; len(p.adjust.pairs) == 1 && only.refused == alikeEnough && only.scaling == nil {
		return
	}
	if p.adjust.refuses {
		a.refused = grow(a.refused, len(from[0]))
		clear(a.refused)
	}
	for k := 0; k < len(from[0]); {
		b, f := from[0][k], from[1][k]
		end := k + 1
		for end < len(from[0]) && from[0][end] == b && from[1][end] == f {
			end++
		}
		if q := p.pairAt(b, f); q >= 0 {
			adj := &p.adjust.pairs[q]
			switch {
			case adj.refused != alikeEnough:
				raster.Fill(a.refused[k:end], adj.refused)
			case adj.scaling != nil:
				for i, plane := range after.Planes {
					adj.scaling[i].apply(plane[k:end])
				}
			}
		}
		k = end
	}
}
