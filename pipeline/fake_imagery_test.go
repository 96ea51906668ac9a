package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"sync/atomic"

	"tuban/raster"
)

var errDisk = errors.New("the disk is gone")

// rasterFile is a raster file in memory: a plane per role over a window of the run's lattice.
type rasterFile struct {
	place  raster.Window // on the lattice that has its origin at pixel 0, 0 of testGrid
	planes map[raster.Role][]float32
	broken bool // every read fails
	// damaged is a part, in the lattice's pixels, that no read may touch.
	damaged raster.Window
}

// images is Imagery over float32 arrays.
type images struct {
	origin raster.Grid
	files  map[string]*rasterFile
	info   map[string]raster.Info
	// broken are files that cannot be opened.
	broken map[string]error
	// reads counts calls of Read; beforeRead, when set, is asked first.
	reads      atomic.Int64
	beforeRead func(n int64) error
}

func (im *images) Inspect(_ context.Context, uri string) (raster.Info, error) {
	if err := im.broken[uri]; err != nil {
		return raster.Info{}, err
	}
	if info, ok := im.info[uri]; ok {
		return info, nil
	}
	return raster.Info{}, fmt.Errorf("%s: %w", uri, fs.ErrNotExist)
}

func (im *images) Open(g raster.Grid, scenes []raster.Scene, roles []raster.Role, _ int64) (Pixels, error) {
	dx, dy, ok := im.origin.Offset(g)
	if !ok {
		return nil, fmt.Errorf("grid %v is off the lattice", g)
	}
	px := &imagePixels{im: im, scenes: scenes, roles: roles, shift: [2]int{-dx, -dy}, grid: g.Window()}
	for _, s := range scenes {
		f := im.files[s.URI]
		if f == nil {
			return nil, fmt.Errorf("%s: no such file", s.URI)
		}
		px.files = append(px.files, f)
	}
	return px, nil
}

func (im *images) Preview(context.Context, raster.Scene, raster.Grid, []raster.Role) ([][]float32, error) {
	return nil, errors.New("no previews here")
}

func (im *images) WriteValues(context.Context, string, string, raster.Grid, func(raster.Window, []float32) error) error {
	return errors.New("no values here")
}

func (im *images) WriteMask(context.Context, string, raster.Grid, iter.Seq[raster.Span]) error {
	return errors.New("no masks here")
}

type imagePixels struct {
	im     *images
	scenes []raster.Scene
	files  []*rasterFile
	roles  []raster.Role
	shift  [2]int
	grid   raster.Window
}

// Absent is certain of all that Read says, but of damage.
func (p *imagePixels) Absent(_ context.Context, scene int, w raster.Window) (bool, error) {
	f := p.files[scene]
	if f.broken || !f.damaged.Empty() {
		return false, nil
	}
	for y := range w.H {
		for x := range w.W {
			v := f.at(p.roles, w.X+x-p.shift[0], w.Y+y-p.shift[1])
			if slices.ContainsFunc(v, func(v float32) bool { return v == v }) {
				return false, nil
			}
		}
	}
	return true, nil
}

func (p *imagePixels) Ahead(context.Context, int, []raster.Window) {}

func (p *imagePixels) Footprint(scene int) raster.Window {
	return p.files[scene].place.Shift(p.shift[0], p.shift[1]).Intersect(p.grid)
}

func (p *imagePixels) Whole(scene int, w raster.Window) bool {
	f := p.files[scene]
	for y := range w.H {
		for x := range w.W {
			v := f.at(p.roles, w.X+x-p.shift[0], w.Y+y-p.shift[1])
			if !slices.ContainsFunc(v, func(v float32) bool { return v == v }) {
				return false
			}
		}
	}
	return p.scenes[scene].Collar == nil
}

func (p *imagePixels) Lattice(int) raster.Window { return raster.Window{W: 256, H: 256} }

func (p *imagePixels) Read(ctx context.Context, scene int, w raster.Window, dst [][]float32) error {
	n := p.im.reads.Add(1)
	if p.im.beforeRead != nil {
		if err := p.im.beforeRead(n); err != nil {
			return err
		}
	}
	f := p.files[scene]
	for i := range dst {
		if len(dst[i]) != int(w.Pixels()) {
			return fmt.Errorf("plane of %d pixels for %v", len(dst[i]), w)
		}
		// What a failed read leaves is not to be used.
		raster.Fill(dst[i], 1000)
	}
	// As a decoder does: damage anywhere in a cell of the lattice makes the cell unreadable.
	cell := p.Lattice(scene)
	for _, t := range raster.Tiles(raster.Grid{W: 4 * cell.W, H: 4 * cell.H}, cell.W, 0) {
		damaged := !f.damaged.Shift(p.shift[0], p.shift[1]).Intersect(t.Core).Empty()
		if damaged && !t.Core.Intersect(p.Footprint(scene)).Intersect(w).Empty() {
			return errDisk
		}
	}
	if f.broken {
		return errDisk
	}
	for y := range w.H {
		for x := range w.W {
			v := f.at(p.roles, w.X+x-p.shift[0], w.Y+y-p.shift[1])
			if c := p.scenes[scene].Collar; c != nil {
				in := make([]bool, 1)
				c.Mark(in, raster.Window{X: w.X + x - p.shift[0] - f.place.X, Y: w.Y + y - p.shift[1] - f.place.Y, W: 1, H: 1})
				if in[0] {
					raster.Fill(v, raster.NaN)
				}
			}
			for i := range dst {
				dst[i][y*w.W+x] = v[i]
			}
		}
	}
	return ctx.Err()
}

func (p *imagePixels) Close() error { return nil }

// at returns the roles' values at a pixel of the lattice: all NaN where one of those that the file has is.
func (f *rasterFile) at(roles []raster.Role, x, y int) []float32 {
	v := make([]float32, len(roles))
	raster.Fill(v, raster.NaN)
	x, y = x-f.place.X, y-f.place.Y
	if x < 0 || y < 0 || x >= f.place.W || y >= f.place.H {
		return v
	}
	for i, r := range roles {
		if plane := f.planes[r]; plane != nil {
			if v[i] = plane[y*f.place.W+x]; v[i] != v[i] {
				raster.Fill(v, raster.NaN)
				return v
			}
		}
	}
	return v
}
