package gdal

// #include <stdlib.h>
// #include "vector_ogr.h"
import "C"

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sync/errgroup"

	"tuban/raster/vector"
)

// writeBatch is how many bytes of rows go to C in one call.
const writeBatch = 1 << 18

// sink is a vector file being written; its errors leave the file's name to the caller, who knows the final one. It belongs to one goroutine, which stays on one thread: the settings that
// pin the file's clock hold for a thread.
type sink struct {
	path string
	ds   C.GDALDatasetH
	set  []string
	// renames lets the driver change names of fields that its format reserves; without it they are an error.
	renames bool
}

// createSink creates a file of the driver; settings are GDAL's configuration for as long as it is open.
func createSink(driver, path string, settings map[string]string) (*sink, error) {
	setup()
	runtime.LockOSThread()
	s := &sink{path: path}
	for key, value := range settings {
		s.configure(key, &value)
		s.set = append(s.set, key)
	}
	err := guard(func() {
		withString(driver, func(name *C.char) {
			withString(path, func(path *C.char) {
				if d := C.GDALGetDriverByName(name); d != nil {
					s.ds = C.GDALCreate(d, path, 0, 0, 0, C.GDT_Unknown, nil)
				}
			})
		})
	})
	if s.ds == nil {
		s.release()
		return nil, orUnknown(err)
	}
	return s, nil
}

func (s *sink) configure(key string, value *string) {
	withString(key, func(k *C.char) {
		if value == nil {
			C.CPLSetThreadLocalConfigOption(k, nil)
			return
		}
		withString(*value, func(v *C.char) { C.CPLSetThreadLocalConfigOption(k, v) })
	})
}

// execute runs a statement that returns no rows.
func (s *sink) execute(sql string) error {
	return guard(func() {
		withString(sql, func(sql *C.char) {
			if rows := C.GDALDatasetExecuteSQL(s.ds, sql, nil, nil); rows != nil {
				C.GDALDatasetReleaseResultSet(s.ds, rows)
			}
		})
	})
}

// close writes what is left; a second call does nothing.
func (s *sink) close() error {
	if s.ds == nil {
		return nil
	}
	err := guard(func() { C.GDALClose(s.ds) })
	s.ds = nil
	s.release()
	if err != nil {
		return fmt.Errorf("closing the file: %w", err)
	}
	return nil
}

func (s *sink) release() {
	for _, key := range s.set {
		s.configure(key, nil)
	}
	runtime.UnlockOSThread()
}

func orUnknown(err error) error {
	if err == nil {
		return errors.New("no reason given")
	}
	return err
}

var geometryTypes = map[string]C.OGRwkbGeometryType{
	"": C.wkbNone, "Polygon": C.wkbPolygon, "MultiPolygon": C.wkbMultiPolygon, "Point": C.wkbPoint,
	"LineString": C.wkbLineString, "MultiLineString": C.wkbMultiLineString, "Geometry": C.wkbUnknown,
}

var fieldTypes = map[vector.FieldType]C.OGRFieldType{
	vector.String: C.OFTString, vector.Float: C.OFTReal, vector.Int: C.OFTInteger, vector.Int64: C.OFTInteger64,
	vector.Date: C.OFTDate,
}

// writeTable creates the layer of t with the driver's layer options and fills it.
func (s *sink) writeTable(ctx context.Context, t vector.Table, options []string, transaction bool) error {
	kind, ok := geometryTypes[t.Geometry]
	if !ok {
		return fmt.Errorf("layer %s: unknown geometry type %q", t.Name, t.Geometry)
	}
	layer, err := s.createLayer(t, kind, options)
	if err != nil {
		return fmt.Errorf("creating layer %s: %w", t.Name, err)
	}
	write := func() error { return writeRows(ctx, layer, kind, t) }
	if transaction {
		err = s.transaction(write)
	} else {
		err = write()
	}
	if err != nil {
		return fmt.Errorf("layer %s: %w", t.Name, err)
	}
	return nil
}

