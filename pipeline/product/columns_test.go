package product

import (
	"fmt"
	"testing"

	"tuban/raster/vector"
)

func TestValuesAreTyped(t *testing.T) {
	for _, c := range []struct {
		field vector.FieldType
		text  string
		want  string
	}{
		{vector.String, "0103", "0103"}, {vector.String, "", "<nil>"}, {vector.Float, "1000.01", "1000.01"}, {vector.Int, "12", "12"}, {vector.Float, "", "<nil>"},
		{vector.Date, "20250820", "2025-08-20"}, {vector.Date, "2025-08-20", "2025-08-20"},
		{vector.Float, "much", "error"}, {vector.Int64, "1.5", "error"}, {vector.Date, "20251332", "error"},
	} {
		v, err := Typed(vector.Field{Name: "X", Type: c.field}, c.text)
		got := fmt.Sprint(v)
		if err != nil {
			got = "error"
		}
		if got != c.want {
			t.Errorf("%q as %s: %s (%v), want %s", c.text, c.field, got, err, c.want)
		}
	}
}

// FuzzTyped: what a column takes is of its type; the rest is an error.
func FuzzTyped(f *testing.F) {
	for _, s := range []string{"", "0103", "1000.01", "20250820", "2025-08-20", "1e400", "NaN", "-0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for kind, want := range map[vector.FieldType]string{vector.String: "string", vector.Float: "float64", vector.Int: "int64", vector.Int64: "int64", vector.Date: "string"} {
			v, err := Typed(vector.Field{Name: "X", Type: kind}, s)
			if err == nil && v != nil && fmt.Sprintf("%T", v) != want || err != nil && v != nil || s == "" && (v != nil || err != nil) {
				t.Errorf("%q as %s: %v (%T), %v", s, kind, v, v, err)
			}
		}
	})
}
