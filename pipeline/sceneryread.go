package pipeline

import (
	"context"
	"image"

	"tuban/raster"
)

// SceneryReader shows windows of a Scenery. It is for one goroutine.
type SceneryReader struct {
	scenery *Scenery
	view    *view
	from    [2][]int32
	planes  [][]float32
	lost    bool
}

// Reader returns a reader for one goroutine.
func (s *Scenery) Reader() *SceneryReader {
	r := &SceneryReader{scenery: s}
	var mosaics [2]*mosaic
	for d := range mosaics {
		m := s.dates[d].mosaic()
		m.failed = func(f ReadFailure) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.failures = append(s.failures, f)
			r.lost = true
		}
		mosaics[d] = m
	}
	r.view = newView(s.plan, mosaics[0], mosaics[1])
	return r
}

// Read loads both dates over w.
func (r *SceneryReader) Read(ctx context.Context, w raster.Window) error {
	r.lost = false
	for d := range r.from {
		r.from[d] = grow(r.from[d], int(w.Pixels()))
	}
	return r.view.load(ctx, w, r.from)
}

// Lost reports whether part of what Read was last asked for could not be read, and is missing from the pictures.
func (r *SceneryReader) Lost() bool { return r.lost }

// Paint paints date d (0 before, 1 after) of what was read into dst, whose pixel 0, 0 is the grid's at origin. infrared asks for
// false colour, near infrared as red. A pixel without data keeps the opacity 0: picture.Hatch shows it.
func (r *SceneryReader) Paint(dst *image.RGBA, origin image.Point, d int, infrared bool) {
	s := r.scenery
	roles, stretch := s.shown[d], s.stretch[d]
	if infrared {
		roles, stretch = []raster.Role{raster.NIR, raster.Red, raster.Green}, s.falseColour[d]
	}
	r.planes = r.planes[:0]
	for _, role := range roles {
		r.planes = append(r.planes, r.view.blocks[d].Planes[s.plan.roleIndex(role)])
	}
	w := r.view.Window
	stretch.Paint(dst, image.Rect(w.X, w.Y, w.X+w.W, w.Y+w.H).Sub(origin), r.planes)
}