// transaction has the database keep what body writes at once, which is a journal on disk for all of it instead of for each
// statement. A body that fails leaves a file that is thrown away.
func (s *sink) transaction(body func() error) error {
	if err := guard(func() { C.GDALDatasetStartTransaction(s.ds, 0) }); err != nil {
		return err
	}
	if err := body(); err != nil {
		return err
	}
	return guard(func() { C.GDALDatasetCommitTransaction(s.ds) })
}

func (s *sink) createLayer(t vector.Table, kind C.OGRwkbGeometryType, options []string) (layer C.OGRLayerH, err error) {
	var sr C.OGRSpatialReferenceH
	if t.CRS != "" && kind != C.wkbNone {
		if sr, err = spatialReference(t.CRS); err != nil {
			return nil, err
		}
		defer C.OSRRelease(sr)
	}
	err = guard(func() {
		withString(t.Name, func(name *C.char) {
			withStrings(options, func(options **C.char) {
				layer = C.GDALDatasetCreateLayer(s.ds, name, sr, kind, options)
			})
		})
	})
	if layer == nil || err != nil {
		return nil, orUnknown(err)
	}
	own := fieldNames(layer)
	for i, f := range t.Fields {
		if i < len(own) && own[i] == f.Name {
			continue
		}
		if i < len(own) {
			return nil, fmt.Errorf("field %s: the format begins with the fields %s: begin with them", f.Name, strings.Join(own, ", "))
		}
		if err := createField(layer, f, s.renames); err != nil {
			return nil, fmt.Errorf("field %s: %w", f.Name, err)
		}
	}
	return layer, nil
}

func createField(layer C.OGRLayerH, f vector.Field, renames bool) error {
	kind, ok := fieldTypes[f.Type]
	if !ok {
		return fmt.Errorf("unknown type %q", f.Type)
	}
	var approximate C.int
	if renames {
		approximate = 1
	}
	return guard(func() {
		withString(f.Name, func(name *C.char) {
			defn := C.OGR_Fld_Create(name, kind)
			defer C.OGR_Fld_Destroy(defn)
			C.OGR_Fld_SetWidth(defn, C.int(f.Width))
			C.OGR_Fld_SetPrecision(defn, C.int(f.Precision))
			if f.Alias != "" {
				withString(f.Alias, func(alias *C.char) { C.OGR_Fld_SetAlternativeName(defn, alias) })
			}
			C.OGR_L_CreateField(layer, defn, approximate)
		})
	})
}

// batch is packed rows, the last of which is number upTo of the table.
type batch struct {
	data []byte
	upTo int
}

// writeRows hands rows to C batch by batch, while another goroutine packs the next ones.
func writeRows(ctx context.Context, layer C.OGRLayerH, kind C.OGRwkbGeometryType, t vector.Table) error {
	if t.Rows == nil {
		return nil
	}
	packing, stop := context.WithCancel(ctx)
	defer stop()
	full, spare := make(chan batch), make(chan []byte, 2)
	var g errgroup.Group
	g.Go(func() error {
		defer close(full)
		return packRows(packing, t, full, spare)
	})
	err := writeBatches(layer, kind, len(t.Fields), full, spare)
	stop() // a packer whose batches nobody takes any more must not wait for that
	if packed := g.Wait(); err == nil {
		err = packed
	}
	return err
}

// packRows sends the rows of t in batches, in buffers that come back through spare.
func packRows(ctx context.Context, t vector.Table, full chan<- batch, spare <-chan []byte) error {
	var b batch
	send := func() error {
		if len(b.data) == 0 {
			return nil
		}
		select {
		case full <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case b.data = <-spare:
		default:
			b.data = nil
		}
		return nil
	}
	for row, err := range t.Rows {
		if err == nil {
			b.data, err = appendRow(b.data, t, row)
		}
		if err != nil {
			return fmt.Errorf("row %d: %w", b.upTo+1, err)
		}
		b.upTo++
		if len(b.data) >= writeBatch {
			if err := send(); err != nil {
				return err
			}
		}
	}
	return send()
}

