package pipeline

import (
	"context"

	"tuban/pipeline/survey"
	"tuban/raster"
)

// places returns where the run is measured: of the spots of a large grid, those at which both dates may show land that
// the rules look at. Where imagery or region fill little of the grid, a finer lattice is searched, so that as much is measured.
func (p *Plan) places(ctx context.Context, d Drivers, store *survey.Store) (spots, error) {
	perAxis := p.spotsPerAxis()
	if p.Grid.Pixels() <= wholePixels {
		return p.spots(perAxis, p.Seed), nil
	}
	elig, err := p.eligibility(store)
	if err != nil {
		return spots{}, err
	}
	land := newTileScanner(p, elig, nil, nil)
	var dates [2]*dated
	for i := range dates {
		if dates[i], err = p.openDate(d.Imagery, i, p.commonRoles(), 1<<20); err != nil {
			return spots{}, err
		}
		defer dates[i].Close()
	}
	// worth keeps the windows where there is something to measure.
	worth := func(windows []raster.Window) (out []raster.Window, err error) {
		for _, w := range windows {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if !dates[0].mayShow(ctx, w) || !dates[1].mayShow(ctx, w) {
				continue
			}
			can, err := land.burn(w)
			if err != nil {
				return nil, err
			}
			if can != 0 {
				out = append(out, w)
			}
		}
		return out, nil
	}
	var kept spots
	wanted := perAxis * perAxis
	for n := perAxis; ; n *= 2 {
		kept = p.latticeSpots(n, p.Seed)
		if kept.windows, err = worth(kept.windows); err != nil {
			return spots{}, err
		}
		if len(kept.windows) >= wanted/2 || n >= finestLattice || n*kept.edge >= max(p.Grid.W, p.Grid.H) {
			break
		}
	}
	// A finer lattice can have found more than are wanted: take them evenly.
	if n := len(kept.windows); n > wanted {
		var even []raster.Window
		for i := range wanted {
			even = append(even, kept.windows[i*n/wanted])
		}
		kept.windows = even
	}
	more, err := worth(p.pairSpots(kept))
	if err != nil {
		return spots{}, err
	}
	kept.windows = append(kept.windows, more...)
	return kept.thinned(), nil
}

// mayShow reports whether some scene of the date may have a value in w, as far as can be told without decoding.
func (t *dated) mayShow(ctx context.Context, w raster.Window) bool {
	for i := range t.plan.scenes(t.date) {
		in := t.pixels.Footprint(i).Intersect(w)
		if in.Empty() {
			continue
		}
		if gone, err := t.pixels.Absent(ctx, i, in); err != nil || !gone {
			return true
		}
	}
	return false
}
