// Package vector holds the plain types in which vector layers are read and written: geometry as WKB, attributes as
// strings on the way in and typed values on the way out. It is pure; raster/gdal does the I/O.
package vector

import (
	"iter"
	"time"

	"tuban/raster"
)

// LayerSpec says which layer of which file to read, and which of its fields.
type LayerSpec struct {
	// Source is a GeoPackage, a Shapefile, a FileGDB folder or a GeoJSON file.
	Source string
	// Layer is the layer's name, in any case, or its alias in a FileGDB; "" means the only polygon layer of the source.
	Layer string
	// Encoding overrides the encoding of a Shapefile's attributes, such as GBK.
	Encoding string
	// Fields are the attributes wanted, by name in any case or by alias; "" is one that the layer lacks, and always null.
	Fields []string
}

// LayerInfo describes a layer without its features.
type LayerInfo struct {
	Name, CRS, Geometry, Encoding string
	Features                      int64
	Fields                        []string
	// Aliases are what people see instead of Fields, in the same order, "" where a field has none; nil without any.
	Aliases []string
	Bounds  raster.Bounds
}

// Feature is one feature on its way in. It is only valid during the visit that receives it.
type Feature struct {
	FID int64
	// WKB is two-dimensional, in the CRS that the reader was asked for, x before y; nil for a null or empty geometry.
	WKB []byte
	// Problem says why a geometry that the file has cannot be used, so that WKB is nil; "" for one that is there, null or empty.
	Problem string
	// Type is the geometry's OGC name, such as MultiPolygon.
	Type string
	// Values has one entry per field of the LayerSpec; "" stands for null. Text and whole numbers are as they were written,
	// without surrounding blanks; a date or a date with a time is its day, YYYY-MM-DD, as the file writes it.
	Values []string
}

// FieldType is the type of a column on its way out.
type FieldType string

// The types of columns.
const (
	String FieldType = "string"
	Float  FieldType = "float"
	Int    FieldType = "int"
	Int64  FieldType = "int64"
	// Date is a day; its values are texts, YYYY-MM-DD.
	Date FieldType = "date"
)

// Field is a column. Width is in characters for strings and digits for numbers; Precision counts decimals.
// Alias is what people see, in Chinese.
type Field struct {
	Name             string
	Type             FieldType
	Width, Precision int
	Alias            string
}

// Table is a layer on its way out; Geometry is "Polygon", "MultiPolygon" or "" for a table without geometry.
type Table struct {
	Name, Title, CRS, Geometry string
	Fields                     []Field
	Rows                       iter.Seq2[Row, error]
}

// Row is one feature of a Table: a value per field, each a string, float64, int64 or nil for null.
type Row struct {
	WKB    []byte
	Values []any
}

// ValueError says that a value does not fit the field of a file that it goes into.
type ValueError struct {
	Field string
	Err   error
}

func (e *ValueError) Error() string { return "field " + e.Field + ": " + e.Err.Error() }
func (e *ValueError) Unwrap() error { return e.Err }

// WriteOptions are shared by the writers. Clock is the time that files record as their own, so that equal products
// are equal files; the zero Clock means 1970-01-01.
type WriteOptions struct {
	Clock time.Time
	// Encoding is that of a Shapefile's attributes: UTF-8, which "" means, or GBK.
	Encoding string
	// Exact makes it an error that a text needs more bytes than the width of its field in a Shapefile, which else grows.
	Exact bool
}

// DatabaseSpec says where in a PostGIS database tables go.
type DatabaseSpec struct {
	// URL is postgresql://user:password@host:port/database, or postgres://.
	URL    string
	Schema string
	// Replace drops tables of the same name and makes them anew. Without it rows are added to tables that are there, after
	// those whose field Key has one of the values Keys were deleted; Key "" deletes nothing.
	Replace bool
	Key     string
	Keys    []string
	// Clear names tables that get no rows this time: where one with the field Key is there, its rows with Keys go, with Replace
	// the table.
	Clear []string
}
