package pipeline

import (
	"context"
	"math"

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
	// origin is the number of each scene's origin; where seams has an entry, that of a pixel comes from there.
	origin []int32
	seams  []*seams
	// clouds are the scenes' cloud masks, masks reads those that are rasters. Either slice may be nil.
	clouds []*cloudMask
	masks  Pixels
	// guess is what else hides the land in them; nil for nothing.
	guess *guessed
	// rasters are the date's probabilities; probing makes a value that is none an error, otherwise it is unknown.
	rasters []believed
	probing bool
	// strict makes an unreadable scene an error; otherwise it is a gap.
	strict bool
	// failed is told of each unreadable window.
	failed func(ReadFailure)
	// one says that all of what was read last has one origin.
	one bool

	origins, hidden []int32      // per pixel of a window: its origin in a scene, why it is hidden there
	mask, belief    raster.Block // of clouds, of a probability

	left, here []raster.Window // of ahead: windows that no scene shows so far, those that one does
}

// ReadFailure is a window of a scene that could not be read: its pixels are unobserved.
type ReadFailure struct {
	Scene  string        `json:"scene"`
	Window raster.Window `json:"window"`
	Error  string        `json:"error"`
}

func newMosaic(scenes []raster.Scene, roles []raster.Role, px Pixels) *mosaic {
	m := &mosaic{scenes: scenes, roles: roles, pixels: px, probe: make([]int, len(scenes)), origin: make([]int32, len(scenes))}
	for i, s := range scenes {
		m.probe[i], m.origin[i] = -1, int32(i)
		for k, r := range roles {
			if s.Has(r) {
				m.probe[i] = k
				break
			}
		}
	}
	return m
}

// Values of a pixel's source that are not an origin's number. They are negative so that origins start at 0, and in order of
// precedence: of several scenes without a value for a pixel, the one with the lowest says why. What could not be read may have
// shown anything; behind a cloud there is land that another day shows; a scene without the bands never will.
const (
	fromOutside    int32 = -1 // no scene covers the pixel
	fromNoData     int32 = -2 // a scene covers it without a valid value, or without a day
	fromUnfit      int32 = -3 // the scene that covers it has none of the bands
	fromShadow     int32 = -4 // the scene shows the shadow of a cloud
	fromCloud      int32 = -5 // the scene shows a cloud
	fromUnreadable int32 = -6 // the scene that covers it, or its cloud mask, could not be read
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
	case fromUnfit:
		return object.NotJudgeable
	case fromShadow:
		return object.Shadow
	case fromCloud:
		return object.Cloud
	}
	return object.None
}

// read fills b's planes with the roles over w, and from with the number of the origin each pixel comes from.
func (m *mosaic) read(ctx context.Context, w raster.Window, b, scratch *raster.Block, from []int32) error {
	if err := m.readScenes(ctx, w, b, scratch, from); err != nil {
		return err
	}
	return m.believe(ctx, w, b, from)
}

