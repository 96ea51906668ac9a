package gdal

// #include <stdlib.h>
// #include "vector_ogr.h"
import "C"

import (
	"context"
	"fmt"
	"strings"

	"tuban/raster/vector"
)

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
