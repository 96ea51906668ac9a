package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	"tuban/pipeline/register"
	"tuban/raster/gdal"
	"tuban/raster/vector"
)

// surveyed is a feature of an annual change layer.
type surveyed struct {
	id, from, to string
	geom         orb.MultiPolygon
}

// writeSurveyed writes an annual change layer in a system.
func writeSurveyed(t testing.TB, path, crs string, list []surveyed) {
	t.Helper()
	info := vector.Table{Name: "DLTBGXGC", CRS: testCRS, Geometry: "MultiPolygon", Fields: []vector.Field{
		{Name: "BGHBSM", Type: vector.String, Width: 18}, {Name: "BGQDLBM", Type: vector.String, Width: 5}, {Name: "BGHDLBM", Type: vector.String, Width: 5},
	}}
	info.Rows = func(yield func(vector.Row, error) bool) {
		for _, s := range list {
			row := vector.Row{Values: []any{s.id, s.from, s.to}}
			var err error
			if s.geom != nil {
				row.WKB, err = wkb.Marshal(s.geom)
			}
			if !yield(row, err) {
				return
			}
		}
	}
	if crs == testCRS {
		if err := gdal.WriteGeoPackage(ctx, path, []vector.Table{info}, vector.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		return
	}
	here := filepath.Join(t.TempDir(), "here.gpkg")
	if err := gdal.WriteGeoPackage(ctx, here, []vector.Table{info}, vector.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	elsewhere := info
	elsewhere.CRS, elsewhere.Rows = crs, nil
	var rows []vector.Row
	err := gdal.ReadLayer(ctx, vector.LayerSpec{Source: here, Fields: []string{"BGHBSM", "BGQDLBM", "BGHDLBM"}}, crs, func(f vector.Feature) error {
		rows = append(rows, vector.Row{WKB: slices.Clone(f.WKB), Values: []any{f.Values[0], f.Values[1], f.Values[2]}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	elsewhere.Rows = func(yield func(vector.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
	if err := gdal.WriteGeoPackage(ctx, path, []vector.Table{elsewhere}, vector.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
}

// polygonsOf decodes the outline of a record.
func polygonsOf(t testing.TB, r record) orb.MultiPolygon {
	t.Helper()
	mp, err := vector.Polygons(r.wkb)
	if err != nil {
		t.Fatal(err)
	}
	return mp
}

// releaseAs appends the patches to a register under numbers from 2201832025000001, the last of them in another zone.
func releaseAs(t testing.TB, dir string, list []record) {
	t.Helper()
	r, err := register.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var events []register.Event
	for i, p := range list {
		geom, crs := polygonsOf(t, p), testCRS
		if i == len(list)-1 {
			crs = "EPSG:4529"
			path := filepath.Join(t.TempDir(), "one.gpkg")
			writeSurveyed(t, path, crs, []surveyed{{geom: geom}})
			geom = polygonsOf(t, records(t, path, "DLTBGXGC")[0])
		}
		shape, err := register.NewShape(geom, crs)
		if err != nil {
			t.Fatal(err)
		}
		values := map[string]string{"TBLX": p.values["TBLX"], "HSX": p.values["HSX"], "XMC": "德惠市"}
		events = append(events, register.Event{Release: &register.Release{
			Version: register.Version{CID: p.values["cid"], GV: p.values["gv"]}, JCBH: fmt.Sprintf("2201832025%06d", i+1), County: "220183", AreaM2: p.number(t, "JCMJ"), Shape: shape, Values: values,
		}})
	}
	if err := r.Append(testClock, events, nil); err != nil {
		t.Fatal(err)
	}
}

// recalled reads recall.json.
func recalled(t testing.TB, dir string) (out struct {
	Answers map[string]int
	Found   int
	Missed  map[string]int
	Other   map[string]int `json:"other_types"`
	Off     int
	Layer   struct {
		Same               int `json:"same_class"`
		Repaired, Unusable map[string]int
	}
}) {
	t.Helper()
	readJSON(t, filepath.Join(dir, "recall.json"), &out)
	return out
}

// readJSON decodes a file into out.
func readJSON(t testing.TB, path string, out any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(b, out)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestRecallSurvey compares an annual change layer, in another zone and with odd features, with what was released of a product.
func TestRecallSurvey(t *testing.T) {
	onceInFull(t)
	file := randomPair(t, 31, 170, 90)
	product := t.TempDir()
	detect(t, file, pipeline.Options{Out: product})
	gpkg := filepath.Join(product, "changes.gpkg")
	var built []record
	for _, r := range records(t, gpkg, "changes") {
		if r.values["TBLX"] == "JZ" {
			built = append(built, r)
		}
	}
	dropped, unobserved := records(t, gpkg, "dropped"), records(t, gpkg, "unobserved")
	if len(built) < 5 || len(dropped) == 0 || len(unobserved) == 0 {
		t.Fatalf("%d patches, %d dropped, %d unobserved: the test means little", len(built), len(dropped), len(unobserved))
	}
	dir := t.TempDir()
	reg, to := filepath.Join(dir, "register"), filepath.Join(dir, "recall")
	releaseAs(t, reg, built[:4])

	far := polygonsOf(t, built[0]).Bound().Pad(5)
	square := func(dx float64) orb.MultiPolygon {
		b := far
		b.Min[0], b.Max[0] = b.Min[0]+dx, b.Max[0]+dx
		return orb.MultiPolygon{b.ToPolygon()}
	}
	bow := square(50000)
	bow[0][0][1], bow[0][0][2] = bow[0][0][2], bow[0][0][1]
	layer := filepath.Join(dir, "DLTBGXGC.gpkg")
	list := []surveyed{
		{"a", "0103", "0601", polygonsOf(t, built[0])},
		{"b", "0103", "0301", polygonsOf(t, built[1])},
		{"same", "0103", "0103", polygonsOf(t, built[2])},
		{"zone", "0103", "0702", polygonsOf(t, built[3])},
		{"held", "0103", "0702", polygonsOf(t, built[4])},
		{"dropped", "0103", "0702", polygonsOf(t, dropped[0])},
		{"unseen", "0103", "0702", polygonsOf(t, unobserved[0])},
		{"off", "0103", "0702", square(60000)},
		{"bow", "0103", "0702", bow},
		{"none", "0103", "0702", nil},
		{"line", "0103", "0702", orb.MultiPolygon{{{far.Min, far.Max, far.Min, far.Min}}}},
		{"telling", "1208", "08H1", square(70000)},
	}
	writeSurveyed(t, layer, "EPSG:4529", list)
	args := []string{"recall", "survey", layer, "--register", reg, "--product", product, "--to", to, "--min-area", "0", "--system", "三调"}
	says(t, args, exitComplete, "2 answered, 1 answered with another class, 1 unanswered", "missed", "3 off the products")
	got := recalled(t, to)
	if got.Answers["answered"] != 2 || got.Answers["other_class"] != 1 || got.Answers["unanswered"] != 1 || got.Found != 2 || got.Other["planting"] != 1 {
		t.Errorf("%+v", got)
	}
	if got.Missed["candidate"] != 1 || got.Missed["dropped"] != 1 || got.Missed["unobserved"] != 1 || len(got.Missed) != 3 || got.Off != 3 {
		t.Errorf("missed %+v, off %d", got.Missed, got.Off)
	}
	if got.Layer.Same != 1 || len(got.Layer.Repaired) != 1 || got.Layer.Unusable["without geometry"] != 1 || len(got.Layer.Unusable) != 2 {
		t.Errorf("%+v", got.Layer)
	}
	pkg := filepath.Join(to, "recall.gpkg")
	for layer, want := range map[string]int{"answered": 3, "unanswered": 1, "missed": 3, "truth": 5} {
		if n := len(records(t, pkg, layer)); n != want {
			t.Errorf("layer %s has %d rows, want %d", layer, n, want)
		}
	}
	for _, r := range records(t, pkg, "answered") {
		if r.number(t, "share") < 0.99 || r.values["BZ"] != pipeline.Clue {
			t.Errorf("%v", r.values)
		}
	}
	// What counties accepted is a reference for an assessment as it is.
	says(t, []string{"assess", product, "--reference", pkg, "--layer", "truth"}, exitComplete, "recall")

	// The order of the features does not matter, nor does the system that they are in.
	slices.Reverse(list)
	other := filepath.Join(dir, "other.gpkg")
	writeSurveyed(t, other, testCRS, list)
	again := slices.Clone(args)
	again[2], again[8] = other, filepath.Join(dir, "again")
	says(t, again, exitComplete)
	if a, b := fmt.Sprint(got), fmt.Sprint(recalled(t, again[8])); a != b {
		t.Errorf("in another order and system\n%s\nwas\n%s", b, a)
	}

	// What was returned under a suppressed category is counted, and nothing else is said of it.
	r, err := register.Open(reg)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Append(testClock, []register.Event{{Return: &register.Return{JCBH: "2201832025000001", Level1: "其他", Level2: "JY"}}}, nil); err != nil {
		t.Fatal(err)
	}
	again[8] = filepath.Join(dir, "hidden")
	says(t, again, exitComplete, "1 answered, 1 answered with another class, 1 unanswered; 1 left out")
	for _, c := range []struct {
		change func([]string) []string
		want   string
	}{
		{func(a []string) []string { return append(a, "--field", "from=QDLBM") }, "has no field QDLBM"},
		{func(a []string) []string { return append(a, "--types", "build") }, `did you mean "built"`},
		{func(a []string) []string { return append(a, "--since", "2030-01-01") }, "holds no release with an after image since 2030-01-01"},
	} {
		_, _, errw := tuban(c.change(slices.Clone(args))...)
		if !strings.Contains(errw, c.want) {
			t.Errorf("%q, want %q", errw, c.want)
		}
	}
}