// readScenes is read without the probabilities.
func (m *mosaic) readScenes(ctx context.Context, w raster.Window, b, scratch *raster.Block, from []int32) error {
	b.Reset(w, len(m.roles))
	i, ok := m.only(w)
	if m.one = ok && m.pixels.Read(ctx, i, w, b.Planes) == nil; m.one {
		raster.Fill(from, m.origin[i])
		return nil
	}
	raster.Fill(from, fromOutside)
	left := len(from)
	first := true
	for i := range m.scenes {
		cover := m.pixels.Footprint(i).Intersect(w)
		if cover.Empty() {
			continue
		}
		if m.probe[i] < 0 {
			mark(from, w, cover, fromUnfit)
			continue
		}
		// What fails here fails in Read as well, which knows what to make of it.
		if gone, err := m.pixels.Absent(ctx, i, cover); err == nil && gone {
			mark(from, w, cover, fromNoData)
			continue
		}
		into := b
		if !first {
			scratch.Reset(w, len(m.roles))
			into = scratch
		}
		var lost []raster.Window
		if err := m.pixels.Read(ctx, i, w, into.Planes); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if unavailable(err) {
				return err
			}
			if m.strict {
				return badInput("scene %s, window %v: %w", m.scenes[i].URI, w, err)
			}
			if lost, err = m.salvage(ctx, m.pixels, i, cover, into, m.lose(i, "")); err != nil {
				return err
			}
		}
		if first && lost == nil && !m.hides(i) && m.pixels.Whole(i, w) {
			raster.Fill(from, m.origin[i])
			m.one = true
			return nil
		}
		if err := m.hide(ctx, i, cover, into, from); err != nil {
			return err
		}
		left -= m.merge(b, into, i, cover, from)
		for _, l := range lost {
			mark(from, w, l.Intersect(cover), fromUnreadable)
		}
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

// only returns the first scene over w if it is known to show all of it, as it mostly is once a part of its block was read.
func (m *mosaic) only(w raster.Window) (scene int, ok bool) {
	for i := range m.scenes {
		if cover := m.pixels.Footprint(i).Intersect(w); !cover.Empty() {
			return i, cover == w && m.probe[i] >= 0 && !m.hides(i) && m.pixels.Whole(i, w)
		}
	}
	return 0, false
}

// ahead has what windows will show of the scenes decoded together: of each, the first scene that it may see. It changes when
// things are read, nothing else; what fails, fails again in read.
func (m *mosaic) ahead(ctx context.Context, windows []raster.Window) {
	if len(windows) < 2 {
		return
	}
	m.left = append(m.left[:0], windows...)
	for i := 0; i < len(m.scenes) && len(m.left) > 0; i++ {
		left := m.left[:0]
		m.here = m.here[:0]
		for _, w := range m.left {
			cover := m.pixels.Footprint(i).Intersect(w)
			gone := cover.Empty() || m.probe[i] < 0
			if !gone {
				absent, err := m.pixels.Absent(ctx, i, cover)
				gone = err == nil && absent
			}
			if gone {
				left = append(left, w)
			} else {
				m.here = append(m.here, cover)
			}
		}
		m.left = left
		if len(m.here) > 1 {
			m.pixels.Ahead(ctx, i, m.here)
		}
	}
}

// lose returns what notes an unreadable window of a scene, or of what belongs to it.
func (m *mosaic) lose(scene int, what string) func(raster.Window, error) {
	return func(w raster.Window, err error) { m.failed(ReadFailure{m.scenes[scene].ID, w, what + err.Error()}) }
}

// salvage fills part with what px can read of its scene, and returns the cells that cannot be read. They are those in which the
// scene is decoded, and tried as a whole, so that what is lost does not depend on the window that was asked for.
func (m *mosaic) salvage(ctx context.Context, px Pixels, scene int, cover raster.Window, part *raster.Block, failed func(raster.Window, error)) (lost []raster.Window, err error) {
	for _, p := range part.Planes {
		raster.Fill(p, raster.NaN)
	}
	first := px.Lattice(scene)
	// The lattice may begin to the right of the window or below it.
	start := func(at, origin, size int) int { return origin + int(math.Floor(float64(at-origin)/float64(size)))*size }
	var cell raster.Block
	for y := start(cover.Y, first.Y, first.H); y < cover.Y+cover.H; y += first.H {
		for x := start(cover.X, first.X, first.W); x < cover.X+cover.W; x += first.W {
			c := raster.Window{X: x, Y: y, W: first.W, H: first.H}.Intersect(px.Footprint(scene))
			cell.Reset(c, len(part.Planes))
			if err := px.Read(ctx, scene, c, cell.Planes); err != nil {
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
				if unavailable(err) {
					return nil, err
				}
				failed(c, err)
				lost = append(lost, c)
				continue
			}
			in := c.Intersect(cover)
			for i, p := range part.Planes {
				for row := in.Y; row < in.Y+in.H; row++ {
					o := (row-part.Y)*part.W + in.X - part.X
					copy(p[o:o+in.W], cell.Row(i, row)[in.X-c.X:])
				}
			}
		}
	}
	return lost, nil
}

// mark notes why the pixels of cover that have no origin yet have none.
func mark(from []int32, w, cover raster.Window, why int32) {
	for y := cover.Y; y < cover.Y+cover.H; y++ {
		o := (y-w.Y)*w.W + cover.X - w.X
		for i, f := range from[o : o+cover.W] {
			if why < f && f < 0 {
				from[o+i] = why
			}
		}
	}
}

// merge takes the valid pixels of scene i in part that b does not have yet, and returns how many they were.
func (m *mosaic) merge(b, part *raster.Block, scene int, cover raster.Window, from []int32) int {
	taken := 0
	probe := part.Planes[m.probe[scene]]
	seamed := m.seamed(scene)
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
			if from[k] = m.origin[scene]; seamed {
				from[k] = m.origins[k]
			}
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
