package gdal

import (
	"context"
	"fmt"
	"sync"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

// Preview reads a scene onto any grid, however coarse, for people to look at: one plane per role over the whole of
// g, NaN where there is no data or the scene lacks the role. Unlike a Reader's, its values are averages, from the
// file's overviews where it has them; a scene that is Nearest gives picked pixels instead.
func Preview(ctx context.Context, scene raster.Scene, g raster.Grid, roles []raster.Role) ([][]float32, error) {
	return (*Sketches)(nil).Preview(ctx, scene, g, roles)
}

// Preview is the function Preview, which decodes no more than what k lacks.
func (k *Sketches) Preview(ctx context.Context, scene raster.Scene, g raster.Grid, roles []raster.Role) ([][]float32, error) {
	setup()
	out := raster.NewBlock(g.Window(), len(roles))
	o, err := ReaderOptions{Roles: roles}.withDefaults()
	if err != nil {
		return nil, err
	}
	s, err := newPlaced(g, scene, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", scene.URI, err)
	}
	if s.footprint.Empty() || len(s.bands) == 0 {
		return out.Planes, ctx.Err()
	}
	f, err := s.open()
	if err != nil {
		return nil, &ReadError{URI: s.URI, Window: s.need, Err: err}
	}
	defer f.close()
	from, warp := s.need, warping{resampling: "near", xScale: 1, yScale: 1, margin: 1}
	fx, fy := 1, 1
	var sk *sketch
	if !s.direct {
		if from, fx, fy, err = s.reduction(g); err != nil {
			return nil, fmt.Errorf("%s: %w", s.URI, err)
		}
		if from.Empty() {
			return out.Planes, ctx.Err()
		}
		if sk = k.of(s); sk.serves(s, from) {
			fx, fy = sk.fx, sk.fy
		} else {
			sk = nil
		}
		from = whole(from, fx, fy).Intersect(s.Native.Window())
		warp = s.warp
		warp.xScale, warp.yScale = min(1, warp.xScale*float64(fx)), min(1, warp.yScale*float64(fy))
	}
	small, grid, err := s.reduced(ctx, &f, from, fx, fy, sk)
	if err != nil {
		return nil, &ReadError{URI: s.URI, Window: from, Err: err}
	}
	defer blocks.Put(small)
	onGrid := small
	if s.direct {
		onGrid.Window = onGrid.Window.Shift(s.footprint.X, s.footprint.Y)
	} else {
		onGrid = borrow(s.footprint, len(s.bands))
		defer blocks.Put(onGrid)
		err := leaf(Op{What: "warp", URI: s.URI, Window: from}, s.siblings, func() error {
			return warpBlock(onGrid, g, small, grid, warp)
		})
		if err != nil {
			return nil, &ReadError{URI: s.URI, Window: from, Err: fmt.Errorf("warping: %w", err)}
		}
	}
	for i, p := range out.Planes {
		if k := s.plane[i]; k >= 0 {
			copyWindow(p, out.Window, onGrid.Planes[k], onGrid.Window, onGrid.Window)
		}
	}
	return out.Planes, nil
}

// reduction returns the part of the file that a picture on g, off the file's lattice, shows, and how many of its pixels become
// one before they are warped.
func (s *placed) reduction(g raster.Grid) (from raster.Window, fx, fy int, err error) {
	t, err := newTransformer(g.CRS, s.Native.CRS)
	if err != nil {
		return from, 0, 0, err
	}
	defer t.Close()
	from = sourceWindow(g, s.footprint, s.Native, t, s.warp.margin)
	return from, max(1, int(1/s.warp.xScale)), max(1, int(1/s.warp.yScale)), nil
}

// whole grows w to whole groups of fx × fy pixels, counted from the first of the file: what a group averages, and where
// it lies, is then the same for each part of a picture.
func whole(w raster.Window, fx, fy int) raster.Window {
	up := func(n, multiple int) int { return (n + multiple - 1) / multiple * multiple }
	x, y := w.X/fx*fx, w.Y/fy*fy
	return raster.Window{X: x, Y: y, W: up(w.X+w.W-x, fx), H: up(w.Y+w.H-y, fy)}
}

// previewSource is the edge in pixels of the part of the file that is averaged at once.
const previewSource = 1024

// slabs are the parts of files that are being averaged.
var slabs = sync.Pool{New: func() any { return new([]float32) }}

// reduced reads the window w of the file reduced fx and fy times, and the grid that the result lies on. The block is
// borrowed. What is decoded for it goes through sk, unless that is nil.
func (s *placed) reduced(ctx context.Context, f *image, w raster.Window, fx, fy int, sk *sketch) (*raster.Block, raster.Grid, error) {
	ceil := func(a, b int) int { return (a + b - 1) / b }
	b := borrow(raster.Window{W: ceil(w.W, fx), H: ceil(w.H, fy)}, len(s.bands))
	var coarse bool
	err := leaf(Op{What: "open", URI: s.URI}, s.siblings, func() error {
		coarse = s.coarse(f.ds, fx)
		return nil
	})
	switch {
	case err != nil:
	// Of categories there is no average: GDAL picks pixels, which needs no more than it picks.
	case s.Nearest || coarse || fx == 1 && fy == 1:
		err = s.averageOverviews(ctx, f, w, fx, fy, b)
	case s.form == asValues || fx*fy > largestGroup:
		err = s.averageParts(ctx, f, w, fx, fy, b)
	default:
		if sk == nil {
			sk = newSketch(s, w, fx, fy)
		}
		if err = s.complete(ctx, f, sk, w); err == nil {
			sk.means(b, w)
		}
	}
	if err != nil {
		blocks.Put(b)
		return nil, raster.Grid{}, err
	}
	g := s.Native.Crop(w)
	// The last column and row may cover less than the others; the whole is stretched over them, by less than a pixel.
	kx, ky := float64(w.W)/float64(b.W), float64(w.H)/float64(b.H)
	g.Transform[1], g.Transform[4] = g.Transform[1]*kx, g.Transform[4]*kx
	g.Transform[2], g.Transform[5] = g.Transform[2]*ky, g.Transform[5]*ky
	g.W, g.H = b.W, b.H
	return b, g, nil
}

// coarse reports whether the file has an overview that serves a picture reduced fx times. It is called within a leaf.
func (s *placed) coarse(ds *godal.Dataset, fx int) bool {
	ov := ds.Bands()[s.index[0]].Overviews()
	return len(ov) > 0 && ov[0].Structure().SizeX*2 >= s.Native.W/fx
}

// averageOverviews leaves the averaging to GDAL, which starts from the file's overviews.
func (s *placed) averageOverviews(ctx context.Context, f *image, w raster.Window, fx, fy int, b *raster.Block) error {
	cols, rows := min(b.W, max(1, previewSource/fx)), min(b.H, max(1, previewSource/fy))
	slab := slabs.Get().(*[]float32)
	defer slabs.Put(slab)
	*slab = sized(*slab, len(s.bands)*cols*rows)
	planes := make([][]float32, len(s.bands))
	for y := 0; y < b.H; y += rows {
		for x := 0; x < b.W; x += cols {
			if err := ctx.Err(); err != nil {
				return err
			}
			to := raster.Window{X: x, Y: y, W: cols, H: rows}.Intersect(b.Window)
			from := raster.Window{X: w.X + x*fx, Y: w.Y + y*fy, W: min(to.W*fx, w.W-x*fx), H: min(to.H*fy, w.H-y*fy)}
			n := int(to.Pixels())
			for i := range planes {
				planes[i] = (*slab)[i*n : (i+1)*n]
			}
			err := leaf(Op{What: "preview", URI: s.URI, Window: from}, s.siblings, func() error {
				return s.readReduced(f.ds, from, to.W, to.H, planes, (*slab)[:len(planes)*n])
			})
			if err != nil {
				return err
			}
			for i, p := range planes {
				copyWindow(b.Planes[i], b.Window, p, to, to)
			}
		}
	}
	return nil
}

// averageParts decodes the storage blocks in full and averages here values that have no sums as integers. Without overviews GDAL averages line by line
// and band by band, and decodes the blocks anew for each: measured on 20,000² pixels, three times the work.
func (s *placed) averageParts(ctx context.Context, f *image, w raster.Window, fx, fy int, b *raster.Block) error {
	cw, ch := chunkSize(s.Scene)
	cw = max(cw, previewSource/cw*cw)
	ch = max(ch, min(previewSource, previewSource*previewSource/cw)/ch*ch)
	counts := make([]int32, b.Pixels())
	for _, p := range b.Planes {
		clear(p)
	}
	slab := slabs.Get().(*[]float32)
	defer slabs.Put(slab)
	planes := make([][]float32, len(s.bands))
	for y := w.Y / ch * ch; y < w.Y+w.H; y += ch {
		for x := w.X / cw * cw; x < w.X+w.W; x += cw {
			if err := ctx.Err(); err != nil {
				return err
			}
			part := raster.Window{X: x, Y: y, W: cw, H: ch}.Intersect(w)
			n := int(part.Pixels())
			*slab = sized(*slab, n*len(planes))
			for i := range planes {
				planes[i] = (*slab)[i*n : (i+1)*n]
			}
			err := leaf(Op{What: "preview", URI: s.URI, Window: part}, s.siblings, func() error {
				return s.read(f, part, planes, *slab)
			})
			if err != nil {
				return err
			}
			accumulate(b, counts, part.Shift(-w.X, -w.Y), planes, fx, fy)
		}
	}
	for _, p := range b.Planes {
		for k, n := range counts {
			if n == 0 {
				p[k] = raster.NaN
			} else {
				p[k] /= float32(n)
			}
		}
	}
	return nil
}

// accumulate adds the valid pixels of part to the pixels of b that cover them. A pixel is valid in all planes or none.
func accumulate(b *raster.Block, counts []int32, part raster.Window, planes [][]float32, fx, fy int) {
	for y := range part.H {
		to := (part.Y + y) / fy * b.W
		for x := 0; x < part.W; {
			at := to + (part.X+x)/fx
			// As far as the pixel of b goes.
			n := min(fx-(part.X+x)%fx, part.W-x)
			k := y*part.W + x
			for _, v := range planes[0][k : k+n] {
				if v == v {
					counts[at]++
				}
			}
			for i, p := range planes {
				sum := b.Planes[i][at]
				for _, v := range p[k : k+n] {
					if v == v {
						sum += v
					}
				}
				b.Planes[i][at] = sum
			}
			x += n
		}
	}
}
