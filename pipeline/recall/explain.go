package recall

import (
	"context"
	"errors"
	"fmt"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/pipeline/assess"
	"tuban/pipeline/product"
)

// seen is what the products say of the changes: the share of each, by what covers it.
type seen struct {
	on                             []bool
	published, dropped, unobserved []float64
	before, after                  []float64
}

// explain finds out from the products why changes are in no release, and leaves out those that no product is about.
func (s *Surveyed) explain(ctx context.Context, d pipeline.Drivers, measure *pipeline.Surveyor) error {
	n := len(s.truth)
	x := &seen{make([]bool, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)}
	geoms := make([]orb.MultiPolygon, n)
	for i, c := range s.truth {
		geoms[i] = c.geom
	}
	for _, dir := range s.Products {
		if err := x.product(ctx, d, dir, s.CRS, geoms, measure); err != nil {
			return err
		}
	}
	var kept []*change
	for i, c := range s.truth {
		if !x.on[i] {
			s.Off++
			continue
		}
		kept = append(kept, c)
		whole := s.Overlap * c.area
		switch {
		case x.published[i] >= whole:
			c.reason = Held
		case x.dropped[i] >= whole:
			c.reason = Dropped
		case x.unobserved[i] >= whole || x.before[i] < whole || x.after[i] < whole:
			c.reason = Unseen
		default:
			c.reason = NotFound
		}
	}
	s.truth = kept
	return nil
}

// product adds what one product says.
func (x *seen) product(ctx context.Context, d pipeline.Drivers, dir, crs string, geoms []orb.MultiPolygon, measure *pipeline.Surveyor) (err error) {
	p, err := product.Open(ctx, d, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	g := p.Manifest.Grid
	b, err := d.Coordinates.TransformBounds(g.CRS, crs, g.Bounds(g.Window()))
	if err != nil {
		return pipeline.NewInputError(fmt.Errorf("%s: %w", dir, err))
	}
	bounds := orb.Bound{Min: orb.Point{b.MinX, b.MinY}, Max: orb.Point{b.MaxX, b.MaxY}}
	for i, mp := range geoms {
		x.on[i] = x.on[i] || len(mp) > 0 && bounds.Intersects(mp.Bound())
	}
	for _, l := range []struct {
		layer string
		keep  func(product.Row) bool
		to    []float64
	}{
		{"changes", nil, x.published}, {"dropped", nil, x.dropped}, {"unobserved", nil, x.unobserved},
		{"scenes", func(r product.Row) bool { return r.Text("date") == "before" }, x.before},
		{"scenes", func(r product.Row) bool { return r.Text("date") == "after" }, x.after},
	} {
		rows, _, err := p.Layer(ctx, l.layer, crs)
		if err != nil {
			return err
		}
		var covers []orb.MultiPolygon
		for _, r := range rows {
			if l.keep == nil || l.keep(r) {
				covers = append(covers, r.Geom)
			}
		}
		if err := cover(ctx, d, geoms, covers, measure, l.to); err != nil {
			return fmt.Errorf("%s, layer %s: %w", dir, l.layer, err)
		}
	}
	return nil
}

// cover adds to each sum how much of the geometry the covers take together.
func cover(ctx context.Context, d pipeline.Drivers, geoms, covers []orb.MultiPolygon, measure *pipeline.Surveyor, to []float64) error {
	order := make([]int, len(covers))
	for i := range order {
		order[i] = i
	}
	pieces, _, err := assess.Overlay(ctx, d.Geometry(), geoms, covers, order, measure.Area)
	if err != nil {
		return err
	}
	for i, list := range pieces {
		for _, p := range list {
			to[i] += p.Area
		}
	}
	return nil
}
