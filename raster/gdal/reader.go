package gdal

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"

	"tuban/raster"
)

// defaultReaderCache holds the decoded pixels of a few tiles of four bands.
const defaultReaderCache = 256 << 20

// ReaderOptions says what a Reader delivers.
type ReaderOptions struct {
	// Roles are the planes of Read, in their order.
	Roles []raster.Role
	// CacheBytes bounds the decoded pixels that are kept; 0 means 256 MiB.
	CacheBytes int64
	// Resampling is GDAL's name of the method by which scenes off the run's grid are warped; "" means bilinear.
	Resampling string
	// Sketches take what is decoded for a picture; may be nil.
	Sketches *Sketches
}

// kernelRadius is the reach of each resampling method in source pixels.
var kernelRadius = map[string]int{"near": 1, "bilinear": 1, "cubic": 2, "cubicspline": 2, "lanczos": 3, "average": 1}

func (o ReaderOptions) withDefaults() (ReaderOptions, error) {
	if o.CacheBytes <= 0 {
		o.CacheBytes = defaultReaderCache
	}
	// Bilinear neither rings at edges nor moves them by half a pixel.
	if o.Resampling == "" {
		o.Resampling = "bilinear"
	}
	if kernelRadius[o.Resampling] == 0 {
		return o, fmt.Errorf("unknown resampling %q: near, bilinear, cubic, cubicspline, lanczos or average", o.Resampling)
	}
	return o, nil
}

// Reader reads windows of scenes on the run's grid as float32 planes. Scenes on the grid's lattice are copied sample
// by sample, others warped; what is no data in any of the roles that a scene has of those asked for is NaN in all.
// The value of a pixel does not depend on the window it was read with. Safe for concurrent use.
type Reader struct {
	grid    raster.Grid
	roles   []raster.Role
	sources []*placed
	cache   *cache
	decoded atomic.Int64
	handles handles
}

// placed is a scene as seen from the run's grid.
type placed struct {
	raster.Scene
	sampler
	siblings []string
	trust    trust
	// plane is the plane of each role among those of the scene's chunks, -1 where the scene lacks it.
	plane []int
	// The scene's first pixel lies at (dx, dy) of the run's grid; only when direct.
	direct bool
	dx, dy int
	// absent remembers which chunks the file does not store, whole in which of them every pixel has a value.
	absent, whole chunkBits
	// drawn takes what is decoded; nil when nobody draws the scene.
	drawn *sketch
	// footprint is on the run's grid, need is the part of the file that it can want.
	footprint, need raster.Window
	chunkW, chunkH  int
	warp            warping
}

// NewReader prepares scenes for reading on the grid g. No file is opened yet.
func NewReader(g raster.Grid, scenes []raster.Scene, o ReaderOptions) (*Reader, error) {
	setup()
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	r := &Reader{grid: g, roles: o.Roles, cache: newCache(o.CacheBytes)}
	for _, s := range scenes {
		src, err := newPlaced(g, s, o)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.URI, err)
		}
		src.drawn = o.Sketches.of(src)
		r.sources = append(r.sources, src)
	}
	return r, nil
}

func newPlaced(g raster.Grid, s raster.Scene, o ReaderOptions) (*placed, error) {
	if s.Native.W <= 0 || s.Native.H <= 0 || !usable(s.Native.Transform) {
		return nil, fmt.Errorf("the image has no georeference: add a geotransform (a world file, or gdal_edit.py -a_ullr MINX MAXY MAXX MINY FILE)")
	}
	src := &placed{Scene: s, siblings: siblings(s.URI)}
	var bands []raster.Band
	for _, role := range o.Roles {
		if b, ok := s.Bands[role]; ok {
			src.plane = append(src.plane, len(bands))
			bands = append(bands, b)
		} else {
			src.plane = append(src.plane, -1)
		}
	}
	var err error
	if src.sampler, err = newSampler(s, bands); err != nil {
		return nil, err
	}
	if err := checkBlock(max(s.BlockW, 1), max(s.BlockH, 1), bytesOf(s.DataType)*max(1, len(bands))); err != nil {
		return nil, err
	}
	if s.Nearest {
		o.Resampling = "near"
	}
	src.chunkW, src.chunkH = chunkSize(s)
	src.need = s.Native.Window()
	if x, y, ok := g.Offset(s.Native); ok {
		src.direct, src.dx, src.dy = true, x, y
		src.footprint = s.Native.Window().Shift(x, y).Intersect(g.Window())
		src.need = src.footprint.Shift(-x, -y)
		return src, nil
	}
	if src.footprint, err = warpedFootprint(g, s.Native); err != nil {
		return nil, err
	}
	if !src.footprint.Empty() {
		src.warp, err = newWarping(g, s.Native, src.footprint, o.Resampling)
	}
	return src, err
}

