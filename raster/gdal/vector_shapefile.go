package gdal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"tuban/raster/vector"
)

// The parts of a Shapefile. The .shp comes last, because its presence is what people and programs look for.
var shapefileExtensions = []string{".cpg", ".prj", ".dbf", ".shx", ".shp"}

// Limits of the DBF format.
const (
	maxDBFName  = 10
	maxDBFText  = 254
	maxDBFFloat = 20
	dbfDecimals = 6
)

// WriteShapefile writes t as a new Shapefile, attributes in o.Encoding with a .cpg, all parts beside path. Field names
// have at most ten bytes, which is checked before anything is written. A text field is widened by GDAL when a value
// needs more bytes than Width, unless o.Exact makes that an error; past 254 bytes the text is cut after a whole character and a warning says so. A
// number that does not fit its Width is an error. A float field without Width has 20 digits, 6 of them decimals.
func WriteShapefile(ctx context.Context, path string, t vector.Table, o vector.WriteOptions) (err error) {
	if !strings.EqualFold(filepath.Ext(path), ".shp") {
		return fmt.Errorf("writing %s: a Shapefile's name must end in .shp", path)
	}
	if t.Geometry == "" {
		return fmt.Errorf("writing %s: a Shapefile needs a geometry type", path)
	}
	switch o.Encoding {
	case "", "UTF-8", "GBK":
	default:
		return fmt.Errorf("writing %s: encoding %q: UTF-8 or GBK", path, o.Encoding)
	}
	t, err = shapefileTable(t, o)
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

	if err := shapefileParts(ctx, filepath.Join(dir, t.Name), t, o); err != nil {
		return fmt.Errorf("writing %s: %w", path, whyFull(dir, err))
	}
	if err := moveShapefile(filepath.Join(dir, t.Name), stem); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

// shapefileParts writes the parts of t, whole and on the disk, at stem.
func shapefileParts(ctx context.Context, stem string, t vector.Table, o vector.WriteOptions) error {
	s, err := createSink("ESRI Shapefile", stem+".shp", nil)
	if err != nil {
		return err
	}
	options := []string{"ENCODING=" + encodingName(o), "DBF_DATE_LAST_UPDATE=" + clock(o).Format("2006-01-02")}
	if err := s.writeTable(ctx, t, options, false); err != nil {
		_ = s.close() // what it says, the first error has said
		return err
	}
	if err := s.close(); err != nil {
		return err
	}
	if err := checkShapefile(stem, ".shp", ".shx", ".dbf"); err != nil {
		return err
	}
	for _, ext := range shapefileExtensions {
		if err := flush(stem + ext); err != nil && (ext != ".prj" || !errors.Is(err, fs.ErrNotExist)) {
			return err
		}
	}
	return ctx.Err()
}

// moveShapefile puts the parts at from in the place of those at to. The .shp goes first and comes last, so that parts of
// two Shapefiles never pass for one.
func moveShapefile(from, to string) error {
	if err := os.Remove(to + ".shp"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, ext := range shapefileExtensions {
		err := os.Rename(from+ext, to+ext)
		if ext == ".prj" && errors.Is(err, fs.ErrNotExist) {
			_ = os.Remove(to + ext) // a table without a reference system must not inherit one
		} else if err != nil {
			return err
		}
	}
	return nil
}

// checkShapefile makes sure that the parts at stem are all there and as long as they say: what a full disk swallows while
// the parts are closed goes unreported, and of parts that were cut GDAL reads as much as there is. A .dbf may be missing
// where only the geometry counts.
func checkShapefile(stem string, parts ...string) error {
	for _, ext := range parts {
		name := sibling(stem+".shp", ext)
		if name == "" {
			return fmt.Errorf("its %s is missing: a Shapefile is the .shp, .shx, .dbf and .prj together", ext)
		}
		have, want, err := shapefileLength(name, ext)
		if err != nil {
			return err
		}
		if have < want {
			return fmt.Errorf("its %s is cut short, it has %d of %d bytes: copy it again", ext, have, want)
		}
	}
	return nil
}

// shapefileLength returns the length of a part and the length that its header declares, 0 when the header itself is cut.
func shapefileLength(name, ext string) (have, want int64, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return 0, 0, err
	}
	var head [32]byte
	if _, err := io.ReadFull(f, head[:]); err != nil {
		return st.Size(), int64(len(head)), ignoreEnd(err)
	}
	if ext == ".dbf" {
		records, size := int64(binary.LittleEndian.Uint32(head[4:])), int64(binary.LittleEndian.Uint16(head[10:]))
		return st.Size(), int64(binary.LittleEndian.Uint16(head[8:])) + records*size, nil
	}
	return st.Size(), 2 * int64(binary.BigEndian.Uint32(head[24:])), nil
}

// shapefileTable returns t with widths that a DBF has and rows that fit them.
func shapefileTable(t vector.Table, o vector.WriteOptions) (vector.Table, error) {
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
	t.Fields = fields
	t.Rows = checked(t.Rows, (&fitter{fields: fields, o: o}).fits)
	return t, nil
}
