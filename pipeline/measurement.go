package pipeline

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"tuban/pipeline/survey"
	"tuban/raster"
)

// commonRoles are the bands that some scene of either date has: what a change statistic can be computed from. The
// panchromatic band shows what the others show.
func (p *Plan) commonRoles() []raster.Role {
	has := func(scenes []raster.Scene, r raster.Role) bool {
		return slices.ContainsFunc(scenes, func(s raster.Scene) bool { return s.Has(r) })
	}
	var out []raster.Role
	for _, r := range raster.Roles {
		if r != raster.Pan && has(p.Before, r) && has(p.After, r) {
			out = append(out, r)
		}
	}
	return out
}

// measuredRoles are the bands that are read where a run is measured.
func (p *Plan) measuredRoles() []raster.Role {
	roles := displayRoles(p.Roles)
	for _, r := range p.commonRoles() {
		if !slices.Contains(roles, r) {
			roles = append(roles, r)
		}
	}
	slices.SortFunc(roles, byRole)
	return roles
}

// observed is what the spots of a run show, before the dates are brought to each other.
type observed struct {
	roles roleList
	// values has, by date and role, the kept pixels of all spots in their order; NaN where a scene lacks the band.
	values [2][][]float32
	// pair is that of each kept pixel, −1 where a date has none.
	pair []int32
	// lasting says of each whether it lies on land that no season changes: construction land of the survey.
	lasting []bool
	chips   []pairChip
	// unread counts the windows that could not be read.
	unread int
}

// spotReader reads spots for one goroutine.
type spotReader struct {
	plan    *Plan
	roles   []raster.Role
	mosaics [2]*mosaic
	blocks  [2]raster.Block
	part    raster.Block
	from    [2][]int32
	kept    []int // the pixels of a spot whose values are kept
	adjust  adjuster
	match   *matcher
	land    *tileScanner // knows the parcels; its lasting classes by number
	lasting []bool
}

// observe reads the spots. With match it finds the shift of each, without it the pixels lie as the plan's adjustment says.
// A spot that cannot be read shows nothing.
func (p *Plan) observe(ctx context.Context, d Drivers, store *survey.Store, at spots, match bool, o Options) (*observed, error) {
	elig, err := p.eligibility(store)
	if err != nil {
		return nil, err
	}
	lasting, err := p.lasting(store)
	if err != nil {
		return nil, err
	}
	roles := p.measuredRoles()
	var dates [2]*dated
	for i := range dates {
		var err error
		if dates[i], err = p.openDate(d.Imagery, i, roles, 16<<20); err != nil {
			return nil, err
		}
		defer dates[i].Close()
	}
	warn, unread := warnOnce(o)
	out, starts := newObserved(at, roles)
	chips := make([][]pairChip, len(at.windows))
	err = eachSpot(ctx, len(at.windows), p.Workers, func(ctx context.Context, next func() (int, bool)) error {
		r := &spotReader{plan: p, roles: roles, adjust: adjuster{plan: p}, land: newTileScanner(p, elig, nil, nil), lasting: lasting}
		if match {
			r.match = newMatcher(at.edge)
		}
		for i := range dates {
			r.mosaics[i] = dates[i].mosaic()
			r.mosaics[i].failed, r.mosaics[i].probing, r.mosaics[i].strict = warn, true, o.Strict
		}
		for i, ok := next(); ok; i, ok = next() {
			if err := r.read(ctx, at.windows[i]); err != nil {
				return err
			}
			r.keep(out, starts[i], at, at.windows[i])
			if r.match != nil {
				if c, ok := r.match.chip(r, at.windows[i]); ok {
					chips[i] = append(chips[i], c)
				}
			}
			o.Progress.Advance(1)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out.chips, out.unread = slices.Concat(chips...), *unread
	return out, nil
}

// newObserved has room for what the spots show; starts are where the pixels of each begin.
func newObserved(at spots, roles roleList) (out *observed, starts []int) {
	n := 0
	for _, w := range at.windows {
		starts = append(starts, n)
		at.thin(w, func(int) { n++ })
	}
	out = &observed{roles: roles, pair: make([]int32, n), lasting: make([]bool, n)}
	for date := range out.values {
		for range roles {
			out.values[date] = append(out.values[date], make([]float32, n))
		}
	}
	return out, starts
}

// lasting says of each class of the survey whether seasons leave it alone: roofs, yards and roads are in October what they
// were in July. Nil without a survey.
func (p *Plan) lasting(store *survey.Store) ([]bool, error) {
	if store == nil {
		return nil, nil
	}
	s, err := p.Survey.System.Select("建设用地")
	if err != nil {
		return nil, err
	}
	var out []bool
	for _, code := range store.Classes() {
		out = append(out, s.Has(code))
	}
	return out, nil
}

// eachSpot runs work on every processor that the run has; next hands out the numbers below n.
func eachSpot(ctx context.Context, n, workers int, work func(ctx context.Context, next func() (int, bool)) error) error {
	queue := make(chan int)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(queue)
		for i := range n {
			select {
			case queue <- i:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range min(workers, max(1, n)) {
		g.Go(func() error {
			return work(ctx, func() (int, bool) {
				i, ok := <-queue
				return i, ok
			})
		})
	}
	return g.Wait()
}

// read fills the reader's blocks with both dates over w.
func (r *spotReader) read(ctx context.Context, w raster.Window) error {
	if _, err := r.land.burn(w); err != nil {
		return err
	}
	for i := range r.from {
		r.from[i] = grow(r.from[i], int(w.Pixels()))
	}
	if err := r.mosaics[0].read(ctx, w, &r.blocks[0], &r.part, r.from[0]); err != nil {
		return err
	}
	halo := r.plan.adjust.halo
	if halo == 0 {
		return r.mosaics[1].read(ctx, w, &r.blocks[1], &r.part, r.from[1])
	}
	wide := w.Grow(halo).Intersect(r.plan.Grid.Window())
	r.adjust.labels = grow(r.adjust.labels, int(wide.Pixels()))
	if err := r.mosaics[1].read(ctx, wide, &r.adjust.wide, &r.part, r.adjust.labels); err != nil {
		return err
	}
	r.blocks[1].Reset(w, len(r.roles))
	r.adjust.align(&r.blocks[1], r.from[1], r.from[0])
	return nil
}

// keep copies the kept pixels of what was read to out, from the given one on.
func (r *spotReader) keep(out *observed, start int, at spots, w raster.Window) {
	r.kept = r.kept[:0]
	at.thin(w, func(k int) { r.kept = append(r.kept, k) })
	for i, k := range r.kept {
		out.pair[start+i] = int32(r.plan.pairAt(r.from[0][k], r.from[1][k]))
		id := r.land.parcel[k]
		out.lasting[start+i] = id > 0 && r.lasting[r.land.elig.store.Class(id)]
	}
	for date := range out.values {
		for b, plane := range r.blocks[date].Planes {
			values := out.values[date][b][start:]
			for i, k := range r.kept {
				values[i] = plane[k]
			}
		}
	}
}