// chunkSize returns the size of the pieces in which a file is decoded: whole blocks, because part of a block costs as
// much as all of it, and enough of them to be worth a call.
func chunkSize(s raster.Scene) (w, h int) {
	const (
		tile    = 256
		rows    = 16
		pixels  = 1 << 16
		largest = 1 << 24
	)
	bw, bh := max(s.BlockW, 1), max(s.BlockH, 1)
	up := func(n, multiple int) int { return (n + multiple - 1) / multiple * multiple }
	if bw < s.Native.W {
		w, h = up(tile, bw), up(tile, bh)
	} else {
		w = s.Native.W
		h = up(max(rows, pixels/w), bh)
	}
	w, h = min(w, s.Native.W), min(h, s.Native.H)
	// A block can be the whole image; it is then kept in parts, and GDAL keeps what it can of the rest.
	if int64(w)*int64(h) > largest {
		w = min(w, largest)
		h = max(1, largest/w)
	}
	return w, h
}

// Footprint returns the part of the run's grid in which the scene can have pixels; outside of it Read yields NaN.
func (r *Reader) Footprint(scene int) raster.Window { return r.sources[scene].footprint }

// Lattice returns the first cell of the lattice in which the scene is decoded, on the run's grid: the chunks of a file on
// the grid, else those that are warped. A read fails as a whole, for what lies in any cell that it touches.
func (r *Reader) Lattice(scene int) raster.Window {
	s := r.sources[scene]
	if s.direct {
		return raster.Window{X: s.dx, Y: s.dy, W: s.chunkW, H: s.chunkH}
	}
	return raster.Window{W: lattice, H: lattice}
}

// Read fills dst, one plane per role over w row by row, with the values of the scene. NaN is no data, outside of the
// scene, or a role that the scene lacks. A nil plane is left out. Damage in the file is a *ReadError; the planes'
// content is then unspecified.
// It panics when dst does not fit the roles and w.
func (r *Reader) Read(ctx context.Context, scene int, w raster.Window, dst [][]float32) error {
	if len(dst) != len(r.roles) {
		panic("gdal: Reader.Read: one plane per role is needed")
	}
	s := r.sources[scene]
	planes := make([][]float32, len(s.bands))
	wanted := false
	inside := s.footprint.Intersect(w)
	for i, p := range dst {
		if p == nil {
			continue
		}
		if int64(len(p)) != w.Pixels() {
			panic("gdal: Reader.Read: a plane has not the size of the window")
		}
		if s.plane[i] < 0 || inside != w {
			raster.Fill(p, raster.NaN)
		}
		if s.plane[i] >= 0 {
			planes[s.plane[i]] = p
			wanted = true
		}
	}
	if !wanted || inside.Empty() {
		return ctx.Err()
	}
	if s.direct {
		return r.readNative(ctx, scene, inside.Shift(-s.dx, -s.dy), w.Shift(-s.dx, -s.dy), planes)
	}
	return r.eachChunk(ctx, inside, lattice, lattice, func(cx, cy int) (*chunk, error) {
		return r.cache.acquire(ctx, chunkKey{scene: scene, warped: true, x: cx, y: cy}, func(k *chunk) error {
			return r.warpCell(ctx, scene, k)
		})
	}, w, planes)
}

// readNative copies the part want of a scene, in its own pixels, into planes over w.
func (r *Reader) readNative(ctx context.Context, scene int, want, w raster.Window, planes [][]float32) error {
	s := r.sources[scene]
	return r.eachChunk(ctx, want, s.chunkW, s.chunkH, func(cx, cy int) (*chunk, error) {
		key := chunkKey{scene: scene, x: cx, y: cy}
		c := s.chunkWindow(cx, cy)
		if e := edgeOf(c, c.Intersect(want)); e != noEdge {
			edge := key
			edge.edge = e
			if k := r.cache.peek(edge); k != nil {
				return k, nil
			}
		}
		return r.cache.acquire(ctx, key, func(k *chunk) error { return r.decode(scene, k) })
	}, w, planes)
}

