package gdal

import (
	"context"
	"fmt"
	"iter"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

// maskBlock is the edge of a mask's tiles.
const maskBlock = 512

// WriteMask writes a single-band Byte COG from spans sorted by row and column; what no span covers is 0, and tiles
// without a span take no room. There is no no-data tag: 0 is a statement. Overviews repeat pixels, they do not mix
// them. Spans out of order, out of the grid or overlapping are an error, and path is then left as it was.
func WriteMask(ctx context.Context, path string, g raster.Grid, spans iter.Seq[raster.Span]) error {
	setup()
	spec, err := RasterSpec{Grid: g, Bands: 1, DataType: "Byte", BlockSize: maskBlock, Overviews: true, Predictor: 1,
		Descriptions: []string{"kind"}}.withDefaults()
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return writeGTiff(ctx, path, spec, "SPARSE_OK=TRUE", func(ds *godal.Dataset) error {
		m := newMaskWriter(ds, g)
		var last raster.Span
		for s := range spans {
			if s.Y < 0 || s.Y >= g.H || s.X0 < 0 || s.X1 > g.W || s.X0 >= s.X1 {
				return fmt.Errorf("span %v lies outside of the grid of %d × %d pixels", s, g.W, g.H)
			}
			if s.Y < last.Y || s.Y == last.Y && s.X0 < last.X1 {
				return fmt.Errorf("span %v comes after %v: spans must be sorted and apart", s, last)
			}
			last = s
			if s.Y/maskBlock != m.row {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := m.flush(); err != nil {
					return err
				}
				m.row = s.Y / maskBlock
			}
			m.add(s)
		}
		return m.flush()
	})
}

// maskWriter holds one row of tiles.
type maskWriter struct {
	ds   *godal.Dataset
	grid raster.Grid
	row  int
	// tiles are those of the row, nil while empty; spare are cleared ones.
	tiles, spare [][]uint8
}

func newMaskWriter(ds *godal.Dataset, g raster.Grid) *maskWriter {
	return &maskWriter{ds: ds, grid: g, tiles: make([][]uint8, (g.W+maskBlock-1)/maskBlock)}
}

func (m *maskWriter) add(s raster.Span) {
	if s.Value == 0 {
		return
	}
	for x := s.X0; x < s.X1; {
		t := x / maskBlock
		if m.tiles[t] == nil {
			if n := len(m.spare); n > 0 {
				m.tiles[t], m.spare = m.spare[n-1], m.spare[:n-1]
			} else {
				m.tiles[t] = make([]uint8, maskBlock*maskBlock)
			}
		}
		end := min(s.X1, (t+1)*maskBlock)
		o := (s.Y - m.row*maskBlock) * maskBlock
		raster.Fill(m.tiles[t][o+x-t*maskBlock:o+end-t*maskBlock], s.Value)
		x = end
	}
}

func (m *maskWriter) flush() error {
	for t, tile := range m.tiles {
		if tile == nil {
			continue
		}
		w := raster.Window{X: t * maskBlock, Y: m.row * maskBlock, W: maskBlock, H: maskBlock}.Intersect(m.grid.Window())
		if err := m.ds.Write(w.X, w.Y, tile, w.W, w.H, godal.LineStride(maskBlock), policy); err != nil {
			return err
		}
		clear(tile)
		m.spare = append(m.spare, tile)
		m.tiles[t] = nil
	}
	return nil
}
