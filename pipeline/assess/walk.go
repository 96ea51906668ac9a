package assess

import (
	"context"
	"fmt"

	"tuban/classify/accuracy"
	"tuban/classify/object"
	"tuban/pipeline"
	"tuban/raster"
)

// walk goes through product and reference once, pixel by pixel.
type walk struct {
	p       *product
	mask    pipeline.Pixels
	chosen  [256]bool
	extent  *extent
	labels  *labelled // a raster reference, else nil
	shapes  zones     // the objects of a polygon reference, by position from 1
	patches zones     // the candidates, by position from 1; for a raster reference

	all, seen        accuracy.Confusion // seen: of what was observed
	hiddenChanges    int64
	runs             []object.Run // of changed reference pixels, with the candidate as Parcel and hidden pixels as Sums[0]
	known, confirmed []int64      // labelled and changed pixels per candidate
	sizes, obscured  []int64      // pixels and hidden pixels per shape

	values       []float32
	ref          []truth
	observed     []bool
	shape, patch []int32
}

// maxRuns bounds the memory that a reference full of speckle takes.
const maxRuns = 5_000_000

func (k *walk) tile(ctx context.Context, w raster.Window) error {
	n := int(w.Pixels())
	k.ref, k.observed = grown(k.ref, n), grown(k.observed, n)
	k.shape, k.patch = grown(k.shape, n), grown(k.patch, n)
	raster.Fill(k.shape, 0)
	var err error
	if k.labels != nil {
		if k.values, err = k.labels.truth(ctx, w, k.ref, k.values); err != nil {
			return err
		}
	} else {
		k.shapes.burn(k.shape, w)
		for i, s := range k.shape {
			k.ref[i] = unchanged
			if s > 0 {
				k.ref[i] = changed
			}
		}
	}
	k.values = grown(k.values, n)
	if err := k.mask.Read(ctx, 0, w, [][]float32{k.values}); err != nil {
		return badInput(fmt.Errorf("%s: %w: the product is damaged, run again with --force", maskName, err))
	}
	k.extent.observed(k.observed, w)
	for i, t := range k.ref {
		if t == unlabelled {
			continue
		}
		// A block of the mask that is not stored reads as no data: nothing is published there.
		mapped := k.values[i] > 0 && k.chosen[uint8(k.values[i])]
		is := t == changed
		k.all.Add(mapped, is, 1)
		switch {
		case k.observed[i] || mapped:
			k.seen.Add(mapped, is, 1)
		case is:
			k.hiddenChanges++
		}
		if s := k.shape[i]; s > 0 {
			k.sizes[s-1]++
			if !k.observed[i] && !mapped {
				k.obscured[s-1]++
			}
		}
	}
	if k.labels == nil {
		return nil
	}
	return k.collect(w)
}

// collect adds a tile's part of the reference's objects, and of what it says of the candidates.
func (k *walk) collect(w raster.Window) error {
	if k.known == nil {
		return nil
	}
	raster.Fill(k.patch, 0)
	k.patches.burn(k.patch, w)
	for y := range w.H {
		for x := 0; x < w.W; x++ {
			i := y*w.W + x
			if p := k.patch[i]; p > 0 && k.ref[i] != unlabelled {
				k.known[p-1]++
				if k.ref[i] == changed {
					k.confirmed[p-1]++
				}
			}
			if k.ref[i] != changed {
				continue
			}
			hidden := int64(0)
			if !k.observed[i] && k.patch[i] == 0 {
				hidden = 1
			}
			if n := len(k.runs); n > 0 && x > 0 {
				if r := &k.runs[n-1]; r.Y == int32(w.Y+y) && r.X1 == int32(w.X+x) && r.Parcel == k.patch[i] {
					r.X1++
					r.Sums[0] += hidden
					continue
				}
			}
			r := object.Run{Y: int32(w.Y + y), X0: int32(w.X + x), X1: int32(w.X + x + 1), Parcel: k.patch[i], Kind: 1}
			r.Sums[0] = hidden
			k.runs = append(k.runs, r)
		}
	}
	if len(k.runs) > maxRuns {
		return badInput(fmt.Errorf("%s: its changed pixels make more than %d pieces: it is speckle without objects; compare pixels only, with --no-objects", k.labels.uri, maxRuns))
	}
	return nil
}

// components are the objects of a raster reference: its 4-connected components of changed pixels. Areas are in m².
func (k *walk) components(pixel float64) ([]accuracy.Object, error) {
	runs, err := object.Fuse(k.runs)
	if err != nil {
		return nil, err
	}
	label, n := object.Label(runs)
	var out []accuracy.Object
	for _, group := range object.Gather(runs, label, n) {
		var pixels, hidden int64
		var obj accuracy.Object
		at := map[int32]int{}
		for _, r := range group {
			pixels += r.Pixels()
			hidden += r.Sums[0]
			if r.Parcel == 0 {
				continue
			}
			i, ok := at[r.Parcel]
			if !ok {
				i = len(obj.Pieces)
				at[r.Parcel] = i
				obj.Pieces = append(obj.Pieces, accuracy.Piece{Patch: int(r.Parcel) - 1})
			}
			obj.Pieces[i].Area += float64(r.Pixels()) * pixel
		}
		obj.Area, obj.Hidden = float64(pixels)*pixel, float64(hidden)/float64(pixels)
		out = append(out, obj)
	}
	return out, nil
}
