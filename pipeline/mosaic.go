package pipeline

import (
	"context"
	"errors"
	"fmt"

	"tuban/classify/object"
	"tuban/raster"
)

// mosaic reads the scenes of one date as one image: in list order, the first valid pixel wins.
type mosaic struct {
	scenes []raster.Scene
	roles  []raster.Role
	pixels Pixels
	// probe is, per scene, a plane that the scene fills: where it is NaN, the scene has no data. −1: none of the roles.
	probe []int
	// strict makes an unreadable scene an error; otherwise it is a gap.
	strict bool
	// failed is told of each unreadable window, possibly concurrently.
	failed func(ReadFailure)
}

// ReadFailure is a window of a scene that could not be read: its pixels are unobserved.
type ReadFailure struct {
	Scene  string        `json:"scene"`
	Window raster.Window `json:"window"`
	Error  string        `json:"error"`
}

func newMosaic(scenes []raster.Scene, roles []raster.Role, px Pixels) *mosaic {
	m := &mosaic{scenes: scenes, roles: roles, pixels: px, probe: make([]int, len(scenes))}
	for i, s := range scenes {
		m.probe[i] = -1
		for k, r := range roles {
			if s.Has(r) {
				m.probe[i] = k
				break
			}
		}
	}
	return m
}

// Values of a pixel's source that are not a scene's number. They are negative so that scenes start at 0.
const (
	fromOutside    int32 = -1 // no scene covers the pixel
	fromNoData     int32 = -2 // a scene covers it without a valid value
	fromUnreadable int32 = -3 // the scene that covers it could not be read
)

// reasonOf says why a pixel has no value.
func reasonOf(from int32) object.Reason {
	switch from {
	case fromOutside:
		return object.Outside
	case fromNoData:
		return object.NoData
	case fromUnreadable:
		return object.Unreadable
	}
	return object.None
}

// read fills b's planes with the roles over w, and from with the number of the scene each pixel comes from.
func (m *mosaic) read(ctx context.Context, w raster.Window, b, scratch *raster.Block, from []int32) error {
	b.Reset(w, len(m.roles))
	raster.Fill(from, fromOutside)
	left := len(from)
	first := true
	for i := range m.scenes {
		cover := m.pixels.Footprint(i).Intersect(w)
		if cover.Empty() || m.probe[i] < 0 {
			continue
		}
		into := b
		if !first {
			scratch.Reset(w, len(m.roles))
			into = scratch
		}
		if err := m.pixels.Read(ctx, i, w, into.Planes); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			err = fmt.Errorf("scene %s, window %v: %w", m.scenes[i].URI, w, err)
			if m.strict {
				return err
			}
			m.failed(ReadFailure{m.scenes[i].ID, w, errors.Unwrap(err).Error()})
			mark(from, w, cover, fromUnreadable)
			continue
		}
		left -= m.merge(b, into, i, cover, from)
		first = false
		if left == 0 {
			return nil
		}
	}
	if first {
		for _, p := range b.Planes {
			raster.Fill(p, raster.NaN)
		}
	}
	return nil
}

// mark notes why the pixels of cover that have no scene yet have none.
func mark(from []int32, w, cover raster.Window, why int32) {
	for y := cover.Y; y < cover.Y+cover.H; y++ {
		o := (y-w.Y)*w.W + cover.X - w.X
		for i, f := range from[o : o+cover.W] {
			if f == fromOutside || f == fromNoData {
				from[o+i] = why
			}
		}
	}
}

// merge takes the valid pixels of scene i in part that b does not have yet, and returns how many they were.
func (m *mosaic) merge(b, part *raster.Block, scene int, cover raster.Window, from []int32) int {
	taken := 0
	probe := part.Planes[m.probe[scene]]
	for y := cover.Y; y < cover.Y+cover.H; y++ {
		o := (y-b.Y)*b.W + cover.X - b.X
		for k := o; k < o+cover.W; k++ {
			if from[k] >= 0 {
				continue
			}
			if v := probe[k]; v != v {
				if from[k] == fromOutside {
					from[k] = fromNoData
				}
				continue
			}
			from[k] = int32(scene)
			taken++
			if part != b {
				for p := range b.Planes {
					b.Planes[p][k] = part.Planes[p][k]
				}
			}
		}
	}
	return taken
}
