package export

import (
	"context"

	"tuban/pipeline"
	"tuban/raster/vector"
)

// Drivers is what an export needs of native libraries.
type Drivers struct {
	pipeline.Drivers
	Writers Writers
}

// Writers know the formats that a run does not write.
type Writers interface {
	// LayerFields are a layer's attributes as they would be written again.
	LayerFields(ctx context.Context, s vector.LayerSpec) ([]vector.Field, error)
	// WriteVector writes a FileGDB, FlatGeobuf, GeoJSON or KML, by the extension of path; the last two in longitude and latitude.
	WriteVector(ctx context.Context, path string, tables []vector.Table, o vector.WriteOptions) error
	// WritePostGIS writes all tables or none.
	WritePostGIS(ctx context.Context, spec vector.DatabaseSpec, tables []vector.Table) error
	// ProjJSON is a reference system as PROJJSON.
	ProjJSON(crs string) (string, error)
}
