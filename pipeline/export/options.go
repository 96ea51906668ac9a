package export

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"tuban/pipeline"
	"tuban/pipeline/verification"
)

// Format is a kind of file that patches leave in.
type Format string

// The formats. STAC is an item that describes the others.
const (
	GeoPackage Format = "gpkg"
	Shapefile  Format = "shp"
	XLSX       Format = "xlsx"
	HTML       Format = "html"
	FileGDB    Format = "filegdb"
	FlatGeobuf Format = "flatgeobuf"
	GeoJSON    Format = "geojson"
	KML        Format = "kml"
	GeoParquet Format = "geoparquet"
	STAC       Format = "stac"
	PostGIS    Format = "postgis"
)

// Formats are all formats, in the order in which they are written: what describes others comes behind them.
func Formats() []Format {
	return []Format{GeoPackage, Shapefile, XLSX, HTML, FileGDB, FlatGeobuf, GeoJSON, KML, GeoParquet, STAC, PostGIS}
}

// The ways to divide an export.
const (
	ByCounty = "county"
	ByNone   = "none"
)

// Options say what to export, where to, and how.
type Options struct {
	// Source is the folder of a product or of a release, or a GeoPackage with a layer like `changes`; Layer is that of a GeoPackage.
	Source, Layer string
	// Product is the one behind a release, whose tables about the patches go along; "" sends the patches alone.
	Product string
	// To is the folder that takes the delivery; "" writes into a database alone.
	To string
	// Formats default to GeoPackage, Shapefile, XLSX and HTML.
	Formats []Format
	// By defaults to ByCounty.
	By string
	// Batch names the delivery (批次) and its folders; "" is the day of the latest scene, YYYYMMDD.
	Batch string
	// Schema is the set of fields, Full by default. It has no bearing on the verification table.
	Schema string
	// Encoding of Shapefiles is UTF-8 or GBK.
	Encoding string
	// CRS is the reference system of geometry, the product's by default. Stored areas stay as they are.
	CRS string
	// Scheme is that of the verification categories in the table's lists.
	Scheme string
	// Register is the folder with what counties returned. Patches that were released need it, unless NoRegister says that nothing
	// is to be looked up.
	Register   string
	NoRegister bool
	// Database takes the format PostGIS, in tables whose names begin with Table.
	Database, Table string
	// Replace drops the database's tables first. Without it, rows of the same batch are replaced and others stay.
	Replace bool
	// Force replaces an export of the batch that is there already.
	Force bool
	// Version is the program's. Clock is the time that files record; the zero time means now.
	Version string
	Clock   time.Time
	// Progress is told of each package that is written; nil tells nobody.
	Progress func(done, of int)
}

// withDefaults completes and checks o.
func (o Options) withDefaults() (Options, error) {
	if len(o.Formats) == 0 {
		o.Formats = []Format{GeoPackage, Shapefile, XLSX, HTML}
	}
	for _, f := range o.Formats {
		if !slices.Contains(Formats(), f) {
			return o, fmt.Errorf("no format is called %q: choose among %v", f, Formats())
		}
	}
	if o.By == "" {
		o.By = ByCounty
	}
	if o.Schema == "" {
		o.Schema = Full
	}
	if o.Encoding == "" {
		o.Encoding = "UTF-8"
	}
	o.Encoding = strings.ToUpper(o.Encoding)
	if o.Table == "" {
		o.Table = "tuban_changes"
	}
	if o.Clock.IsZero() {
		o.Clock = time.Now()
	}
	o.Clock = o.Clock.UTC()
	switch {
	case o.By != ByCounty && o.By != ByNone:
		return o, fmt.Errorf("an export is divided by %s or %s, not by %q", ByCounty, ByNone, o.By)
	case !slices.Contains(Schemas(), o.Schema):
		return o, fmt.Errorf("no schema is called %q: choose among %v", o.Schema, Schemas())
	case o.Encoding != "UTF-8" && o.Encoding != "GBK":
		return o, fmt.Errorf("encoding %q: Shapefiles are written in UTF-8 or GBK", o.Encoding)
	case o.Has(PostGIS) != (o.Database != ""):
		return o, errors.New("the format postgis and the address of a database go together: give both, or none")
	case o.Register != "" && o.NoRegister:
		return o, errors.New("give the register, or say that there is none, not both")
	case o.To == "" && slices.ContainsFunc(o.Formats, func(f Format) bool { return f != PostGIS }):
		return o, errors.New("give the folder of the delivery")
	case strings.HasPrefix(o.To, "s3://"):
		return o, errors.New("a delivery is written to a folder on disk: give one, and copy it to object storage from there")
	}
	if _, err := verification.Find(o.Scheme); err != nil {
		return o, err
	}
	return o, checkBatch(o.Batch)
}

// Has reports whether the format was asked for.
func (o Options) Has(f Format) bool { return slices.Contains(o.Formats, f) }

// checkBatch refuses names that are no names of folders everywhere.
func checkBatch(batch string) error {
	const most = 60
	bad := strings.ContainsFunc(batch, func(r rune) bool { return strings.ContainsRune(`/\:*?"<>|`, r) || unicode.IsControl(r) })
	if bad || len(batch) > most || strings.HasPrefix(batch, ".") || strings.TrimSpace(batch) != batch {
		return fmt.Errorf("the batch %q is no name of a folder: at most %d bytes, without any of /\\:*?\"<>|, a leading point or blanks around it", batch, most)
	}
	return nil
}

// badInput makes an error that is the user's.
func badInput(format string, args ...any) error {
	return pipeline.NewInputError(fmt.Errorf(format, args...))
}
