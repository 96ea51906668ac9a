package gdal

// #include <stdlib.h>
// #include "vector_ogr.h"
import "C"

import (
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"strings"
	"unsafe"

	"tuban/raster/vector"
)

// A batch is read in one call into C: so many features, or about so many bytes.
const (
	batchFeatures = 512
	batchBytes    = 1 << 20
)

// maxInterned bounds, per field, the distinct values that share one string.
const maxInterned = 4096

// ReadLayer visits the features of the layer s in the file's order with their geometry in dstCRS, or in the layer's
// own for "". The Feature, its WKB and its Values are overwritten after the visit; the strings may be kept.
// Attributes come as text without surrounding blanks, null as "".
//
// A geometry that cannot be used, because its record is damaged or its coordinates cannot be transformed, comes as
// a nil WKB, a Problem and a warning that names the feature. A reading that ends early, a visit's error and ctx's end are
// errors. Visits do not run concurrently.
func ReadLayer(ctx context.Context, s vector.LayerSpec, dstCRS string, visit func(vector.Feature) error) error {
	src, err := openSource(s.Source, s.Layer, s.Encoding)
	if err != nil {
		return err
	}
	defer src.close()
	if err := src.checkText(ctx); err != nil {
		return err
	}
	var r *reader
	var dec *decoder
	err = src.leaf(func() error {
		l, err := src.pick(s.Layer)
		if err != nil {
			return err
		}
		fields, err := src.fields(l, s.Fields)
		if err != nil {
			return err
		}
		transform, err := src.transform(l, dstCRS)
		if err != nil {
			return err
		}
		r, dec = newReader(l, fields, transform), newDecoder(layerName(l), s.Source, len(fields))
		return nil
	})
	if err != nil {
		return err
	}
	defer r.free()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		// A watcher's deadline is for one batch, and the visits are none of its business: they may call GDAL themselves.
		var failures []error
		if err := src.leaf(func() error { failures = r.next(); return nil }); err != nil {
			return err
		}
		if err := dec.visitAll(r.out.bytes(), visit); err != nil {
			return err
		}
		switch r.c.end {
		case 2:
			return fmt.Errorf("reading layer %s of %s ended after %d features (copy the file again if it was cut): %w", dec.layer, s.Source, int64(r.c.read), first(failures))
		case 1:
			dec.report(failures)
			dec.summarise()
			return nil
		}
		// The reading went on after these: they concern single features.
		dec.report(failures)
	}
}

// reader holds what C needs while it reads.
type reader struct {
	c   *C.tuban_reader
	out buffer
}

func newReader(l C.OGRLayerH, fields []C.int, transform C.OGRCoordinateTransformationH) *reader {
	c := (*C.tuban_reader)(C.calloc(1, C.size_t(unsafe.Sizeof(C.tuban_reader{}))))
	own := (*C.int)(C.calloc(C.size_t(len(fields)+1), C.size_t(unsafe.Sizeof(C.int(0)))))
	copy(unsafe.Slice(own, len(fields)), fields)
	c.layer, c.transform, c.fields, c.nfields = l, transform, own, C.int(len(fields))
	return &reader{c, newBuffer()}
}

func (r *reader) next() (failures []error) {
	r.out.reset()
	return guarded(func() { C.tuban_read(r.c, batchFeatures, batchBytes, r.out.c) })
}

func (r *reader) free() {
	r.out.free()
	C.OCTDestroyCoordinateTransformation(r.c.transform)
	C.free(unsafe.Pointer(r.c.fields))
	C.free(unsafe.Pointer(r.c))
}

// transform returns the way from the layer's reference system to dst, nil when they are the same or dst is "".
func (s *source) transform(l C.OGRLayerH, dst string) (C.OGRCoordinateTransformationH, error) {
	if dst == "" {
		return nil, nil
	}
	own := s.crs(l)
	if own == "" {
		return nil, fmt.Errorf("layer %s of %s has no coordinate reference system: assign it, for example with ogr2ogr -a_srs EPSG:4530 out.gpkg FILE", layerName(l), s.path)
	}
	if own == dst {
		return nil, nil
	}
	from, err := spatialReference(own)
	if err != nil {
		return nil, fmt.Errorf("reference system of layer %s of %s: %w", layerName(l), s.path, err)
	}
	defer C.OSRRelease(from)
	to, err := spatialReference(dst)
	if err != nil {
		return nil, err
	}
	defer C.OSRRelease(to)
	if C.OSRIsSame(from, to) != 0 {
		return nil, nil
	}
	var t C.OGRCoordinateTransformationH
	err = guard(func() { t = C.OCTNewCoordinateTransformation(from, to) })
	if t == nil {
		return nil, fmt.Errorf("no way from %s to %s: %w", shorten(own), shorten(dst), err)
	}
	return t, nil
}

