package export

import (
	"cmp"
	"fmt"
	"unicode/utf8"

	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/raster/vector"
)

// title of the patches in every file that has titles: they are a clue.
const title = pipeline.Clue

// job is an export that is being written.
type job struct {
	d    Drivers
	o    Options
	src  *source
	plan *Plan
	cols []column
	fill fill
}

// layer is the table of a package's patches, in the system of the export.
func (j *job) layer(p Package) vector.Table {
	return j.table(p, j.layerName(), j.src.crs, j.src.rows)
}

// geographic is the same on WGS 84.
func (j *job) geographic(p Package) vector.Table {
	return j.table(p, j.layerName(), "EPSG:4326", j.src.lonlat)
}

// layerName is that of the source, but for the tables that have a name of their own.
func (j *job) layerName() string {
	if j.o.Schema != Full {
		return "YGJCTB"
	}
	return j.src.Layer
}

func (j *job) table(p Package, name, crs string, shapes []product.Row) vector.Table {
	t := vector.Table{Name: name, Title: title, CRS: crs, Geometry: "MultiPolygon"}
	for _, c := range j.cols {
		t.Fields = append(t.Fields, c.Field)
	}
	t.Rows = func(yield func(vector.Row, error) bool) {
		for n, i := range p.rows {
			row, err := j.row(j.src.rows[i], shapes[i], n+1)
			if err != nil {
				err = fmt.Errorf("patch %s: %w", label(j.src.rows[i]), err)
			}
			if !yield(row, err) {
				return
			}
		}
	}
	return t
}

func (j *job) row(r, shape product.Row, n int) (out vector.Row, err error) {
	if shape.Geom != nil {
		if out.WKB, err = wkb.Marshal(shape.Geom); err != nil {
			return out, err
		}
	}
	for _, c := range j.cols {
		v, err := j.fill.value(c, r, n)
		if err != nil {
			return out, err
		}
		out.Values = append(out.Values, v)
	}
	return out, nil
}

// label is what people call a patch: its number, before it has one its candidate's.
func label(r product.Row) string { return cmp.Or(r.Text("JCBH"), r.Text("cid")) }

// named is the layer as KML shows it: with a name and a description.
func named(t vector.Table, names []string) vector.Table {
	t.Fields = append([]vector.Field{{Name: "Name", Type: vector.String}, {Name: "Description", Type: vector.String}}, t.Fields...)
	rows := t.Rows
	t.Rows = func(yield func(vector.Row, error) bool) {
		n := 0
		for row, err := range rows {
			if err == nil {
				row.Values = append([]any{names[n], title}, row.Values...)
			}
			n++
			if !yield(row, err) {
				return
			}
		}
	}
	return t
}

// without is the table without a field, for a format that has one of that name by itself.
func without(t vector.Table, field string) vector.Table {
	at := -1
	for i, f := range t.Fields {
		if f.Name == field {
			at = i
		}
	}
	if at < 0 {
		return t
	}
	cut := func(i int) bool { return i != at }
	t.Fields = filtered(t.Fields, cut)
	rows := t.Rows
	t.Rows = func(yield func(vector.Row, error) bool) {
		for row, err := range rows {
			if err == nil {
				row.Values = filtered(row.Values, cut)
			}
			if !yield(row, err) {
				return
			}
		}
	}
	return t
}

func filtered[T any](list []T, keep func(i int) bool) []T {
	var out []T
	for i, x := range list {
		if keep(i) {
			out = append(out, x)
		}
	}
	return out
}

// maxDBFText is the most bytes that a field of a Shapefile has.
const maxDBFText = 254

// cut counts, by field, the texts of a package that a Shapefile cannot hold whole.
func (j *job) cut(p Package) map[string]int {
	out := map[string]int{}
	for _, i := range p.rows {
		for _, c := range j.cols {
			if c.Type != vector.String {
				continue
			}
			s := j.src.rows[i].Text(c.from)
			n := len(s)
			if j.o.Encoding == "GBK" { // two bytes for each character that is not ASCII, which takes three or more in UTF-8
				n = 0
				for _, r := range s {
					n += min(utf8.RuneLen(r), 2)
				}
			}
			if n > maxDBFText {
				out[c.Name]++
			}
		}
	}
	return out
}
