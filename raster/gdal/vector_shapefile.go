package gdal

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"tuban/raster/vector"
)

// The parts of a Shapefile. The .shp comes last, because its presence is what people and programs look for.
var shapefileParts = []string{".cpg", ".prj", ".dbf", ".shx", ".shp"}

// Limits of the DBF format.
const (
	maxDBFName  = 10
	maxDBFText  = 254
	maxDBFFloat = 20
	dbfDecimals = 6
)

// WriteShapefile writes t as a new Shapefile, attributes in UTF-8 with a .cpg, all parts beside path. Field names
// have at most ten bytes, which is checked before anything is written. A text field is widened by GDAL when a value
// needs more bytes than Width; past 254 bytes the text is cut after a whole character and a warning says so. A
// number that does not fit its Width is an error. A float field without Width has 20 digits, 6 of them decimals.
func WriteShapefile(ctx context.Context, path string, t vector.Table, o vector.WriteOptions) (err error) {
	if !strings.EqualFold(filepath.Ext(path), ".shp") {
		return fmt.Errorf("writing %s: a Shapefile's name must end in .shp", path)
	}
	if t.Geometry == "" {
		return fmt.Errorf("writing %s: a Shapefile needs a geometry type", path)
	}
	t, err = shapefileTable(t)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	stem := strings.TrimSuffix(path, filepath.Ext(path))
	t.Name = filepath.Base(stem)
	dir, err := os.MkdirTemp(filepath.Dir(path), "."+t.Name+".part-")
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	s, err := createSink("ESRI Shapefile", filepath.Join(dir, t.Name+".shp"), nil)
	if err != nil {
		return err
	}
	options := []string{"ENCODING=UTF-8", "DBF_DATE_LAST_UPDATE=" + clock(o).Format("2006-01-02")}
	if err := s.writeTable(ctx, t, options, false); err != nil {
		return errors.Join(err, s.close())
	}
	if err := s.close(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, ext := range shapefileParts {
		part := filepath.Join(dir, t.Name+ext)
		if _, err := os.Stat(part); ext == ".prj" && err != nil {
			_ = os.Remove(stem + ext) // a table without a reference system must not inherit one
			continue
		}
		if err := persist(part, stem+ext); err != nil {
			return fmt.Errorf("writing %s: %w", path, err)
		}
	}
	return nil
}

// shapefileTable returns t with widths that a DBF has and rows that fit them.
func shapefileTable(t vector.Table) (vector.Table, error) {
	if err := checkNames(t); err != nil {
		return t, err
	}
	fields := make([]vector.Field, len(t.Fields))
	for i, f := range t.Fields {
		if len(f.Name) > maxDBFName {
			return t, fmt.Errorf("field name %q has %d bytes, a Shapefile holds %d: shorten it", f.Name, len(f.Name), maxDBFName)
		}
		switch f.Type {
		case vector.String:
			if f.Width <= 0 || f.Width > maxDBFText {
				f.Width = maxDBFText
			}
		case vector.Float:
			if f.Width <= 0 {
				f.Width, f.Precision = maxDBFFloat, dbfDecimals
			}
		}
		fields[i] = f
	}
	rows := t.Rows
	t.Fields = fields
	t.Rows = func(yield func(vector.Row, error) bool) {
		if rows == nil {
			return
		}
		fitRows(rows, fields, yield)
	}
	return t, nil
}

// fitRows turns a number that its column cannot hold into an error: GDAL would write asterisks.
func fitRows(rows iter.Seq2[vector.Row, error], fields []vector.Field, yield func(vector.Row, error) bool) {
	for row, err := range rows {
		if err == nil {
			err = fits(row, fields)
		}
		if !yield(row, err) {
			return
		}
	}
}

func fits(row vector.Row, fields []vector.Field) error {
	for i, v := range row.Values {
		number, ok := v.(float64)
		if !ok || i >= len(fields) {
			continue
		}
		if f := fields[i]; formatted(number, f.Precision) > f.Width {
			return fmt.Errorf("field %s: %v needs more than the %d digits of the field", f.Name, number, f.Width)
		}
	}
	return nil
}