// writeBatches writes the batches on the goroutine that owns the layer.
func writeBatches(layer C.OGRLayerH, kind C.OGRwkbGeometryType, fields int, full <-chan batch, spare chan<- []byte) error {
	written := 0
	for b := range full {
		var n int
		err := guard(func() {
			n = int(C.tuban_write(layer, kind, C.int(fields), (*C.uchar)(unsafe.Pointer(unsafe.SliceData(b.data))), C.size_t(len(b.data))))
		})
		if written += n; written < b.upTo || err != nil {
			return fmt.Errorf("row %d: %w", written+1, orUnknown(err))
		}
		select {
		case spare <- b.data[:0]:
		default:
		}
	}
	return nil
}

// appendRow encodes a row as tuban_write reads it.
func appendRow(b []byte, t vector.Table, row vector.Row) ([]byte, error) {
	if len(row.Values) != len(t.Fields) {
		return b, fmt.Errorf("%d values for %d fields", len(row.Values), len(t.Fields))
	}
	if t.Geometry == "" && len(row.WKB) > 0 {
		return b, errors.New("a geometry in a table without geometry")
	}
	b = binary.NativeEndian.AppendUint32(b, uint32(len(row.WKB)))
	b = append(b, row.WKB...)
	for i, v := range row.Values {
		f := t.Fields[i]
		if v == nil {
			b = append(b, 0)
			continue
		}
		var err error
		if b, err = appendValue(b, f, v); err != nil {
			return b, fmt.Errorf("field %s: %w", f.Name, err)
		}
	}
	return b, nil
}

func appendValue(b []byte, f vector.Field, v any) ([]byte, error) {
	switch v := v.(type) {
	case string:
		if f.Type == vector.Date {
			if _, err := time.Parse(time.DateOnly, v); err != nil {
				return b, fmt.Errorf("%q is no day: write YYYY-MM-DD", v)
			}
		} else if f.Type != vector.String {
			return b, fmt.Errorf("text %q in a field of type %s", v, f.Type)
		}
		b = binary.NativeEndian.AppendUint32(append(b, 1), uint32(len(v)))
		return append(b, v...), nil
	case float64:
		if f.Type != vector.Float {
			return b, fmt.Errorf("number %v in a field of type %s", v, f.Type)
		}
		if math.IsNaN(v) {
			return append(b, 0), nil
		}
		if math.IsInf(v, 0) {
			return b, errors.New("the number is infinite")
		}
		return binary.NativeEndian.AppendUint64(append(b, 2), math.Float64bits(v)), nil
	case int:
		return appendValue(b, f, int64(v))
	case int64:
		switch f.Type {
		case vector.Float:
			return appendValue(b, f, float64(v))
		case vector.Int:
			if v < math.MinInt32 || v > math.MaxInt32 {
				return b, fmt.Errorf("%d does not fit 32 bits", v)
			}
		case vector.Int64:
		default:
			return b, fmt.Errorf("number %d in a field of type %s", v, f.Type)
		}
		return binary.NativeEndian.AppendUint64(append(b, 3), uint64(v)), nil
	}
	return b, fmt.Errorf("a %T cannot be written", v)
}

// formatted is the length of a number as a DBF of this precision writes it.
func formatted(v float64, precision int) int { return len(strconv.FormatFloat(v, 'f', precision, 64)) }

// clock is the time files record; the zero value stands for the epoch, so that files do not differ by accident.
func clock(o vector.WriteOptions) time.Time {
	if o.Clock.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return o.Clock.UTC()
}

// whyFull adds to a writer's error that the disk at path is full, when it is: GDAL's own words seldom say so.
func whyFull(path string, err error) error {
	const least = 256 << 10
	var disk syscall.Statfs_t
	if syscall.Statfs(filepath.Dir(path), &disk) == nil && int64(disk.Bavail)*disk.Bsize < least {
		return fmt.Errorf("the disk is full: free some space, or write elsewhere: %w", err)
	}
	return err
}

func flush(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// partName is the name beside path under which a file grows: its extension, by which drivers go, stays.
func partName(path string) string {
	ext := filepath.Ext(path)
	return path[:len(path)-len(ext)] + ".part" + ext
}
