package gdal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strconv"
	"sync/atomic"

	"github.com/airbusgeo/godal"

	"tuban/raster"
	"tuban/raster/masktiff"
)

// WriteMask writes a single-band Byte COG from spans sorted by row and column; what no span covers is 0, and tiles
// without a span take no room. There is no no-data tag: 0 is a statement. Overviews repeat pixels, they do not mix
// them. The spans are asked for more than once. Spans out of order, out of the grid or overlapping are an error, and path is then left as it was.
func WriteMask(ctx context.Context, path string, g raster.Grid, spans iter.Seq[raster.Span]) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("writing %s: %w", path, err)
		}
	}()
	place, err := placeTags(g, "kind")
	if err != nil {
		return err
	}
	part := partName(path)
	f, err := os.Create(part)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(part)
		}
	}()
	err = errors.Join(masktiff.Write(f, g.W, g.H, place, until(ctx, spans)), f.Close())
	if stopped := ctx.Err(); stopped != nil {
		return stopped
	}
	if err != nil {
		return whyFull(part, err)
	}
	return persist(part, path)
}

// until ends the spans early when ctx does.
func until(ctx context.Context, spans iter.Seq[raster.Span]) iter.Seq[raster.Span] {
	return func(yield func(raster.Span) bool) {
		row := -1
		for s := range spans {
			if s.Y != row && ctx.Err() != nil {
				return
			}
			row = s.Y
			if !yield(s) {
				return
			}
		}
	}
}

var templates atomic.Int64

// placeTags are the tags by which GDAL says where the grid lies, and the band's description: those of a file of one tile
// that it keeps in memory.
func placeTags(g raster.Grid, description string) (tags []masktiff.Tag, err error) {
	setup()
	const edge = 16
	spec, err := RasterSpec{Grid: g, Bands: 1, DataType: "Byte", BlockSize: edge, Predictor: 1, Descriptions: []string{description}}.withDefaults()
	if err != nil {
		return nil, err
	}
	name := "/vsimem/tuban/place" + strconv.FormatInt(templates.Add(1), 10) + ".tif"
	ds, err := godal.Create(godal.GTiff, name, 1, godal.Byte, edge, edge, godal.CreationOption("PHOTOMETRIC=MINISBLACK"), policy)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, godal.VSIUnlink(name, policy)) }()
	if err := errors.Join(spec.describe(ds), ds.Close(policy)); err != nil {
		return nil, err
	}
	f, err := godal.VSIOpen(name, policy)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return masktiff.PlaceTags(b)
}
