package gdal

import (
	"context"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"tuban/raster/vector"
)

// format is how a driver writes one kind of file.
type format struct {
	driver string
	// options are the layer's for a table.
	options func(vector.Table) []string
	// single formats hold one table in a file.
	single bool
	// renames formats have words that no field is called by: such a name gets a low line behind it.
	renames bool
	// longest is the greatest whole number that survives, 0 where all of 64 bits do.
	longest int64
}

// formats are those of WriteVector, by the extension of the file.
var formats = map[string]format{
	".gdb": {
		// GDAL 3.6 stores 64-bit integers as doubles.
		driver: "OpenFileGDB", longest: 1 << 53, renames: true,
		options: func(t vector.Table) []string { return []string{"LAYER_ALIAS=" + t.Title} },
	},
	".fgb": {driver: "FlatGeobuf", single: true, options: func(vector.Table) []string { return []string{"SPATIAL_INDEX=YES"} }},
	".geojson": {
		// RFC 7946 is longitude and latitude on WGS 84, rings to the right. Nine decimals are a tenth of a millimetre.
		driver: "GeoJSON", single: true, longest: 1 << 53,
		options: func(t vector.Table) []string {
			return []string{"RFC7946=YES", "COORDINATE_PRECISION=9", "WRITE_BBOX=YES", "DESCRIPTION=" + t.Title}
		},
	},
	// GDAL's driver of the library libkml takes time that grows with the square of the rows. This one draws red outlines, and
	// takes what viewers show first from the fields Name and Description.
	".kml": {driver: "KML", options: func(vector.Table) []string { return nil }},
}

// WriteVector writes tables as a new file of the format that path ends in: a FileGDB folder (.gdb), FlatGeobuf (.fgb),
// GeoJSON (.geojson) or KML (.kml). The second and third hold one table, the last two longitude and latitude on WGS 84,
// which the table must be in; a table in KML begins with the fields Name and Description. It appears at path whole or not at all. A whole number that the format cannot hold is an error; a field
// of a FileGDB whose name is a word of its own is called date_ instead of date.
func WriteVector(ctx context.Context, path string, tables []vector.Table, _ vector.WriteOptions) error {
	f, ok := formats[strings.ToLower(filepath.Ext(path))]
	switch {
	case !ok:
		return fmt.Errorf("writing %s: no format has this extension: one of %s", path, strings.Join(slices.Sorted(maps.Keys(formats)), ", "))
	case f.single && len(tables) != 1:
		return fmt.Errorf("writing %s: the format holds one layer, not %d: write each to a file of its own", path, len(tables))
	}
	for _, t := range tables {
		if err := checkNames(t); err != nil {
			return fmt.Errorf("writing %s: %w", path, err)
		}
	}
	return createFile(ctx, f.driver, path, nil, func(s *sink) error {
		s.renames = f.renames
		for _, t := range tables {
			if f.longest > 0 {
				t.Rows = checked(t.Rows, func(r vector.Row) error { return integral(r, t.Fields, f.longest) })
			}
			if err := s.writeTable(ctx, t, f.options(t), false); err != nil {
				return err
			}
		}
		return nil
	})
}

// integral makes an error of a number that a double does not hold exactly.
func integral(r vector.Row, fields []vector.Field, longest int64) error {
	for i, v := range r.Values {
		var n int64
		switch v := v.(type) {
		case int:
			n = int64(v)
		case int64:
			n = v
		default:
			continue
		}
		if n > longest || n < -longest || n == math.MinInt64 {
			return &vector.ValueError{Field: fields[i].Name, Err: fmt.Errorf("%d has more digits than the format keeps: make it a text", n)}
		}
	}
	return nil
}
