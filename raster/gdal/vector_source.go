package gdal

// #include <stdlib.h>
// #include "vector_ogr.h"
import "C"

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"unsafe"

	"tuban/raster"
	"tuban/raster/vector"
)

// vectorDrivers are the formats that surveys come in. Others stay closed on purpose: some of GDAL's parsers crash on
// damaged files, and a crash would take the run with it.
var vectorDrivers = []string{"GPKG", "ESRI Shapefile", "OpenFileGDB", "GeoJSON", "GeoJSONSeq", "TopoJSON", "FlatGeobuf", "SQLite", "MapInfo File"}

// source is one open vector file. It belongs to one goroutine.
type source struct {
	path string
	ds   C.GDALDatasetH
	// encoding describes what attributes were decoded from; "" where the format itself says.
	encoding string
	// table is the attribute table of a Shapefile, "" for other formats; charset is what its bytes are taken for, "" for unknown.
	table, charset string
}

// leaf calls f, which touches the file, where the process's watcher can see it.
func (s *source) leaf(f func() error) error {
	entered := false
	err := leaf(Op{What: "survey", URI: s.path}, nil, func() error {
		entered = true
		return f()
	})
	if err != nil && !entered {
		return fmt.Errorf("reading the layer %s: %w", s.path, err)
	}
	return err
}

// checkVector refuses what GDAL must not be asked to open, or would refuse without saying what to do.
func checkVector(path string) error {
	if strings.HasPrefix(path, "/vsi") {
		return fmt.Errorf("opening %s: GDAL's virtual files are not read: unpack archives, and put the layer into a folder", path)
	}
	st, err := os.Stat(path)
	switch {
	case err != nil:
		return fmt.Errorf("opening the layer %s: %w", path, errors.Unwrap(err))
	case !st.IsDir() && !st.Mode().IsRegular():
		return fmt.Errorf("opening the layer %s: it is a device or a pipe: layers are read from files", path)
	}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz":
		return fmt.Errorf("%s is an archive: unpack it and give the file in it (the .shp, .gpkg or .gdb)", path)
	case ".kml", ".kmz":
		return fmt.Errorf("%s: KML is not read, because GDAL's reader of it does not survive damaged files: convert it with ogr2ogr out.gpkg FILE", path)
	}
	return nil
}

