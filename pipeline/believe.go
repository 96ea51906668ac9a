package pipeline

import (
	"context"
	"fmt"

	"tuban/raster"
)

// believed is a probability raster of a date, open on the run's grid.
type believed struct {
	Probability
	pixels Pixels
	// plane is its place among the roles that the date is read by.
	plane int
}

// probabilitySlack is how far beyond 0 and 1 a probability may lie by the rounding of its scale.
const probabilitySlack = 0.005

// believe fills the planes of the date's probability rasters over w, whose scenes were merged: NaN where no scene shows the
// land, or the raster has no value, or one that is no probability. With m.probing, the latter is an error.
func (m *mosaic) believe(ctx context.Context, w raster.Window, b *raster.Block, from []int32) error {
	for _, q := range m.rasters {
		dst := b.Planes[q.plane]
		raster.Fill(dst, raster.NaN)
		cover := q.pixels.Footprint(0).Intersect(w)
		if cover.Empty() {
			continue
		}
		m.belief.Reset(cover, 1)
		if err := q.pixels.Read(ctx, 0, cover, m.belief.Planes); err != nil {
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case unavailable(err):
				return err
			case m.strict:
				return badInput("probabilities: %s: %s, window %v: %w", q.Name, q.Scene.URI, cover, err)
			}
			failed := func(lost raster.Window, err error) { m.failed(ReadFailure{q.Scene.ID, lost, err.Error()}) }
			if _, err := m.salvage(ctx, q.pixels, 0, cover, &m.belief, failed); err != nil {
				return err
			}
		}
		for y := cover.Y; y < cover.Y+cover.H; y++ {
			o := (y-w.Y)*w.W + cover.X - w.X
			for x, v := range m.belief.Row(0, y) {
				switch {
				case v != v || from[o+x] < 0:
				case v >= -probabilitySlack && v <= 1+probabilitySlack:
					dst[o+x] = min(max(v, 0), 1)
				case m.probing:
					return badInput("probabilities: %s: %s holds %g, which is no probability from 0 to 1: give its `scale` (0.01 for percent), or the `nodata` value that it is", q.Name, q.Scene.URI, v)
				}
			}
		}
	}
	return nil
}

// forget makes the probabilities of the pair, which are read with the before date, unknown where the after date shows nothing.
func (p *Plan) forget(before *raster.Block, after []int32) {
	for _, q := range p.Probabilities {
		if q.Name != string(q.Role()) {
			continue
		}
		at := p.roleIndex(q.Role())
		if at < 0 {
			continue // a part of the plan, which does not read it
		}
		for k, f := range after {
			if f < 0 {
				before.Planes[at][k] = raster.NaN
			}
		}
	}
}

// openBelieved opens the rasters of date d among the roles, each with cacheBytes for its pixels.
func (p *Plan) openBelieved(im Imagery, d int, roles []raster.Role, cacheBytes int64) ([]believed, error) {
	var out []believed
	for _, q := range p.Probabilities {
		for i, r := range roles {
			if q.Date != d || r != q.Role() {
				continue
			}
			px, err := im.Open(p.Grid, []raster.Scene{q.Scene}, []raster.Role{r}, cacheBytes)
			if err != nil {
				return out, fmt.Errorf("probabilities: %s: %w", q.Name, err)
			}
			out = append(out, believed{q, px, i})
		}
	}
	return out, nil
}
