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
	rasters       []believed
}

// openDate opens the scenes of date d, their cloud masks and probability rasters on the run's grid. cacheBytes is for all.
func (p *Plan) openDate(im Imagery, d int, roles []raster.Role, cacheBytes int64) (*dated, error) {
	out := &dated{plan: p, date: d, roles: roles}
	var err error
	// One plane each beside those of the scenes.
	share := cacheBytes / int64(len(roles)+1)
	out.rasters, err = p.openBelieved(im, d, roles, share)
	if err != nil {
		return nil, errors.Join(err, out.Close())
	}
	cacheBytes -= int64(len(out.rasters)) * share
	if masks := p.besides[d].masks; len(masks) > 0 {
		// Of larger pixels mostly.
		cacheBytes -= share
		if out.masks, err = im.Open(p.Grid, masks, []raster.Role{raster.Mask}, share); err != nil {
			return nil, errors.Join(err, out.Close())
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
	m.rasters = t.rasters
	return m
}

// open are the readers, of imagery and of what belongs to it; some may be nil.
func (t *dated) open() []Pixels {
	out := []Pixels{t.pixels, t.masks}
	for _, q := range t.rasters {
		out = append(out, q.pixels)
	}
	return out
}

// keepEdges keeps the edges of storage blocks longer than the rest of them, where the reader can, in so many bytes of its cache.
func (t *dated) keepEdges(bytes int64) {
	if k, ok := t.pixels.(interface{ KeepEdges(int64) }); ok {
		k.KeepEdges(bytes)
	}
}

// decoded is the number of pixels that were decoded since the files were opened, each as often as it was; 0 where the
// readers do not count.
func (t *dated) decoded() int64 {
	var sum int64
	for _, px := range t.open() {
		if c, ok := px.(interface{ Decoded() int64 }); ok {
			sum += c.Decoded()
		}
	}
	return sum
}

// Close closes the files.
func (t *dated) Close() error {
	var errs []error
	for _, px := range t.open() {
		if px != nil {
			errs = append(errs, px.Close())
		}
	}
	return errors.Join(errs...)
}
