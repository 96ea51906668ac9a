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
	Storage     Storage
	// Geometry makes an engine for one goroutine.
	Geometry func() Geometry
	// History reads what earlier runs found and people decided; nil only where no run file asks for it.
	History History
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

// Sketcher is what an Imagery may be besides, so that a picture of whole scenes decodes nothing that was decoded before.
type Sketcher interface {
	// Sketch says that Preview will be asked for scenes in roles on the grid view, or strips of it. What is read of them in the
	// meantime, through any Pixels opened after, may serve it; at most so many bytes are held for it, and used are.
	Sketch(view raster.Grid, scenes []raster.Scene, roles []raster.Role, bytes int64) (used int64)
	// EndSketches forgets it all.
	EndSketches()
}

// Pixels reads windows of the scenes that Open was given. It is safe for concurrent use. It may have a method
// Decoded() int64 besides: how many pixels of the files were decoded so far, those decoded twice counted twice, for the
// account of the run.
type Pixels interface {
	// Footprint is the part of the grid that a scene can have pixels in.
	Footprint(scene int) raster.Window
	// Lattice is the first cell of those in which the scene is decoded, on the grid: cells of that size repeat in both
	// directions. Damage costs whole cells.
	Lattice(scene int) raster.Window
	// Absent reports whether it is certain, without decoding, that a scene has no value in w.
	Absent(ctx context.Context, scene int, w raster.Window) (bool, error)
	// Whole reports whether it is known, from what was read before, that a scene has a value at every pixel of w.
	Whole(scene int, w raster.Window) bool
	// Ahead decodes what Read is asked for next, windows of a scene, together, where that takes less time. It may do nothing, and
	// leaves errors to Read.
	Ahead(ctx context.Context, scene int, windows []raster.Window)
	// Read fills one plane per role over w; a pixel that is no data in any of the scene's roles is NaN in all.
	Read(ctx context.Context, scene int, w raster.Window, dst [][]float32) error
	Close() error
}

// Object is what storage says of a file without reading it.
type Object struct {
	URI  string
	Size int64
	// Version changes with the content: an ETag, or the time of modification. "" where the storage has none.
	Version string
	// Dir says that URI is a folder (on disk) or a prefix (of objects).
	Dir bool
}

// Storage finds inputs and puts products, on disk or in object storage. Addresses are paths, or s3://bucket/key.
// What is not there is fs.ErrNotExist in every error chain; an error whose chain has a method Unavailable() bool that
// returns true means that nothing can be had from the storage now, so that going on would lose everything.
type Storage interface {
	// Stat describes one object, or a folder.
	Stat(ctx context.Context, uri string) (Object, error)
	// List returns the objects below a folder, at any depth, sorted by address.
	List(ctx context.Context, uri string) ([]Object, error)
	// Glob returns the addresses that match a pattern (*, ?, [a-z]; never across /), sorted.
	Glob(ctx context.Context, pattern string) ([]string, error)
	// ReadFile returns the whole content, and fails on one larger than limit bytes.
	ReadFile(ctx context.Context, uri string, limit int64) ([]byte, error)
	// Fetch copies an object to the file at path, which appears whole or not at all.
	Fetch(ctx context.Context, uri, path string) error
	// Put copies the file at path to uri, which appears whole or not at all.
	Put(ctx context.Context, path, uri string) error
	// Remove deletes an object; one that is not there is no error.
	Remove(ctx context.Context, uri string) error
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
