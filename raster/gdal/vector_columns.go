package gdal

// #include "vector_ogr.h"
import "C"

import (
	"context"

	"tuban/raster/vector"
)

// LayerFields are the attributes of the layer s as they would be written again: types, widths, decimals, aliases. What is
// neither a number nor a day is a string, as ReadLayer gives it; Width is 0 where the file does not bound it.
func LayerFields(ctx context.Context, s vector.LayerSpec) ([]vector.Field, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	src, err := openSource(s.Source, s.Layer, s.Encoding)
	if err != nil {
		return nil, err
	}
	defer src.close()
	var fields []vector.Field
	err = src.leaf(func() error {
		l, err := src.pick(s.Layer)
		if err != nil {
			return err
		}
		defn := C.OGR_L_GetLayerDefn(l)
		aliases := fieldAliases(l)
		for i, name := range fieldNames(l) {
			f := C.OGR_FD_GetFieldDefn(defn, C.int(i))
			field := vector.Field{Name: name, Type: typeOf(f), Width: int(C.OGR_Fld_GetWidth(f)), Precision: int(C.OGR_Fld_GetPrecision(f))}
			if aliases != nil {
				field.Alias = aliases[i]
			}
			fields = append(fields, field)
		}
		return nil
	})
	return fields, err
}

func typeOf(f C.OGRFieldDefnH) vector.FieldType {
	switch C.OGR_Fld_GetType(f) {
	case C.OFTInteger:
		return vector.Int
	case C.OFTInteger64:
		return vector.Int64
	case C.OFTReal:
		return vector.Float
	case C.OFTDate, C.OFTDateTime:
		return vector.Date
	}
	return vector.String
}
