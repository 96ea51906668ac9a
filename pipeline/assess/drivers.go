package assess

import (
	"context"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/raster"
	"tuban/raster/vector"
)

// Drivers is what an assessment needs of native libraries.
type Drivers struct {
	Imagery     Imagery
	Vectors     Vectors
	Coordinates Coordinates
	// Geometry makes an engine for one goroutine.
	Geometry func() Geometry
}

// Imagery opens raster files; see pipeline.Imagery.
type Imagery interface {
	Inspect(ctx context.Context, uri string) (raster.Info, error)
	Open(g raster.Grid, scenes []raster.Scene, roles []raster.Role, cacheBytes int64) (pipeline.Pixels, error)
	Preview(ctx context.Context, s raster.Scene, g raster.Grid, roles []raster.Role) ([][]float32, error)
}

// Vectors reads and writes layers; see pipeline.Vectors.
type Vectors interface {
	DescribeLayer(ctx context.Context, s vector.LayerSpec) (vector.LayerInfo, error)
	ReadLayer(ctx context.Context, s vector.LayerSpec, crs string, visit func(vector.Feature) error) error
	WriteGeoPackage(ctx context.Context, path string, tables []vector.Table, o vector.WriteOptions) error
}

// Coordinates answers questions about reference systems; see pipeline.Coordinates.
type Coordinates interface {
	TransformBounds(src, dst string, b raster.Bounds) (raster.Bounds, error)
	SameCRS(a, b string) (bool, error)
	GroundSize(g raster.Grid) (x, y float64, err error)
	Geographer(crs string) (pipeline.Geographer, error)
}

// Geometry overlays polygons; see pipeline.Geometry.
type Geometry interface {
	Overlay(patch orb.MultiPolygon, parcels []orb.MultiPolygon) (pieces []pipeline.Piece, rest orb.MultiPolygon, err error)
}

// badInput marks a mistake in what the user gave.
func badInput(err error) error { return pipeline.NewInputError(err) }
