package pipeline

import (
	"context"
	"iter"

	"github.com/paulmach/orb"

	"tuban/raster"
	"tuban/raster/vector"
)

// Drivers is what the pipeline needs of native libraries; the command plugs raster/gdal and raster/geos in.
type Drivers struct {
	Imagery     Imagery
	Vectors     Vectors
	Coordinates Coordinates
	// Geometry makes an engine for one goroutine.
	Geometry func() Geometry
}

// Imagery opens raster files.
type Imagery interface {
	// Inspect describes a raster file without reading pixels.
	Inspect(ctx context.Context, uri string) (raster.Info, error)
	// Open prepares scenes of one date for reading on the grid g: roles says which planes Read fills, cacheBytes
	// bounds the decoded pixels kept between reads.
	Open(g raster.Grid, scenes []raster.Scene, roles []raster.Role, cacheBytes int64) (Pixels, error)
	// Preview reads a scene onto any grid, however coarse; NaN is no data.
	Preview(ctx context.Context, s raster.Scene, g raster.Grid, roles []raster.Role) ([][]float32, error)
	// WriteValues writes a float32 COG, NaN being no data. fill is called for consecutive windows, never concurrently.
	WriteValues(ctx context.Context, path, name string, g raster.Grid, fill func(w raster.Window, plane []float32) error) error
	// WriteMask writes a sparse single-band Byte COG from spans sorted by row and column.
	WriteMask(ctx context.Context, path string, g raster.Grid, spans iter.Seq[raster.Span]) error
}

// Pixels reads windows of the scenes that Open was given. It is safe for concurrent use.
type Pixels interface {
	// Footprint is the part of the grid that a scene can have pixels in.
	Footprint(scene int) raster.Window
	// Lattice is the first cell of those in which the scene is decoded, on the grid: cells of that size repeat in both
	// directions. Damage costs whole cells.
	Lattice(scene int) raster.Window
	// Read fills one plane per role over w; a pixel that is no data in any of the scene's roles is NaN in all.
	Read(ctx context.Context, scene int, w raster.Window, dst [][]float32) error
	Close() error
}

// Vectors reads and writes vector layers.
type Vectors interface {
	DescribeLayer(ctx context.Context, s vector.LayerSpec) (vector.LayerInfo, error)
	ReadLayer(ctx context.Context, s vector.LayerSpec, crs string, visit func(vector.Feature) error) error
	WriteGeoPackage(ctx context.Context, path string, tables []vector.Table, o vector.WriteOptions) error
	WriteShapefile(ctx context.Context, path string, t vector.Table, o vector.WriteOptions) error
}

// Coordinates answers questions about coordinate reference systems.
type Coordinates interface {
	TransformBounds(src, dst string, b raster.Bounds) (raster.Bounds, error)
	// SameCRS reports whether two names mean one system, such as a code and its WKT.
	SameCRS(a, b string) (bool, error)
	// GroundSize is the width and height in metres of a pixel at the grid's centre.
	GroundSize(g raster.Grid) (x, y float64, err error)
	// Geographer converts to longitude and latitude on the datum of crs. It is for one goroutine.
	Geographer(crs string) (Geographer, error)
}

// Geographer converts coordinates in place to degrees of longitude and latitude.
type Geographer interface {
	ToLonLat(xs, ys []float64) error
	Close()
}

// Geometry is the exact planar geometry of one goroutine.
type Geometry interface {
	// Repair makes a polygon valid and says what was wrong; "" when nothing was.
	Repair(wkb []byte) (out []byte, reason string, err error)
	Simplify(mp orb.MultiPolygon, tolerance float64) (orb.MultiPolygon, error)
	Valid(mp orb.MultiPolygon) (bool, string)
	// Overlay partitions patch: a piece per parcel that takes part of it, in the order of the parcels, and the rest.
	Overlay(patch orb.MultiPolygon, parcels []orb.MultiPolygon) (pieces []Piece, rest orb.MultiPolygon, err error)
}

// Piece is the part of a patch on one parcel; Index is the parcel's position in the call to Overlay.
type Piece struct {
	Index int
	Geom  orb.MultiPolygon
}
