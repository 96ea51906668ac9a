package export

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/raster/vector"
)

// geometryColumn is the name that GeoParquet suggests.
const geometryColumn = "geometry"

// writeParquet writes the patches of a package as GeoParquet 1.1: WKB, with the reference system as PROJJSON.
func (j *job) writeParquet(ctx context.Context, path string, p Package) error {
	t := j.layer(p)
	geo, err := j.geoMetadata(p)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	schema := parquet.SchemaOf(reflect.New(rowType(t.Fields)).Interface())
	return pipeline.ReplaceFile(path, func(w io.Writer) error {
		out := parquet.NewWriter(w, schema, parquet.Compression(&parquet.Zstd), parquet.CreatedBy("tuban", j.o.Version, ""),
			parquet.KeyValueMetadata("geo", geo), parquet.KeyValueMetadata("description", title))
		for row, err := range t.Rows {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return err
			}
			values, err := parquetRow(t.Fields, row)
			if err != nil {
				return err
			}
			if _, err := out.WriteRows([]parquet.Row{values}); err != nil {
				return err
			}
		}
		return out.Close()
	})
}

// rowType is a struct with the columns in their order, each of which may be null: parquet sorts the columns of what is no struct.
func rowType(fields []vector.Field) reflect.Type {
	types := map[vector.FieldType]reflect.Type{
		vector.String: reflect.TypeFor[string](), vector.Float: reflect.TypeFor[float64](), vector.Int: reflect.TypeFor[int32](),
		vector.Int64: reflect.TypeFor[int64](), vector.Date: reflect.TypeFor[int32](),
	}
	var out []reflect.StructField
	for i, f := range fields {
		tag := f.Name + ",optional"
		if f.Type == vector.Date {
			tag += ",date"
		}
		out = append(out, structField(i, types[f.Type], tag))
	}
	return reflect.StructOf(append(out, structField(len(fields), reflect.TypeFor[[]byte](), geometryColumn+",optional")))
}

func structField(i int, t reflect.Type, tag string) reflect.StructField {
	return reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: t, Tag: reflect.StructTag(fmt.Sprintf("parquet:%q", tag))}
}

// parquetRow is a row as columns of which each is null or defined.
func parquetRow(fields []vector.Field, row vector.Row) (parquet.Row, error) {
	out := make(parquet.Row, 0, len(fields)+1)
	for i, v := range row.Values {
		value, err := parquetValue(fields[i], v)
		if err != nil {
			return nil, err
		}
		out = append(out, level(value, v == nil, i))
	}
	return append(out, level(parquet.ByteArrayValue(row.WKB), row.WKB == nil, len(fields))), nil
}

func level(v parquet.Value, null bool, column int) parquet.Value {
	if null {
		return parquet.NullValue().Level(0, 0, column)
	}
	return v.Level(0, 1, column)
}

func parquetValue(f vector.Field, v any) (parquet.Value, error) {
	switch v := v.(type) {
	case nil:
		return parquet.NullValue(), nil
	case float64:
		return parquet.DoubleValue(v), nil
	case int64:
		if f.Type == vector.Int {
			return parquet.Int32Value(int32(v)), nil
		}
		return parquet.Int64Value(v), nil
	case string:
		if f.Type == vector.Date {
			day, err := time.Parse(time.DateOnly, v)
			return parquet.Int32Value(int32(day.Unix() / (24 * 60 * 60))), err
		}
		return parquet.ByteArrayValue([]byte(v)), nil
	}
	return parquet.Value{}, fmt.Errorf("field %s: a %T cannot be written", f.Name, v)
}

// geoMetadata is what makes a Parquet file a GeoParquet one.
func (j *job) geoMetadata(p Package) (string, error) {
	crs, err := j.d.Writers.ProjJSON(j.src.crs)
	if err != nil {
		return "", err
	}
	column := map[string]any{"encoding": "WKB", "geometry_types": []string{"MultiPolygon"}, "crs": json.RawMessage(crs), "edges": "planar"}
	if b := bounds(p, func(i int) orb.Geometry { return j.src.rows[i].Geom }); !b.IsEmpty() {
		column["bbox"] = []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
	}
	geo, err := json.Marshal(map[string]any{"version": "1.1.0", "primary_column": geometryColumn, "columns": map[string]any{geometryColumn: column}})
	return string(geo), err
}

// bounds is the rectangle around the patches of a package; geometry that is nil has no part in it.
func bounds(p Package, geometry func(i int) orb.Geometry) orb.Bound {
	out := orb.MultiPolygon{}.Bound()
	first := true
	for _, i := range p.rows {
		g := geometry(i).Bound()
		if g.IsEmpty() {
			continue
		}
		if out = out.Union(g); first {
			out, first = g, false
		}
	}
	return out
}
