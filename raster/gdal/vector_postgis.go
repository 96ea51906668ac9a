package gdal

// #include "vector_ogr.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"runtime"
	"slices"
	"strings"

	"tuban/raster/vector"
)

// WritePostGIS writes tables into a PostGIS database in one transaction: all of them, or nothing. Names become lower case,
// as databases like them; the geometry column is geom with a spatial index, the id column fid; aliases and titles become
// comments. A table that rows are added to must have all fields; other fields of it become null.
func WritePostGIS(ctx context.Context, spec vector.DatabaseSpec, tables []vector.Table) (err error) {
	u, err := url.Parse(spec.URL)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return errors.New("the address of a PostGIS database is postgresql://user@host:port/database")
	}
	for _, t := range tables {
		if err := checkNames(t); err != nil {
			return fmt.Errorf("writing to %s: %w", u.Redacted(), err)
		}
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("writing to %s: %w", u.Redacted(), err)
		}
	}()
	u.Scheme = "postgresql"
	s, err := openDatabase(u.String())
	if err != nil {
		return err
	}
	err = s.transaction(func() error {
		for _, t := range tables {
			if err := s.writeDatabaseTable(ctx, spec, t); err != nil {
				return err
			}
		}
		for _, name := range spec.Clear {
			if err := s.clearTable(spec, name); err != nil {
				return fmt.Errorf("table %s.%s: %w", spec.Schema, strings.ToLower(name), err)
			}
		}
		return ctx.Err()
	})
	if err != nil {
		_ = guard(func() { C.GDALDatasetRollbackTransaction(s.ds) }) // closing would do it too
		_ = s.close()
		return err
	}
	return s.close()
}

// openDatabase connects to a database with all of its tables in sight.
func openDatabase(address string) (*sink, error) {
	setup()
	runtime.LockOSThread()
	s := &sink{path: address}
	for key, value := range map[string]string{"PG_USE_COPY": "YES", "PG_LIST_ALL_TABLES": "YES"} {
		s.configure(key, &value)
		s.set = append(s.set, key)
	}
	err := guard(func() {
		withString(address, func(name *C.char) {
			withStrings([]string{"PostgreSQL"}, func(allowed **C.char) {
				withStrings([]string{"LIST_ALL_TABLES=YES"}, func(open **C.char) {
					s.ds = C.GDALOpenEx(name, C.GDAL_OF_VECTOR|C.GDAL_OF_UPDATE|C.GDAL_OF_VERBOSE_ERROR, allowed, open, nil)
				})
			})
		})
	})
	if s.ds == nil {
		s.release()
		return nil, fmt.Errorf("connecting: %w", orUnknown(err))
	}
	return s, nil
}

func (s *sink) writeDatabaseTable(ctx context.Context, spec vector.DatabaseSpec, t vector.Table) error {
	name := spec.Schema + "." + strings.ToLower(t.Name)
	if !spec.Replace {
		if layer := s.databaseLayer(spec.Schema, strings.ToLower(t.Name)); layer != nil {
			if err := s.appendTable(ctx, spec, name, layer, t); err != nil {
				return fmt.Errorf("table %s: %w", name, err)
			}
			return nil
		}
	}
	options := []string{"SCHEMA=" + spec.Schema, "OVERWRITE=YES", "LAUNDER=YES", "GEOMETRY_NAME=geom", "FID=fid", "SPATIAL_INDEX=GIST", "DESCRIPTION=" + t.Title}
	if err := s.writeTable(ctx, t, options, false); err != nil {
		return err
	}
	for _, f := range t.Fields {
		if f.Alias == "" {
			continue
		}
		if err := s.execute(fmt.Sprintf("COMMENT ON COLUMN %s.%s.%s IS %s",
			identifier(spec.Schema), identifier(t.Name), identifier(f.Name), quote(f.Alias))); err != nil {
			return fmt.Errorf("table %s: the alias of %s: %w", name, f.Name, err)
		}
	}
	return nil
}

// identifier is a name as SQL of PostgreSQL wants it, in lower case.
func identifier(s string) string {
	return `"` + strings.ReplaceAll(strings.ToLower(s), `"`, `""`) + `"`
}

// databaseLayer is the table that is there, nil for none. GDAL leaves the schema out of the names in the public one.
func (s *sink) databaseLayer(schema, name string) C.OGRLayerH {
	for i := range int(C.GDALDatasetGetLayerCount(s.ds)) {
		l := C.GDALDatasetGetLayer(s.ds, C.int(i))
		there := layerName(l)
		if there == schema+"."+name || schema == "public" && there == name {
			return l
		}
	}
	return nil
}

// appendTable adds the rows of t to a table after it deleted those with the keys of spec.
func (s *sink) appendTable(ctx context.Context, spec vector.DatabaseSpec, name string, layer C.OGRLayerH, t vector.Table) error {
	there := fieldNames(layer)
	place := make([]int, len(t.Fields))
	fields := make([]vector.Field, len(there))
	for i := range fields {
		fields[i] = vector.Field{Name: there[i], Type: vector.String} // only ever null
	}
	for i, f := range t.Fields {
		place[i] = slices.Index(there, strings.ToLower(f.Name))
		if place[i] < 0 {
			return fmt.Errorf("it has no field %s: replace the table, or add the field to it", strings.ToLower(f.Name))
		}
		fields[place[i]] = f
	}
	if err := s.deleteKeys(spec, t.Name); err != nil {
		return err
	}
	t.Rows, t.Fields = reordered(t.Rows, place, len(fields)), fields
	return writeRows(ctx, layer, geometryTypes[t.Geometry], t)
}

// deleteKeys deletes the rows of a table that have the keys of spec.
func (s *sink) deleteKeys(spec vector.DatabaseSpec, name string) error {
	if spec.Key == "" || len(spec.Keys) == 0 {
		return nil
	}
	var keys []string
	for _, k := range spec.Keys {
		keys = append(keys, quote(k))
	}
	err := s.execute(fmt.Sprintf("DELETE FROM %s.%s WHERE %s IN (%s)",
		identifier(spec.Schema), identifier(name), identifier(spec.Key), strings.Join(keys, ", ")))
	if err != nil {
		return fmt.Errorf("deleting the rows of before: %w", err)
	}
	return nil
}

// clearTable takes away what an earlier write left in a table that gets no rows. One without the field of the keys is another's.
func (s *sink) clearTable(spec vector.DatabaseSpec, name string) error {
	layer := s.databaseLayer(spec.Schema, strings.ToLower(name))
	if layer == nil || !slices.Contains(fieldNames(layer), strings.ToLower(spec.Key)) {
		return nil
	}
	if spec.Replace {
		return s.execute(fmt.Sprintf("DROP TABLE %s.%s", identifier(spec.Schema), identifier(name)))
	}
	return s.deleteKeys(spec, name)
}

// reordered puts value i of each row in the place of it, among n.
func reordered(rows iter.Seq2[vector.Row, error], place []int, n int) iter.Seq2[vector.Row, error] {
	return func(yield func(vector.Row, error) bool) {
		if rows == nil {
			return
		}
		for row, err := range rows {
			if err == nil && len(row.Values) != len(place) {
				err = fmt.Errorf("%d values for %d fields", len(row.Values), len(place))
			}
			if err == nil {
				values := make([]any, n)
				for i, v := range row.Values {
					values[place[i]] = v
				}
				row.Values = values
			}
			if !yield(row, err) {
				return
			}
		}
	}
}
