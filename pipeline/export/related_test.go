package export

import (
	"fmt"
	"testing"

	"tuban/pipeline/product"
	"tuban/raster/vector"
)

// TestRelatedRowsFollowTheirPatches: what is said of a patch goes to the county that has it; of a patch that a release cut, each
// county gets its own part, and what is said of none of them.
func TestRelatedRowsFollowTheirPatches(t *testing.T) {
	row := func(cid, county string) product.Row {
		r, err := product.NewRow(nil, []string{"cid", "XZQDM", "MJ"}, []string{cid, county, "1.5"})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	a, cut, rest := usual(t, 1, "220122"), usual(t, 2, "220122"), usual(t, 2, "220183")
	j := jobOf(t, Options{}, a, cut, rest)
	j.src.related = []relation{{name: "changes_units", fields: []vector.Field{{Name: "cid", Type: vector.String}, {Name: "XZQDM", Type: vector.String}, {Name: "MJ", Type: vector.Float}},
		rows: []product.Row{row(a.Text("cid"), "220122"), row(cut.Text("cid"), "220122"), row(cut.Text("cid"), "220183"), row(cut.Text("cid"), ""), row("other", "220122")}}}
	for kind, want := range map[string]string{
		// A product has whole patches: only a release has one patch in two counties.
		"release": "220122: 1/220122 2/220122 2/, 220183: 2/220183 2/",
		"product": "220122: 1/220122 2/220122 2/220183 2/, 220183: 2/220122 2/220183 2/",
	} {
		j.src.Kind = kind
		got := ""
		for i, p := range j.plan.Packages {
			if i > 0 {
				got += ", "
			}
			got += p.XZQDM + ":"
			for r, err := range j.related(p)[0].Rows {
				if err != nil || r.Values[2] != 1.5 {
					t.Fatal(r, err)
				}
				cid := fmt.Sprint(r.Values[0])
				county, _ := r.Values[1].(string)
				got += " " + cid[len(cid)-1:] + "/" + county
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
}