// openSource opens the file for reading; encoding overrides that of a Shapefile's attributes.
func openSource(path, layer, encoding string) (*source, error) {
	setup()
	if err := checkVector(path); err != nil {
		return nil, err
	}
	if ext := filepath.Ext(path); strings.EqualFold(ext, ".shp") {
		if err := checkShapefile(strings.TrimSuffix(path, ext), ".shp", ".shx"); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	s := &source{path: path}
	var options []string
	enc, err := shapefileEncoding(path, layer, encoding)
	if err != nil {
		return nil, fmt.Errorf("the attributes of %s: %w", path, err)
	}
	if enc.open != "" {
		options = append(options, "ENCODING="+enc.open)
	}
	s.encoding, s.table, s.charset = enc.says, enc.table, enc.open
	var failures []error
	err = s.leaf(func() error {
		failures = guarded(func() {
			withString(path, func(name *C.char) {
				withStrings(vectorDrivers, func(allowed **C.char) {
					withStrings(options, func(open **C.char) {
						s.ds = C.GDALOpenEx(name, C.GDAL_OF_VECTOR|C.GDAL_OF_READONLY|C.GDAL_OF_VERBOSE_ERROR, allowed, open, nil)
					})
				})
			})
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if s.ds == nil {
		err := first(failures)
		if err == nil || strings.Contains(err.Error(), "not recognized") {
			return nil, fmt.Errorf("%s is not a vector file that can be read (GeoPackage, Shapefile, FileGDB, GeoJSON, FlatGeobuf, MapInfo): convert it, for example with ogr2ogr out.gpkg FILE", path)
		}
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	if s.encoding == "" && s.driver() == "ESRI Shapefile" && s.layers() > 0 {
		s.encoding = s.sourceEncoding()
		s.charset = s.encoding
	}
	return s, nil
}

func (s *source) close() {
	if s.ds != nil {
		_ = guard(func() { C.GDALClose(s.ds) })
		s.ds = nil
	}
}

func (s *source) driver() string {
	return C.GoString(C.GDALGetDriverShortName(C.GDALGetDatasetDriver(s.ds)))
}

// sourceEncoding is what the Shapefile driver found in the .cpg or in the .dbf's language byte.
func (s *source) sourceEncoding() (name string) {
	withString("SOURCE_ENCODING", func(key *C.char) {
		withString("SHAPEFILE", func(domain *C.char) {
			name = C.GoString(C.GDALGetMetadataItem(C.GDALMajorObjectH(s.layer(0)), key, domain))
		})
	})
	return name
}

func (s *source) layers() int { return int(C.GDALDatasetGetLayerCount(s.ds)) }

func (s *source) layer(i int) C.OGRLayerH { return C.GDALDatasetGetLayer(s.ds, C.int(i)) }

func layerName(l C.OGRLayerH) string { return C.GoString(C.OGR_L_GetName(l)) }

// layerType is the layer's geometry without Z, M and curves' own names: Polygon, MultiPolygon, Unknown, None, …
func layerType(l C.OGRLayerH) (name string, polygonal, unknown bool) {
	t := C.OGR_GT_Flatten(C.OGR_L_GetGeomType(l))
	switch t {
	case C.wkbUnknown, C.wkbGeometryCollection:
		return "Geometry", false, true
	case C.wkbNone:
		return "None", false, false
	case C.wkbPolygon, C.wkbMultiPolygon, C.wkbCurvePolygon, C.wkbMultiSurface:
		polygonal = true
	}
	return strings.ReplaceAll(C.GoString(C.OGRGeometryTypeToName(t)), " ", ""), polygonal, false
}

// pick returns the layer called name, or with "" the only one that can be meant.
func (s *source) pick(name string) (C.OGRLayerH, error) {
	var listed []string
	var polygons, mixed []C.OGRLayerH
	for i := range s.layers() {
		l := s.layer(i)
		if name != "" && layerName(l) == name {
			return l, nil
		}
		kind, polygonal, unknown := layerType(l)
		if polygonal {
			polygons = append(polygons, l)
		}
		if unknown {
			mixed = append(mixed, l)
		}
		listed = append(listed, fmt.Sprintf("%s (%s)", layerName(l), kind))
	}
	there := strings.Join(listed, ", ")
	switch {
	case len(listed) == 0:
		return nil, fmt.Errorf("%s has no layers: give another file", s.path)
	case name != "":
		for i := range s.layers() {
			if l := s.layer(i); strings.EqualFold(layerName(l), name) {
				return l, nil
			}
		}
		if l := s.byAlias(name); l != nil {
			return l, nil
		}
		return nil, fmt.Errorf("%s has no layer %q: its layers are %s", s.path, name, there)
	case len(polygons) == 1:
		return polygons[0], nil
	case len(polygons) == 0 && len(mixed) == 1:
		return mixed[0], nil
	case len(polygons) == 0 && len(mixed) == 0:
		return nil, fmt.Errorf("%s has no layer of polygons, only %s: give another file", s.path, there)
	}
	return nil, fmt.Errorf("%s has several layers of polygons: say which with layer: %s", s.path, there)
}

// crs names the layer's reference system, "" for none.
func (s *source) crs(l C.OGRLayerH) string {
	sr := C.OGR_L_GetSpatialRef(l)
	if sr == nil {
		return ""
	}
	var text *C.char
	if err := guard(func() { C.OSRExportToWkt(sr, &text) }); err != nil || text == nil {
		return ""
	}
	defer C.VSIFree(unsafe.Pointer(text))
	wkt := C.GoString(text)
	// GeoPackage has two entries that stand for "not known".
	if _, name, ok := strings.Cut(wkt, `["`); wkt == "" || ok && strings.HasPrefix(name, "Undefined ") {
		return ""
	}
	own, err := parseCRS(wkt)
	if err != nil {
		return wkt
	}
	defer own.Close()
	return crsCode(own)
}

func finite(b raster.Bounds) bool {
	return !math.IsInf(b.MinX, 0) && !math.IsInf(b.MinY, 0) && !math.IsInf(b.MaxX, 0) && !math.IsInf(b.MaxY, 0)
}

func (s *source) describe(l C.OGRLayerH) (vector.LayerInfo, error) {
	info := vector.LayerInfo{Name: layerName(l), CRS: s.crs(l), Encoding: s.encoding, Fields: fieldNames(l), Aliases: fieldAliases(l), Bounds: raster.EmptyBounds()}
	info.Geometry, _, _ = layerType(l)
	var envelope C.OGREnvelope
	var got C.OGRErr
	failures := guarded(func() { info.Features = int64(C.OGR_L_GetFeatureCount(l, 1)) })
	if info.Features < 0 {
		return info, fmt.Errorf("counting the features of layer %s of %s: %w", info.Name, s.path, first(failures))
	}
	// A layer without features or geometry has no extent, which GDAL reports as a failure.
	_ = guarded(func() { got = C.OGR_L_GetExtent(l, &envelope, 1) })
	b := raster.Bounds{MinX: float64(envelope.MinX), MinY: float64(envelope.MinY), MaxX: float64(envelope.MaxX), MaxY: float64(envelope.MaxY)}
	if got == C.OGRERR_NONE && info.Features > 0 && !b.Empty() && finite(b) {
		info.Bounds = b
	}
	return info, nil
}
