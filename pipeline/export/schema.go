package export

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/raster/vector"
)

// The schemas: the ministry's minimum, the provincial table of 2026, and all that the product has.
const (
	Ministry = "ministry"
	Province = "province"
	Full     = "full"
)

//go:embed schemas.csv
var schemasText string

// column is a field on its way out, and where its value comes from: a field of the patch, or one of =number (of the row in its
// file, from 1), =created (the day of the product) and =exported.
type column struct {
	vector.Field
	from string
}

var fixed = parseSchemas()

func parseSchemas() map[string][]column {
	out := map[string][]column{}
	for _, r := range embedded("schemas.csv", schemasText, 8) {
		width, err := strconv.Atoi(r[4])
		precision, err2 := strconv.Atoi(r[5])
		if err != nil || err2 != nil {
			panic(fmt.Sprintf("export: schemas.csv: %v", r))
		}
		out[r[0]] = append(out[r[0]], column{vector.Field{Name: r[1], Type: vector.FieldType(r[3]), Width: width, Precision: precision, Alias: r[6]}, r[2]})
	}
	return out
}

// Schemas are the names of all schemas.
func Schemas() []string { return []string{Full, Ministry, Province} }

// columns are the fields of the schema for patches that have the fields there.
func columns(schema string, there []vector.Field) []column {
	if schema != Full {
		return slices.Clone(fixed[schema])
	}
	known := map[string]vector.Field{}
	for _, f := range pipeline.PatchFields() {
		known[f.Name] = f
	}
	var out []column
	for _, f := range there {
		// A GeoPackage bounds no number: the widths that patches are made with are those of a Shapefile.
		if k, ok := known[f.Name]; ok && k.Type == f.Type {
			f.Width, f.Precision = k.Width, k.Precision
		}
		out = append(out, column{f, f.Name})
	}
	return out
}

// fill is what columns have that is not a field of the patch.
type fill struct{ created, exported time.Time }

// value is what column c has for a row, number n of its file; nil is null. Text that is no value of the column's type is an error.
func (f fill) value(c column, r product.Row, n int) (any, error) {
	switch c.from {
	case "=number":
		return int64(n), nil
	case "=created":
		return f.created.Format(time.DateOnly), nil
	case "=exported":
		return f.exported.Format(time.DateOnly), nil
	}
	return product.Typed(c.Field, r.Text(c.from))
}