// spatialReference is crs for C, in traditional axis order; the caller releases it.
func spatialReference(crs string) (C.OGRSpatialReferenceH, error) {
	checked, err := parseCRS(crs)
	if err != nil {
		return nil, err
	}
	checked.Close()
	sr := C.OSRNewSpatialReference(nil)
	var code C.OGRErr
	err = guard(func() {
		withString(strings.TrimSpace(crs), func(text *C.char) { code = C.OSRSetFromUserInput(sr, text) })
	})
	if code != C.OGRERR_NONE {
		C.OSRRelease(sr)
		return nil, fmt.Errorf("coordinate reference system %s: %w", shorten(crs), err)
	}
	C.OSRSetAxisMappingStrategy(sr, C.OAMS_TRADITIONAL_GIS_ORDER)
	return sr, nil
}

// decoder turns batches from C into Features.
type decoder struct {
	layer, path string
	text        []byte
	feature     vector.Feature
	types       map[string]string
	interned    []map[string]string
	problems    int
	garbled     int64 // values with characters that could not be read
}

// maxProblems is how many single features are named in the log; beyond it they are counted.
const maxProblems = 20

func (d *decoder) report(problems []error) {
	for _, err := range problems {
		if d.problems++; d.problems <= maxProblems {
			slog.Warn("damaged feature", "layer", d.layer, "file", d.path, "problem", err)
		}
	}
}

func (d *decoder) summarise() {
	if d.problems > maxProblems {
		slog.Warn("damaged features", "layer", d.layer, "file", d.path, "count", d.problems)
	}
	if d.garbled > 0 {
		slog.Warn("values with characters that are not UTF-8: if the file is a Shapefile, give its `encoding:`, such as GBK", "layer", d.layer, "file", d.path, "count", d.garbled)
	}
}

func newDecoder(layer, path string, fields int) *decoder {
	d := &decoder{layer: layer, path: path, types: map[string]string{}, interned: make([]map[string]string, fields)}
	d.feature.Values = make([]string, fields)
	for i := range d.interned {
		d.interned[i] = map[string]string{}
	}
	return d
}

func (d *decoder) visitAll(batch []byte, visit func(vector.Feature) error) error {
	// A visitor that keeps the WKB must see stale bytes, not freed memory.
	d.text = append(d.text[:0], batch...)
	for rest := d.text; len(rest) > 0; {
		f := &d.feature
		f.FID = int64(binary.NativeEndian.Uint64(rest))
		var kind, problem []byte
		kind, rest = cut(rest[8:])
		problem, rest = cut(rest)
		f.WKB, rest = cut(rest)
		f.Type = d.typeName(kind)
		if len(f.WKB) == 0 {
			f.WKB = nil
		}
		if f.Problem = string(problem); len(problem) > 0 {
			d.report([]error{fmt.Errorf("feature %d is left without geometry: %s", f.FID, problem)})
		}
		for i := range f.Values {
			var v []byte
			v, rest = cut(rest)
			f.Values[i] = intern(d.interned[i], v)
			if strings.Contains(f.Values[i], "�") {
				d.garbled++
			}
		}
		if err := visit(*f); err != nil {
			return err
		}
	}
	return nil
}

func cut(b []byte) (item, rest []byte) {
	n := binary.NativeEndian.Uint32(b)
	return b[4 : 4+n : 4+n], b[4+n:]
}

// intern returns b as clean text. Classes and units repeat a million times: they share one string each.
func intern(known map[string]string, b []byte) string {
	if s, ok := known[string(b)]; ok {
		return s
	}
	raw := string(b)
	s := strings.TrimSpace(strings.ToValidUTF8(wholeRunes(raw), "�"))
	if len(known) < maxInterned {
		known[raw] = s
	}
	return s
}

var typeNames = map[string]string{
	"POINT": "Point", "LINESTRING": "LineString", "POLYGON": "Polygon", "MULTIPOINT": "MultiPoint",
	"MULTILINESTRING": "MultiLineString", "MULTIPOLYGON": "MultiPolygon", "GEOMETRYCOLLECTION": "GeometryCollection",
	"CURVEPOLYGON": "CurvePolygon", "MULTISURFACE": "MultiSurface", "COMPOUNDCURVE": "CompoundCurve",
	"MULTICURVE": "MultiCurve", "CIRCULARSTRING": "CircularString", "POLYHEDRALSURFACE": "PolyhedralSurface",
	"TRIANGLE": "Triangle", "LINEARRING": "LinearRing",
}

func (d *decoder) typeName(ogr []byte) string {
	if s, ok := typeNames[string(ogr)]; ok {
		return s
	}
	return intern(d.types, ogr)
}
