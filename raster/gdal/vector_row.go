package gdal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"tuban/raster/vector"
)

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
