package gdal

// #include <stdlib.h>
// #include "vector_ogr.h"
import "C"

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
)

// fieldNames lists the layer's attributes in their order.
func fieldNames(l C.OGRLayerH) []string {
	defn := C.OGR_L_GetLayerDefn(l)
	names := make([]string, C.OGR_FD_GetFieldCount(defn))
	for i := range names {
		names[i] = cleanName(C.GoString(C.OGR_Fld_GetNameRef(C.OGR_FD_GetFieldDefn(defn, C.int(i)))))
	}
	return names
}

// cleanName is a field's name as people can write it: a Shapefile cuts names at ten bytes, which may be within a character.
func cleanName(name string) string { return strings.ToValidUTF8(wholeRunes(name), "�") }

// fieldAliases lists what people see instead of the names, nil when no attribute has an alias.
func fieldAliases(l C.OGRLayerH) []string {
	defn := C.OGR_L_GetLayerDefn(l)
	aliases := make([]string, C.OGR_FD_GetFieldCount(defn))
	found := false
	for i := range aliases {
		if a := C.OGR_Fld_GetAlternativeNameRef(C.OGR_FD_GetFieldDefn(defn, C.int(i))); a != nil {
			aliases[i] = strings.ToValidUTF8(C.GoString(a), "�")
			found = found || aliases[i] != ""
		}
	}
	if !found {
		return nil
	}
	return aliases
}

// byAlias returns the layer of a FileGDB whose alias is name, nil for none. GDAL does not tell aliases of layers, but the
// database's own description of them does.
func (s *source) byAlias(name string) C.OGRLayerH {
	if s.driver() != "OpenFileGDB" {
		return nil
	}
	for i := range s.layers() {
		l := s.layer(i)
		var text string
		_ = guard(func() {
			withString("GetLayerDefinition "+layerName(l), func(sql *C.char) {
				rows := C.GDALDatasetExecuteSQL(s.ds, sql, nil, nil)
				if rows == nil {
					return
				}
				defer C.GDALDatasetReleaseResultSet(s.ds, rows)
				if f := C.OGR_L_GetNextFeature(rows); f != nil {
					text = C.GoString(C.OGR_F_GetFieldAsString(f, 0))
					C.OGR_F_Destroy(f)
				}
			})
		})
		var definition struct{ AliasName string }
		if xml.Unmarshal([]byte(text), &definition) == nil && definition.AliasName == name {
			return l
		}
	}
	return nil
}

// fields finds the wanted attributes: exact spelling before any other case, before an alias. Where no attribute is called
// so, the name of the layer's id column, fid and OBJECTID mean the feature id, index -1; "" is always null, index -2.
func (s *source) fields(l C.OGRLayerH, want []string) ([]C.int, error) {
	there := fieldNames(l)
	ids := []string{C.GoString(C.OGR_L_GetFIDColumn(l)), "fid", "objectid"}
	index := make([]C.int, 0, len(want))
	for _, name := range want {
		if name == "" {
			index = append(index, -2)
			continue
		}
		i := slices.Index(there, name)
		if i < 0 {
			i = slices.IndexFunc(there, func(t string) bool { return strings.EqualFold(t, name) })
		}
		if i < 0 {
			i = slices.Index(fieldAliases(l), name)
		}
		if i < 0 && !slices.ContainsFunc(ids, func(id string) bool { return id != "" && strings.EqualFold(name, id) }) {
			switch {
			case len(there) == 0 && s.driver() == "ESRI Shapefile":
				return nil, fmt.Errorf("layer %s of %s has no field %q, and no other, because its .dbf is missing or empty: put the .dbf beside it", layerName(l), s.path, name)
			case len(there) == 0:
				return nil, fmt.Errorf("layer %s of %s has no field %q, and no other: give a layer that has it", layerName(l), s.path, name)
			}
			return nil, fmt.Errorf("layer %s of %s has no field %q: its fields are %s; name one of them", layerName(l), s.path, name, strings.Join(there, ", "))
		}
		index = append(index, C.int(i))
	}
	return index, nil
}
