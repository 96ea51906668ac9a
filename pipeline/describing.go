package pipeline

import (
	"context"

	"golang.org/x/sync/errgroup"

	"tuban/pipeline/survey"
)

// describe turns groups of runs into patches, in parallel and in order.
func (p *Plan) describe(ctx context.Context, d Drivers, store *survey.Store, r *result, o Options) error {
	o.Progress.Stage("patches", int64(len(r.joined.groups)))
	r.patches = make([]*Patch, len(r.joined.groups))
	next := make(chan int)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(next)
		for i := range r.patches {
			select {
			case next <- i:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range o.Workers {
		g.Go(func() error {
			geo, err := d.Coordinates.Geographer(p.Grid.CRS)
			if err != nil {
				return err
			}
			defer geo.Close()
			dr := &describer{plan: p, store: store, legal: r.legal, engine: d.Geometry(), geo: geo}
			for i := range next {
				if r.patches[i], err = dr.describe(r.joined.groups[i]); err != nil {
					return err
				}
				o.Progress.Advance(1)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	geo, err := d.Coordinates.Geographer(p.Grid.CRS)
	if err != nil {
		return err
	}
	defer geo.Close()
	dr := &describer{plan: p, store: store, engine: d.Geometry(), geo: geo}
	if r.gaps, err = dr.describeGaps(r.joined.gaps); err != nil {
		return err
	}
	if r.parcelGaps, err = dr.sumGaps(r.scan.unobserved); err != nil {
		return err
	}
	pixel, err := dr.pixelArea()
	r.examined = cents(float64(r.scan.examined) * pixel)
	return err
}
