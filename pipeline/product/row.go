package product

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"tuban/raster/vector"
)

// Row is one row of a layer. Its fields are found by name in any case; one that the layer lacks is null.
type Row struct {
	FID int64
	// Geom is nil in a layer without geometry, and where Problem says why the row's cannot be used.
	Geom    orb.MultiPolygon
	Problem string
	header  *header
	values  []string
}

type header struct {
	names   []string
	aliases []string
	at      map[string]int
}

func newHeader(info vector.LayerInfo) *header {
	h := &header{names: info.Fields, aliases: info.Aliases, at: make(map[string]int, len(info.Fields))}
	for i, name := range info.Fields {
		h.at[strings.ToUpper(name)] = i
	}
	return h
}

// Text is a field as it is written, "" for null.
func (r Row) Text(field string) string {
	if r.header == nil {
		return ""
	}
	i, ok := r.header.at[strings.ToUpper(field)]
	if !ok {
		return ""
	}
	return r.values[i]
}

// Number is a field as a number; ok is false for null, and for text that is no number.
func (r Row) Number(field string) (v float64, ok bool) {
	s := r.Text(field)
	if s == "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

// Has reports whether the layer has the field.
func (r Row) Has(field string) bool {
	if r.header == nil {
		return false
	}
	_, ok := r.header.at[strings.ToUpper(field)]
	return ok
}

// Fields are the names of the layer's fields, in its order.
func (r Row) Fields() []string {
	if r.header == nil {
		return nil
	}
	return r.header.names
}

// NewRow makes a row of a layer that is not in a file. Values stand beside the fields, "" for null.
func NewRow(geom orb.MultiPolygon, fields, values []string) (Row, error) {
	if len(fields) != len(values) {
		return Row{}, fmt.Errorf("%d fields and %d values", len(fields), len(values))
	}
	return Row{Geom: geom, header: newHeader(vector.LayerInfo{Fields: fields}), values: values}, nil
}
