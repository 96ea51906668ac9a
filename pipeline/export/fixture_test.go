package export

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/raster/vector"
)

// patchFields are the fields of the patches that tests make, a part of a product's.
var patchFields = func() []vector.Field {
	out := pipeline.PatchFields()
	for _, name := range []string{"YXJ", "XZMC", "CMC", "YNMJ"} {
		f := vector.Field{Name: name, Type: vector.String, Width: 60}
		switch name {
		case "YXJ":
			f = vector.Field{Name: name, Type: vector.Int}
		case "YNMJ":
			f = vector.Field{Name: name, Type: vector.Float, Width: 18, Precision: 2}
		}
		found := false
		for _, have := range out {
			found = found || have.Name == name
		}
		if !found {
			out = append(out, f)
		}
	}
	return out
}()

// patch is a row with some values, at a square of 10 m; what is not given is null.
func patch(t interface{ Fatal(...any) }, i int, values map[string]string) product.Row {
	var names, texts []string
	for _, f := range patchFields {
		names, texts = append(names, f.Name), append(texts, values[f.Name])
	}
	x, y := 42_500_000+20*float64(i), 4_850_000.0
	r, err := product.NewRow(orb.MultiPolygon{{{{x, y}, {x + 10, y}, {x + 10, y + 10}, {x, y + 10}, {x, y}}}}, names, texts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// usual is a patch of a county as runs make them.
func usual(t interface{ Fatal(...any) }, i int, county string) product.Row {
	return patch(t, i, map[string]string{
		"XZQDM": county, "XMC": "农安县", "TBLX": "JZ", "TZ": "新增建（构）筑物", "QSX": "20240814", "HSX": "20250820", "JCMJ": "1000.01", "MJ": "1000.01",
		"GDMJ": "333.34", "QTNYDMJ": "333.33", "WLYDMJ": "0", "JSYDMJ": "333.34", "QTMJ": "0", "cid": fmt.Sprintf("%016d", i), "category": "cropland_lost",
		"JCBH": fmt.Sprintf("%s2025%06d", county, i), "score": "61.5", "DLBM": "0103", "DLMC": "旱地", "CMC": `<"向前" & 村>`, "YNMJ": "100.5", "LON": "125.0000123",
	})
}

// projJSON is Writers that know how to write a system's name only.
type projJSON struct{ Writers }

func (projJSON) ProjJSON(string) (string, error) { return `{"type":"ProjectedCRS"}`, nil }

// jobOf is an export of rows that are in memory.
func jobOf(t testing.TB, o Options, rows ...product.Row) *job {
	t.Helper()
	o.To, o.Clock, o.Version = t.TempDir(), time.Date(2025, 9, 1, 8, 0, 0, 0, time.UTC), "0"
	o, err := o.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	j := &job{d: Drivers{Writers: projJSON{}}, o: o, cols: columns(o.Schema, patchFields), fill: fill{o.Clock, o.Clock}, src: &source{
		Source: Source{Kind: "product", Path: "out", Key: "k", Layer: "changes", Complete: true}, crs: "EPSG:4530", fields: patchFields, rows: rows, lonlat: rows, created: o.Clock,
	}}
	if j.plan, err = newPlan(rows, o, nothing); err != nil {
		t.Fatal(err)
	}
	return j
}

// python runs a script of Python with openpyxl, which knows nothing of the writer here, and returns what it prints.
func python(t *testing.T, script string, args ...string) string {
	t.Helper()
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(name, "-c", "import openpyxl").Run() != nil {
			continue
		}
		out, err := exec.CommandContext(context.Background(), name, append([]string{"-c", script}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("python: %v: %s", err, out)
		}
		return string(out)
	}
	t.Skip("SKIPPED: no Python with openpyxl here: apt-get install python3-openpyxl")
	return ""
}

func inTemp(t testing.TB, name string) string { return filepath.Join(t.TempDir(), name) }
