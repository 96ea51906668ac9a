package pipeline

import (
	"iter"
	"math"

	"tuban/classify/object"
	"tuban/raster"
)

// joined is what the runs of all tiles make together.
type joined struct {
	// changes and gaps are fused and in canonical order: the same whatever the tiles were.
	changes, gaps []object.Run
	// patch is the patch of each change run; groups are the runs of each patch. Patches are numbered by their first run.
	patch  []int32
	groups [][]object.Run
}

// join fuses the runs of all tiles across their seams and groups them into patches: components of one kind, joined
// across gaps up to the kind's bridge.
func (p *Plan) join(runs []object.Run) (*joined, error) {
	fused, err := object.Fuse(runs)
	if err != nil {
		return nil, err
	}
	gaps := 0
	for i := range fused {
		if fused[i].Kind == 0 {
			gaps++
		}
	}
	// The changes stay where they are, and close up.
	j := &joined{changes: fused[:0], gaps: make([]object.Run, 0, gaps)}
	for i := range fused {
		if r := &fused[i]; r.Kind == 0 {
			j.gaps = append(j.gaps, *r)
		} else if j.changes = fused[:len(j.changes)+1]; len(j.gaps) > 0 {
			j.changes[len(j.changes)-1] = *r
		}
	}
	label, n := object.Label(j.changes)
	bridge := func(kind uint8) float64 { return p.Rules.Kinds[kind-1].Bridge }
	patch, np := object.Bridge(j.changes, label, n, bridge, p.Pixel)
	j.patch = patch
	j.groups = object.Gather(j.changes, patch, np)
	return j, nil
}

// spans yields the mask's pixels: those of the published patches, with their kind's ordinal.
func (j *joined) spans(published []bool) iter.Seq[raster.Span] {
	return func(yield func(raster.Span) bool) {
		var last raster.Span
		for i, r := range j.changes {
			if !published[j.patch[i]] {
				continue
			}
			s := raster.Span{Y: int(r.Y), X0: int(r.X0), X1: int(r.X1), Value: r.Kind}
			if last.X1 == s.X0 && last.Y == s.Y && last.Value == s.Value && last.X1 > last.X0 {
				last.X1 = s.X1
				continue
			}
			if last.X1 > last.X0 && !yield(last) {
				return
			}
			last = s
		}
		if last.X1 > last.X0 {
			yield(last)
		}
	}
}

// gapArea is an area that was not observed: for one reason, for the kinds of the bits.
type gapArea struct {
	reason    object.Reason
	undecided uint32
	runs      []object.Run
}

// gapComponents groups the gaps into 4-connected areas of equal reason and kinds, across parcels. Where the rules make
// more combinations than a label can hold, areas are of equal reason, and their kinds those of any pixel with it.
func gapComponents(gaps []object.Run) ([]gapArea, error) {
	type combo struct {
		reason    object.Reason
		undecided uint32
	}
	number := map[combo]uint8{}
	any := map[object.Reason]uint32{}
	for _, g := range gaps {
		any[g.Reason] |= g.Undecided
	}
	of := func(g object.Run) combo { return combo{g.Reason, g.Undecided} }
	distinct := map[combo]bool{}
	for _, g := range gaps {
		distinct[of(g)] = true
	}
	if len(distinct) > math.MaxUint8 {
		of = func(g object.Run) combo { return combo{g.Reason, any[g.Reason]} }
	}
	var combos []combo
	plain := make([]object.Run, len(gaps))
	for i, g := range gaps {
		c := of(g)
		if number[c] == 0 {
			combos = append(combos, c)
			number[c] = uint8(len(combos))
		}
		plain[i] = object.Run{Y: g.Y, X0: g.X0, X1: g.X1, Kind: number[c]}
	}
	fused, err := object.Fuse(plain)
	if err != nil {
		return nil, err
	}
	label, n := object.Label(fused)
	out := make([]gapArea, n)
	for i, runs := range object.Gather(fused, label, n) {
		c := combos[runs[0].Kind-1]
		out[i] = gapArea{c.reason, c.undecided, runs}
	}
	return out, nil
}