// eachChunk copies the pixels of want from the chunks of a lattice into planes over w.
func (r *Reader) eachChunk(ctx context.Context, want raster.Window, cw, ch int, get func(cx, cy int) (*chunk, error), w raster.Window, planes [][]float32) error {
	for cy := want.Y / ch; cy*ch < want.Y+want.H; cy++ {
		for cx := want.X / cw; cx*cw < want.X+want.W; cx++ {
			if err := ctx.Err(); err != nil {
				return err
			}
			k, err := get(cx, cy)
			if err != nil {
				return err
			}
			part := k.Window.Intersect(want)
			k.values(planes, w, part)
			r.cache.release(k)
		}
	}
	return nil
}

// copyWindow copies the pixels of part from src over sw to dst over dw.
func copyWindow(dst []float32, dw raster.Window, src []float32, sw, part raster.Window) {
	for y := part.Y; y < part.Y+part.H; y++ {
		d := (y-dw.Y)*dw.W + part.X - dw.X
		s := (y-sw.Y)*sw.W + part.X - sw.X
		copy(dst[d:d+part.W], src[s:s+part.W])
	}
}

// handle returns an open handle of the scene, to be given back with put.
func (r *Reader) handle(scene int) (*handle, error) {
	return r.handles.get(scene, func() (*handle, error) {
		s := r.sources[scene]
		f, err := s.open()
		if err != nil {
			return nil, err
		}
		h := &handle{scene: scene, image: f}
		if !s.direct {
			if h.toNative, err = newTransformer(r.grid.CRS, s.Native.CRS); err != nil {
				h.close()
				return nil, err
			}
		}
		return h, nil
	})
}

// open opens the scene's file. It may have been replaced since it was inspected, and its pixels would then lie elsewhere.
func (s *placed) open() (f image, err error) {
	ds, err := open(s.URI, s.siblings)
	if err != nil {
		return f, err
	}
	if st := ds.Structure(); st.SizeX != s.Native.W || st.SizeY != s.Native.H || st.NBands < s.bandsNeeded() {
		ds.Close(policy)
		return f, fmt.Errorf("the file has changed since it was inspected: %d × %d pixels in %d bands now: run again", st.SizeX, st.SizeY, st.NBands)
	}
	f = image{ds: ds, trust: &s.trust}
	err = leaf(Op{What: "open", URI: s.URI}, s.siblings, func() error {
		f.blocks = openBlocks(ds, s.URI, s.form)
		return nil
	})
	if err != nil {
		f.close()
	}
	return f, err
}

// bandsNeeded is the number of bands that a file must have for d.
func (d sampler) bandsNeeded() int {
	n := d.alpha
	for _, b := range d.bands {
		n = max(n, b.Index)
	}
	return n
}

// Decoded returns how many pixels of files were decoded so far, each in all of its bands.
func (r *Reader) Decoded() int64 { return r.decoded.Load() }

// Close closes the files, and gives back the memory of what was decoded. Reads that are under way end undisturbed; later ones
// fail.
func (r *Reader) Close() error {
	r.handles.close()
	r.cache.close()
	scratches.forget()
	arrivalsIdle.forget()
	return nil
}

// lattice is the edge, in pixels of the run's grid, of the cells in which scenes off the grid are warped.
const lattice = 512

// warpedFootprint returns where the grid n lies on g; one pixel more on each side, because edges bend.
func warpedFootprint(g, n raster.Grid) (raster.Window, error) {
	b, err := TransformBounds(n.CRS, g.CRS, n.Bounds(n.Window()))
	if err != nil {
		return raster.Window{}, fmt.Errorf("its extent cannot be expressed in the run's coordinate reference system: %w", err)
	}
	// An edge of an image bends by less than a tenth of its length; between two of twenty points, by 1/400 of that.
	slack := 0.1 / 400 * math.Max(b.MaxX-b.MinX, b.MaxY-b.MinY)
	b = b.Extend(b.MinX-slack, b.MinY-slack).Extend(b.MaxX+slack, b.MaxY+slack)
	w := g.Cover(b)
	if w.Empty() {
		return w, nil
	}
	return w.Grow(1).Intersect(g.Window()), nil
}
