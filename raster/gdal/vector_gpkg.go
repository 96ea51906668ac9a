package gdal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tuban/raster/vector"
)

// WriteGeoPackage writes the tables as layers of a new GeoPackage, in their order: geometry column geom with an
// R-tree, id column fid, titles and the fields' aliases where desktop software looks for them. A Polygon in a layer of
// MultiPolygon is wrapped. The file grows beside path and takes its place, replacing what was there, only when it is
// complete; equal tables and an equal o.Clock give equal bytes.
func WriteGeoPackage(ctx context.Context, path string, tables []vector.Table, o vector.WriteOptions) error {
	if !strings.HasSuffix(strings.ToLower(path), ".gpkg") {
		return fmt.Errorf("writing %s: a GeoPackage's name must end in .gpkg", path)
	}
	for _, t := range tables {
		if err := checkNames(t); err != nil {
			return fmt.Errorf("writing %s: %w", path, err)
		}
	}
	settings := map[string]string{
		"OGR_CURRENT_DATE": clock(o).Format("2006-01-02T15:04:05.000Z"),
		// The file is flushed once, before it is renamed; until then a crash loses nothing that counted.
		"OGR_SQLITE_SYNCHRONOUS": "OFF",
	}
	return createFile(ctx, "GPKG", path, settings, func(s *sink) error {
		for _, t := range tables {
			options := []string{"GEOMETRY_NAME=geom", "FID=fid", "SPATIAL_INDEX=YES"}
			if t.Title != "" {
				options = append(options, "IDENTIFIER="+t.Title)
			}
			if err := s.writeTable(ctx, t, options, true); err != nil {
				return err
			}
		}
		if err := s.writeAliases(tables); err != nil {
			return fmt.Errorf("the aliases: %w", err)
		}
		return nil
	})
}

// schemaTables is the GeoPackage extension that holds what people call a column, which GDAL 3.6 does not write. The list of extensions
// is there only where GDAL had one to enter, as the index of a geometry.
var schemaTables = []string{
	`CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL,
		definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))`,
	`CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,
		description TEXT, mime_type TEXT, constraint_name TEXT,
		CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name))`,
	`CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT,
		min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
		CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))`,
	`INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope) VALUES
		('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write'),
		('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write')`,
}

// writeAliases stores the aliases as titles, as the standard has it, and as names, where GDAL and so QGIS look first.
// Names are unique within a table: of equal aliases the first is the name.
func (s *sink) writeAliases(tables []vector.Table) error {
	statements := slices.Clone(schemaTables)
	for _, t := range tables {
		taken := map[string]bool{}
		for _, f := range t.Fields {
			if f.Alias == "" {
				continue
			}
			name := quote(f.Alias)
			if taken[name] {
				name = "NULL"
			}
			taken[name] = true
			statements = append(statements, fmt.Sprintf(
				"INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES (%s, %s, %s, %s)",
				quote(t.Name), quote(f.Name), name, quote(f.Alias)))
		}
	}
	if len(statements) == len(schemaTables) {
		return nil
	}
	return s.transaction(func() error {
		for _, sql := range statements {
			if err := s.execute(sql); err != nil {
				return err
			}
		}
		return nil
	})
}

// quote is s as a literal of SQL.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// checkNames refuses what a database would refuse late or, worse, rename.
func checkNames(t vector.Table) error {
	if t.Name == "" {
		return errors.New("a table has no name")
	}
	seen := map[string]bool{"fid": true, "geom": t.Geometry != ""}
	for _, f := range t.Fields {
		key := strings.ToLower(f.Name)
		if key == "" || seen[key] {
			return fmt.Errorf("layer %s: field name %q is empty, taken or reserved", t.Name, f.Name)
		}
		seen[key] = true
	}
	return nil
}
