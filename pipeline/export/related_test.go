package export

import (
	"fmt"
	"strings"
	"testing"

	"tuban/pipeline/product"
	"tuban/raster/vector"
)

// TestRelatedRowsFollowTheirPatches: what is said of a patch goes to the county that has it. Of a patch that a release cut, a county gets
// what is said of its own part, and nothing that is said of the whole; of one that was drawn anew, nothing.
func TestRelatedRowsFollowTheirPatches(t *testing.T) {
	about := func(cid, county string) product.Row {
		r, err := product.NewRow(nil, []string{"cid", "XZQDM", "MJ"}, []string{cid, county, "1.5"})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	released := func(i int, cid, county, area, parent string) product.Row {
		r, err := product.NewRow(patch(t, i, nil).Geom, []string{"XZQDM", "HSX", "cid", "JCMJ", "PARENT"}, []string{county, "20250820", cid, area, parent})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	rows := []product.Row{
		released(1, "whole", "220122", "100", ""),
		released(2, "cut", "220122", "60", "cut"), released(3, "cut", "220183", "40.01", "cut"),
		released(4, "drawn", "220122", "90", ""),
		released(5, "drawncut", "220122", "50", "drawncut"), released(6, "drawncut", "220183", "40", "drawncut"),
		released(7, "added", "220122", "10", ""),
	}
	patches := []product.Row{
		released(1, "whole", "220122", "100", ""), released(8, "cut", "220122", "100.01", ""), released(9, "drawn", "220122", "90", ""),
		released(10, "drawncut", "220122", "120", ""), released(11, "other", "220122", "120", ""),
	}
	var units, overlays []product.Row
	for _, cid := range []string{"whole", "cut", "drawn", "drawncut", "other"} {
		for _, county := range []string{"220122", "220183", ""} {
			units = append(units, about(cid, county))
		}
		overlays = append(overlays, about(cid, ""))
	}
	fields := []vector.Field{{Name: "cid", Type: vector.String}, {Name: "XZQDM", Type: vector.String}, {Name: "MJ", Type: vector.Float}}
	for _, c := range []struct {
		by   string
		want []string
	}{
		{ByCounty, []string{
			"220122: whole/220122 whole/220183 whole/ cut/220122; whole", "220183: cut/220183;",
		}},
		{ByNone, []string{": whole/220122 whole/220183 whole/ cut/220122 cut/220183 cut/; whole cut"}},
	} {
		j := jobOf(t, Options{By: c.by}, rows...)
		j.src.Kind, j.src.origins = "release", originsOf(rows, patches)
		j.src.related = []relation{{name: "changes_units", fields: fields, rows: units}, {name: "overlays", fields: fields, rows: overlays}}
		for i, p := range j.plan.Packages {
			tables := j.related(p)
			got := p.XZQDM + ":" + told(t, tables[0], true) + ";" + told(t, tables[1], false)
			if got != c.want[i] {
				t.Errorf("by %s: %s, want %s", c.by, got, c.want[i])
			}
			if text := j.explain(p, nil); !strings.Contains(text, "未随附") {
				t.Errorf("%s: what is left out is not said: %s", p.Dir, text)
			}
		}
	}
	j := jobOf(t, Options{}, rows[0], rows[3])
	j.src.related = []relation{{name: "overlays", fields: fields, rows: overlays}}
	if got := told(t, j.related(j.plan.Packages[0])[0], false); got != " whole drawn" {
		t.Errorf("a product's patches are its own, it gives%s", got)
	}
	if text := j.explain(j.plan.Packages[0], nil); strings.Contains(text, "未随附") {
		t.Errorf("nothing is left out of %s", text)
	}
}

// told are the rows of a table: the candidates, with the county.
func told(t *testing.T, table vector.Table, county bool) string {
	t.Helper()
	out := ""
	for r, err := range table.Rows {
		if err != nil || r.Values[2] != 1.5 {
			t.Fatal(r, err)
		}
		out += fmt.Sprint(" ", r.Values[0])
		if county {
			text, _ := r.Values[1].(string)
			out += "/" + text
		}
	}
	return out
}
