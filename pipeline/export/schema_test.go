package export

import (
	"regexp"
	"strings"
	"testing"

	"tuban/raster/vector"
)

// TestSchemasAreThoseOfTheirSource: types and widths follow the code that the source table gives (C8 is a text of 8, N a
// number with two decimals, I a whole number, D a day), and a Shapefile can hold the names.
func TestSchemasAreThoseOfTheirSource(t *testing.T) {
	code := regexp.MustCompile(`^(YGJCTB_min|YGJCTB_province_2026) ([CNID])(\d*)$`)
	counts := map[string]int{}
	for _, r := range embedded("schemas.csv", schemasText, 8) {
		counts[r[0]]++
		m := code.FindStringSubmatch(r[7])
		if m == nil {
			t.Errorf("%s %s: source %q", r[0], r[1], r[7])
			continue
		}
		want := map[string]vector.FieldType{"C": vector.String, "N": vector.Float, "I": vector.Int, "D": vector.Date}[m[2]]
		if r[3] != string(want) || m[3] != "" && r[4] != m[3] || want == vector.Float && r[5] != "2" || len(r[1]) > 10 {
			t.Errorf("%s %s is %s %s.%s, its source says %s", r[0], r[1], r[3], r[4], r[5], r[7])
		}
	}
	if counts[Ministry] != 6 || counts[Province] != 23 {
		t.Errorf("the schemas have %v fields", counts)
	}
	have := map[string]vector.Field{}
	for _, f := range patchFields {
		have[f.Name] = f
	}
	for name, cols := range fixed {
		for _, c := range cols {
			f, ok := have[c.from]
			if !strings.HasPrefix(c.from, "=") && (!ok || f.Type == vector.String && f.Width > c.Width) {
				t.Errorf("%s: a patch's %s does not fit %s", name, c.from, c.Name)
			}
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	ok := Options{To: "delivery"}
	if _, err := ok.withDefaults(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Options){
		"format": func(o *Options) { o.Formats = []Format{"dwg"} }, "by": func(o *Options) { o.By = "town" }, "schema": func(o *Options) { o.Schema = "x" },
		"encoding": func(o *Options) { o.Encoding = "BIG5" }, "batch": func(o *Options) { o.Batch = "a/b" }, "scheme": func(o *Options) { o.Scheme = "x" },
		"database without its format": func(o *Options) { o.Database = "postgres://x" }, "format without a database": func(o *Options) { o.Formats = []Format{PostGIS} },
		"no folder": func(o *Options) { o.To = "" }, "objects": func(o *Options) { o.To = "s3://bucket/x" },
	} {
		o := ok
		if change(&o); true {
			if _, err := o.withDefaults(); err == nil {
				t.Errorf("%s: no error", name)
			}
		}
	}
}
