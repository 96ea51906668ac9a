package gdal

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"sync"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

// maxWarpSource bounds the source pixels that one call of the warper sees; a cell that needs more, because the scene
// is finer than the run's grid, is warped in halves, always the same ones. The plan of a run counts on it (pipeline.warpSource).
const maxWarpSource = 1 << 20

// blocks are what warping and previews need for their duration. Their content is unspecified.
var blocks = sync.Pool{New: func() any { return new(raster.Block) }}

// borrow returns a block of n planes over w, to be given back with blocks.Put.
func borrow(w raster.Window, n int) *raster.Block {
	b := blocks.Get().(*raster.Block)
	b.Reset(w, n)
	return b
}

// warping is how a scene off the run's grid gets onto it.
type warping struct {
	resampling string
	// xScale and yScale are run pixels per scene pixel, at most 1. They widen the kernel where the scene is finer than the grid,
	// and are fixed for the whole scene: GDAL would else derive them from each window anew.
	xScale, yScale float64
	// margin is the number of scene pixels around a cell's own that its values may depend on.
	margin int
}

func newWarping(g, native raster.Grid, footprint raster.Window, resampling string) (warping, error) {
	t, err := newTransformer(g.CRS, native.CRS)
	if err != nil {
		return warping{}, err
	}
	defer t.Close()
	cx, cy := float64(footprint.X)+float64(footprint.W)/2, float64(footprint.Y)+float64(footprint.H)/2
	xs, ys := make([]float64, 3), make([]float64, 3)
	for i, d := range [3][2]float64{{0, 0}, {1, 0}, {0, 1}} {
		xs[i], ys[i] = g.Point(cx+d[0], cy+d[1])
	}
	t.apply(xs, ys)
	for i := range xs {
		xs[i], ys[i] = native.Pixel(xs[i], ys[i])
		if math.IsNaN(xs[i]) || math.IsNaN(ys[i]) {
			return warping{}, fmt.Errorf("the middle of its extent has no place in its own coordinate reference system: check the system that the file declares")
		}
	}
	step := func(v []float64) float64 { return math.Max(math.Abs(v[1]-v[0]), math.Abs(v[2]-v[0])) }
	scale := func(step float64) float64 {
		// Nearly equal pixels are no reduction: a smoothed image would be compared with a sharp one.
		if s := 1 / step; s < 0.95 {
			return s
		}
		return 1
	}
	w := warping{resampling: resampling, xScale: scale(step(xs)), yScale: scale(step(ys))}
	reach := float64(kernelRadius[resampling]) / math.Min(w.xScale, w.yScale)
	w.margin = int(math.Ceil(reach)) + 2
	return w, nil
}

// warpCell warps the cell of the run's lattice that k.key names.
func (r *Reader) warpCell(ctx context.Context, scene int, k *chunk) error {
	s := r.sources[scene]
	cell := raster.Window{X: k.key.x * lattice, Y: k.key.y * lattice, W: lattice, H: lattice}.Intersect(r.grid.Window())
	r.cache.memory(k, cell, len(s.bands), asValues)
	h, err := r.handle(scene)
	if err != nil {
		return &ReadError{URI: s.URI, Window: s.Native.Window(), Err: err}
	}
	err = r.warpPart(ctx, scene, h, cell, k)
	r.handles.put(h, err != nil)
	return err
}

// warpPart warps the part w of the cell k.
func (r *Reader) warpPart(ctx context.Context, scene int, h *handle, w raster.Window, k *chunk) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s := r.sources[scene]
	from := sourceWindow(r.grid, w, s.Native, h.toNative, s.warp.margin)
	if from.Empty() {
		for _, p := range k.planes {
			for y := w.Y; y < w.Y+w.H; y++ {
				o := (y-k.Y)*k.W + w.X - k.X
				raster.Fill(p[o:o+w.W], raster.NaN)
			}
		}
		return nil
	}
	if from.Pixels() > maxWarpSource && w.Pixels() > 1 {
		a, b := w, w
		if w.W >= w.H {
			a.W = w.W / 2
			b.X, b.W = w.X+a.W, w.W-a.W
		} else {
			a.H = w.H / 2
			b.Y, b.H = w.Y+a.H, w.H-a.H
		}
		if err := r.warpPart(ctx, scene, h, a, k); err != nil {
			return err
		}
		return r.warpPart(ctx, scene, h, b, k)
	}
	in := borrow(from, len(s.bands))
	defer blocks.Put(in)
	if err := r.readNative(ctx, scene, from, from, in.Planes); err != nil {
		return err
	}
	out := borrow(w, len(s.bands))
	defer blocks.Put(out)
	err := leaf(Op{What: "warp", URI: s.URI, Window: from}, s.siblings, func() error {
		return warpBlock(out, r.grid, in, s.Native, s.warp)
	})
	if err != nil {
		return &ReadError{URI: s.URI, Window: from, Err: fmt.Errorf("warping: %w", err)}
	}
	for i, p := range k.planes {
		copyWindow(p, k.Window, out.Planes[i], w, w)
	}
	return nil
}

