package pipeline

import (
	"context"
	"fmt"

	"tuban/raster"
)

func (m *mosaic) seamed(scene int) bool { return m.seams != nil && m.seams[scene] != nil }

func (m *mosaic) clouded(scene int) bool { return m.clouds != nil && m.clouds[scene] != nil }

// hides reports whether there is anything that could hide pixels of a scene, or give them different origins.
func (m *mosaic) hides(scene int) bool {
	return m.seamed(scene) || m.clouded(scene) || m.guess.has(scene)
}

// hide takes away the pixels of a scene in part, over cover, that clouds hide or that have no day, and notes why in from
// where nothing else has a value. It leaves the origins of the others in m.origins.
func (m *mosaic) hide(ctx context.Context, scene int, cover raster.Window, part *raster.Block, from []int32) error {
	if !m.hides(scene) {
		return nil
	}
	seamed, clouded, guessed := m.seamed(scene), m.clouded(scene), m.guess.has(scene)
	w := part.Window
	m.hidden = grow(m.hidden, int(w.Pixels()))
	clear(m.hidden)
	if seamed {
		m.origins = grow(m.origins, len(m.hidden))
		m.seams[scene].fill(m.origins, w)
		for k, o := range m.origins {
			if o < 0 {
				m.hidden[k] = fromNoData
			}
		}
	}
	if clouded {
		if err := m.cloud(ctx, scene, cover, w); err != nil {
			return err
		}
	}
	if guessed {
		m.guess.fill(m.hidden, w, scene)
	}
	probe := part.Planes[m.probe[scene]]
	for y := cover.Y; y < cover.Y+cover.H; y++ {
		o := (y-w.Y)*w.W + cover.X - w.X
		for k := o; k < o+cover.W; k++ {
			why := m.hidden[k]
			if why == 0 || probe[k] != probe[k] || from[k] >= 0 {
				continue
			}
			from[k] = min(from[k], why)
			for _, p := range part.Planes {
				p[k] = raster.NaN
			}
		}
	}
	return nil
}

// cloud adds to m.hidden, over w, what the cloud mask of a scene says of cover.
func (m *mosaic) cloud(ctx context.Context, scene int, cover, w raster.Window) error {
	c := m.clouds[scene]
	if c.raster < 0 {
		burnZones(m.hidden, w, c.zones, func(int) (int32, bool) { return fromCloud, true })
		return nil
	}
	cover = m.masks.Footprint(c.raster).Intersect(cover)
	if cover.Empty() {
		return nil
	}
	m.mask.Reset(cover, 1)
	var lost []raster.Window
	if err := m.masks.Read(ctx, c.raster, cover, m.mask.Planes); err != nil {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case unavailable(err):
			return err
		case m.strict:
			return badInput("cloud mask %s of scene %s, window %v: %w", c.source, m.scenes[scene].URI, cover, err)
		}
		if lost, err = m.salvage(ctx, m.masks, c.raster, cover, &m.mask, m.lose(scene, fmt.Sprintf("cloud mask %s: ", c.source))); err != nil {
			return err
		}
	}
	for y := cover.Y; y < cover.Y+cover.H; y++ {
		o := (y-w.Y)*w.W + cover.X - w.X
		for x, v := range m.mask.Row(0, y) {
			m.hidden[o+x] = min(m.hidden[o+x], c.says(v))
		}
	}
	for _, l := range lost {
		l = l.Intersect(cover)
		for y := l.Y; y < l.Y+l.H; y++ {
			o := (y-w.Y)*w.W + l.X - w.X
			raster.Fill(m.hidden[o:o+l.W], fromUnreadable)
		}
	}
	return nil
}
