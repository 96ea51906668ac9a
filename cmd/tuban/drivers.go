package main

import (
	"context"
	"iter"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/pipeline/history"
	"tuban/raster"
	"tuban/raster/gdal"
	"tuban/raster/geos"
	"tuban/raster/vector"
)

// drivers plugs the native libraries into the pipeline.
func drivers() pipeline.Drivers {
	return pipeline.Drivers{
		Imagery: imagery{new(gdal.Sketches)}, Vectors: vectors{}, Coordinates: coordinates{},
		Geometry: func() pipeline.Geometry { return geometry{geos.New()} }, History: history.Reader{},
	}
}

// imagery sketches scenes for a picture while they are read; not without sketches.
type imagery struct{ sketches *gdal.Sketches }

func (imagery) Inspect(ctx context.Context, uri string) (raster.Info, error) {
	return gdal.Inspect(ctx, uri)
}

func (m imagery) Open(g raster.Grid, scenes []raster.Scene, roles []raster.Role, cacheBytes int64) (pipeline.Pixels, error) {
	return gdal.NewReader(g, scenes, gdal.ReaderOptions{Roles: roles, CacheBytes: cacheBytes, Sketches: m.sketches})
}

func (m imagery) Preview(ctx context.Context, s raster.Scene, g raster.Grid, roles []raster.Role) ([][]float32, error) {
	return m.sketches.Preview(ctx, s, g, roles)
}

func (m imagery) Sketch(view raster.Grid, scenes []raster.Scene, roles []raster.Role, bytes int64) (used int64) {
	if m.sketches == nil {
		return 0
	}
	return m.sketches.Begin(view, scenes, roles, bytes)
}

func (m imagery) EndSketches() {
	if m.sketches != nil {
		m.sketches.End()
	}
}

func (imagery) WriteValues(ctx context.Context, path, name string, g raster.Grid, fill func(raster.Window, []float32) error) error {
	nan := float64(raster.NaN)
	spec := gdal.RasterSpec{Grid: g, Bands: 1, DataType: "Float32", NoData: &nan, Overviews: true, Descriptions: []string{name}}
	return gdal.WriteCOG(ctx, path, spec, func(w raster.Window, planes [][]float32) error { return fill(w, planes[0]) })
}

func (imagery) WriteMask(ctx context.Context, path string, g raster.Grid, spans iter.Seq[raster.Span]) error {
	return gdal.WriteMask(ctx, path, g, spans)
}

type vectors struct{}

func (vectors) DescribeLayer(ctx context.Context, s vector.LayerSpec) (vector.LayerInfo, error) {
	return gdal.DescribeLayer(ctx, s)
}

func (vectors) ReadLayer(ctx context.Context, s vector.LayerSpec, crs string, visit func(vector.Feature) error) error {
	return gdal.ReadLayer(ctx, s, crs, visit)
}

func (vectors) WriteGeoPackage(ctx context.Context, path string, tables []vector.Table, o vector.WriteOptions) error {
	return gdal.WriteGeoPackage(ctx, path, tables, o)
}

func (vectors) WriteShapefile(ctx context.Context, path string, t vector.Table, o vector.WriteOptions) error {
	return gdal.WriteShapefile(ctx, path, t, o)
}

func (vectors) LayerFields(ctx context.Context, s vector.LayerSpec) ([]vector.Field, error) {
	return gdal.LayerFields(ctx, s)
}

func (vectors) WriteVector(ctx context.Context, path string, tables []vector.Table, o vector.WriteOptions) error {
	return gdal.WriteVector(ctx, path, tables, o)
}

func (vectors) WritePostGIS(ctx context.Context, spec vector.DatabaseSpec, tables []vector.Table) error {
	return gdal.WritePostGIS(ctx, spec, tables)
}

func (vectors) ProjJSON(crs string) (string, error) { return gdal.ProjJSON(crs) }

type coordinates struct{}

func (coordinates) TransformBounds(src, dst string, b raster.Bounds) (raster.Bounds, error) {
	return gdal.TransformBounds(src, dst, b)
}

func (coordinates) SameCRS(a, b string) (bool, error) { return gdal.SameCRS(a, b) }

func (coordinates) GroundSize(g raster.Grid) (x, y float64, err error) { return gdal.GroundSize(g) }

func (coordinates) Geographer(crs string) (pipeline.Geographer, error) {
	return gdal.NewGeographer(crs)
}

// geometry is a GEOS engine whose pieces are the pipeline's.
type geometry struct{ *geos.Engine }

func (g geometry) Overlay(patch orb.MultiPolygon, parcels []orb.MultiPolygon) ([]pipeline.Piece, orb.MultiPolygon, error) {
	pieces, rest, err := g.Engine.Overlay(patch, parcels)
	out := make([]pipeline.Piece, len(pieces))
	for i, p := range pieces {
		out[i] = pipeline.Piece(p)
	}
	return out, rest, err
}
