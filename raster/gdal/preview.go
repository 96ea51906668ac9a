package gdal

import (
	"context"
	"fmt"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

// Preview reads a scene onto any grid, however coarse, for people to look at: one plane per role over the whole of
// g, NaN where there is no data or the scene lacks the role. Unlike a Reader's, its values are averages, from the
// file's overviews where it has them.
func Preview(ctx context.Context, scene raster.Scene, g raster.Grid, roles []raster.Role) ([][]float32, error) {
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
	ds, err := openRaster(s.URI, s.siblings...)
	if err != nil {
		return nil, err
	}
	defer ds.Close(policy)
	if st := ds.Structure(); st.SizeX != s.Native.W || st.SizeY != s.Native.H || st.NBands < s.bandsNeeded() {
		return nil, fmt.Errorf("%s: the file has changed since it was inspected: run again", s.URI)
	}
	from, warp := s.need, warping{resampling: "near", xScale: 1, yScale: 1, margin: 1}
	fx, fy := 1, 1
	if !s.direct {
		t, err := newTransformer(g.CRS, s.Native.CRS)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.URI, err)
		}
		from = sourceWindow(g, s.footprint, s.Native, t, s.warp.margin)
		t.Close()
		if from.Empty() {
			return out.Planes, ctx.Err()
		}
		fx, fy = max(1, int(1/s.warp.xScale)), max(1, int(1/s.warp.yScale))
		warp = s.warp
		warp.xScale, warp.yScale = min(1, warp.xScale*float64(fx)), min(1, warp.yScale*float64(fy))
	}
	small, grid, err := s.reduced(ctx, ds, from, fx, fy)
	if err != nil {
		return nil, &ReadError{URI: s.URI, Window: from, Err: err}
	}
	onGrid := small
	if s.direct {
		onGrid.Window = onGrid.Window.Shift(s.footprint.X, s.footprint.Y)
	} else {
		onGrid = raster.NewBlock(s.footprint, len(s.bands))
		if err := warpBlock(onGrid, g, small, grid, warp); err != nil {
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

// previewRows is the number of reduced rows that are read between two looks at the context.
const previewRows = 64

// reduced reads the window w of the file reduced fx and fy times, and the grid that the result lies on.
func (s *placed) reduced(ctx context.Context, ds *godal.Dataset, w raster.Window, fx, fy int) (*raster.Block, raster.Grid, error) {
	ceil := func(a, b int) int { return (a + b - 1) / b }
	b := raster.NewBlock(raster.Window{W: ceil(w.W, fx), H: ceil(w.H, fy)}, len(s.bands))
	slab := make([]float32, 0, len(s.bands)*previewRows*b.W)
	for y := 0; y < b.H; y += previewRows {
		if err := ctx.Err(); err != nil {
			return nil, raster.Grid{}, err
		}
		to := raster.Window{Y: y, W: b.W, H: min(previewRows, b.H-y)}
		from := raster.Window{X: w.X, Y: w.Y + y*fy, W: w.W, H: min(to.H*fy, w.H-y*fy)}
		n := int(to.Pixels())
		slab = slab[:len(s.bands)*n]
		planes := make([][]float32, len(s.bands))
		for i := range planes {
			planes[i] = slab[i*n : (i+1)*n]
		}
		if err := s.readReduced(ds, from, to.W, to.H, planes, slab); err != nil {
			return nil, raster.Grid{}, err
		}
		for i, p := range planes {
			copyWindow(b.Planes[i], b.Window, p, to, to)
		}
	}
	g := s.Native.Crop(w)
	// The last column and row may cover less than the others; the whole is stretched over them, by less than a pixel.
	kx, ky := float64(w.W)/float64(b.W), float64(w.H)/float64(b.H)
	g.Transform[1], g.Transform[4] = g.Transform[1]*kx, g.Transform[4]*kx
	g.Transform[2], g.Transform[5] = g.Transform[2]*ky, g.Transform[5]*ky
	g.W, g.H = b.W, b.H
	return b, g, nil
}