// sourceWindow returns the pixels of native that the window w of g can depend on.
func sourceWindow(g raster.Grid, w raster.Window, native raster.Grid, toNative *transformer, margin int) raster.Window {
	// A mesh over the whole window, not its edge alone: a pole or a fold lies inside.
	const mesh = 21
	xs, ys := make([]float64, 0, mesh*mesh), make([]float64, 0, mesh*mesh)
	for j := range mesh {
		for i := range mesh {
			x, y := g.Point(float64(w.X)+float64(w.W)*float64(i)/(mesh-1), float64(w.Y)+float64(w.H)*float64(j)/(mesh-1))
			xs, ys = append(xs, x), append(ys, y)
		}
	}
	toNative.apply(xs, ys)
	b := raster.EmptyBounds()
	for i := range xs {
		x, y := native.Pixel(xs[i], ys[i])
		if !math.IsNaN(x) && !math.IsNaN(y) && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
			b = b.Extend(x, y)
		}
	}
	if b.Empty() {
		return raster.Window{}
	}
	clamp := func(v float64, n int) int { return int(math.Max(0, math.Min(v, float64(n)))) }
	m := float64(margin)
	x0, y0 := clamp(math.Floor(b.MinX-m), native.W), clamp(math.Floor(b.MinY-m), native.H)
	x1, y1 := clamp(math.Ceil(b.MaxX+m), native.W), clamp(math.Ceil(b.MaxY+m), native.H)
	if x1 <= x0 || y1 <= y0 {
		return raster.Window{}
	}
	return raster.Window{X: x0, Y: y0, W: x1 - x0, H: y1 - y0}
}

// warpBlock fills out, pixels of outGrid, with in, pixels of the grid inGrid; NaN is no data in both.
func warpBlock(out *raster.Block, outGrid raster.Grid, in *raster.Block, inGrid raster.Grid, w warping) error {
	src, err := memory(inGrid.Crop(in.Window), len(in.Planes))
	if err != nil {
		return err
	}
	defer src.Close(policy)
	for i, b := range src.Bands() {
		if err := b.Write(0, 0, in.Planes[i], in.W, in.H, policy); err != nil {
			return err
		}
	}
	dst, err := memory(outGrid.Crop(out.Window), len(out.Planes))
	if err != nil {
		return err
	}
	defer dst.Close(policy)
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	switches := []string{
		"-r", w.resampling,
		"-et", "0",
		"-srcnodata", "nan", "-dstnodata", "nan",
		"-wo", "INIT_DEST=NO_DATA",
		"-wo", "XSCALE=" + number(w.xScale), "-wo", "YSCALE=" + number(w.yScale),
		// A block must not be cut again by a memory limit: where it is cut is part of its values.
		"-wm", "2000",
		"-ovr", "NONE",
	}
	if err := dst.WarpInto([]*godal.Dataset{src}, switches, policy); err != nil {
		return err
	}
	for i, b := range dst.Bands() {
		if err := b.Read(0, 0, out.Planes[i], out.W, out.H, policy); err != nil {
			return err
		}
	}
	return nil
}

// memory creates a float32 dataset in memory on the grid g, all of it NaN, which is no data.
func memory(g raster.Grid, bands int) (*godal.Dataset, error) {
	ds, err := godal.Create(godal.Memory, "", bands, godal.Float32, g.W, g.H, policy)
	if err != nil {
		return nil, err
	}
	if err := locate(ds, g); err != nil {
		ds.Close(policy)
		return nil, err
	}
	for _, b := range ds.Bands() {
		err := b.SetNoData(math.NaN(), policy)
		if err == nil {
			// The warper leaves alone what it finds no source for, and new memory is 0, which would be a value.
			err = b.Fill(math.NaN(), 0, policy)
		}
		if err != nil {
			ds.Close(policy)
			return nil, err
		}
	}
	return ds, nil
}

// locate writes the grid's transform and reference system, if it has one, to ds.
func locate(ds *godal.Dataset, g raster.Grid) error {
	if g.Transform != ([6]float64{}) {
		if err := ds.SetGeoTransform(g.Transform, policy); err != nil {
			return err
		}
	}
	if g.CRS == "" {
		return nil
	}
	sr, err := parseCRS(g.CRS)
	if err != nil {
		return err
	}
	defer sr.Close()
	return ds.SetSpatialRef(sr, policy)
}
