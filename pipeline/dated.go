package pipeline

import (
	"errors"

	"tuban/raster"
)

// dated is the imagery of one date, open for reading.
type dated struct {
	plan          *Plan
	date          int
	roles         []raster.Role
	pixels, masks Pixels // masks is nil without cloud masks that are rasters
}

// openDate opens the scenes of date d and their cloud masks on the run's grid. cacheBytes is for both.
func (p *Plan) openDate(im Imagery, d int, roles []raster.Role, cacheBytes int64) (*dated, error) {
	out := &dated{plan: p, date: d, roles: roles}
	var err error
	if masks := p.besides[d].masks; len(masks) > 0 {
		// One plane beside those of the scenes, and of larger pixels mostly.
		share := cacheBytes / int64(len(roles)+1)
		cacheBytes -= share
		if out.masks, err = im.Open(p.Grid, masks, []raster.Role{raster.Mask}, share); err != nil {
			return nil, err
		}
	}
	if out.pixels, err = im.Open(p.Grid, p.scenes(d), roles, cacheBytes); err != nil {
		return nil, errors.Join(err, out.Close())
	}
	return out, nil
}

// mosaic returns a reader for one goroutine. Who uses it sets how it fails.
func (t *dated) mosaic() *mosaic {
	m := newMosaic(t.plan.scenes(t.date), t.roles, t.pixels)
	for i, o := range t.plan.origins(t.date) {
		m.origin[o.Scene] = int32(i)
	}
	b := &t.plan.besides[t.date]
	m.seams, m.clouds, m.masks = b.seams, b.clouds, t.masks
	m.guess = t.plan.guess[t.date]
	return m
}

// Close closes the files.
func (t *dated) Close() error {
	var errs []error
	for _, px := range []Pixels{t.pixels, t.masks} {
		if px != nil {
			errs = append(errs, px.Close())
		}
	}
	return errors.Join(errs...)
}
