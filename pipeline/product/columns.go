package product

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tuban/pipeline"
	"tuban/raster/vector"
)

// Columns are the definitions of fields of the layer `changes`, by name, in the order given. One that this version of the
// program does not know is text.
func Columns(names []string) []vector.Field {
	known := pipeline.PatchFields()
	out := make([]vector.Field, len(names))
	for i, name := range names {
		out[i] = vector.Field{Name: name, Type: vector.String, Width: 254}
		if k := slices.IndexFunc(known, func(f vector.Field) bool { return f.Name == name }); k >= 0 {
			out[i] = known[k]
		}
	}
	return out
}

// Typed is the text of a row's field as a column of the type of f holds it; "" is null.
func Typed(f vector.Field, text string) (any, error) {
	if text == "" {
		return nil, nil
	}
	var v any = text
	var err error
	switch f.Type {
	case vector.Float:
		v, err = strconv.ParseFloat(text, 64)
	case vector.Int, vector.Int64:
		v, err = strconv.ParseInt(text, 10, 64)
	case vector.Date:
		var day time.Time
		if day, err = time.Parse("20060102", strings.ReplaceAll(text, "-", "")); err != nil {
			return nil, fmt.Errorf("%s is %q, where a day belongs", f.Name, text)
		}
		v = day.Format(time.DateOnly)
	}
	if err != nil {
		return nil, fmt.Errorf("%s is %q, where a number belongs", f.Name, text)
	}
	return v, nil
}

// Version names the candidate of a row and the version of its geometry. Before products had versions, the cid was one.
func (r Row) Version() (cid, gv string) {
	if cid, gv = r.Text("cid"), r.Text("gv"); gv == "" {
		gv = cid
	}
	return cid, gv
}

// Values are the fields of a row that are not null, by name.
func (r Row) Values() map[string]string {
	out := map[string]string{}
	for _, f := range r.Fields() {
		if v := r.Text(f); v != "" {
			out[f] = v
		}
	}
	return out
}
