package gdal

import (
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/wkb"

	"tuban/raster/gdal/postgistest"
	"tuban/raster/vector"
)

// patchesOf is a table of a batch with one square of 100 m² per name.
func patchesOf(batch string, names ...string) vector.Table {
	t := vector.Table{Name: "TBJL", Title: "图斑，仅作线索", CRS: "EPSG:4530", Geometry: "MultiPolygon", Fields: []vector.Field{
		{Name: "XMC", Type: vector.String, Width: 60, Alias: "县名称"}, {Name: "JCMJ", Type: vector.Float}, {Name: "batch", Type: vector.String}, {Name: "RQ", Type: vector.Date},
	}}
	var list []vector.Row
	for i, n := range names {
		list = append(list, vector.Row{WKB: wkb.MustMarshal(square(42_500_000+20*float64(i), 4_850_000, 10)), Values: []any{n, 100.25, batch, "2025-09-01"}})
	}
	t.Rows = rows(list...)
	return t
}

// TestPostGIS writes into a real database, which says itself what it got.
func TestPostGIS(t *testing.T) {
	db := postgistest.Start(t)
	db.Query(t, "CREATE SCHEMA jc")
	spec := vector.DatabaseSpec{URL: db.URL, Schema: "jc", Key: "batch", Keys: []string{"甲"}}
	write := func(spec vector.DatabaseSpec, tables ...vector.Table) {
		t.Helper()
		if err := WritePostGIS(t.Context(), spec, tables); err != nil {
			t.Fatal(err)
		}
	}
	relations := vector.Table{Name: "TBJL_SP", Fields: []vector.Field{{Name: "cid", Type: vector.String}, {Name: "batch", Type: vector.String}}, Rows: rows(vector.Row{Values: []any{"a'b", "甲"}})}
	write(spec, patchesOf("甲", "农安县", "德惠市"), relations)
	for query, want := range map[string]string{
		"SELECT xmc, jcmj, batch, rq, round(ST_Area(geom)), ST_SRID(geom), GeometryType(geom) FROM jc.tbjl ORDER BY fid LIMIT 1":                         "农安县|100.25|甲|2025-09-01|100|4530|MULTIPOLYGON",
		"SELECT col_description(attrelid, attnum), obj_description(attrelid) FROM pg_attribute WHERE attrelid = 'jc.tbjl'::regclass AND attname = 'xmc'": "县名称|图斑，仅作线索",
		"SELECT count(*) FROM pg_indexes WHERE tablename = 'tbjl' AND indexdef LIKE '%gist%'":                                                            "1",
		"SELECT cid FROM jc.tbjl_sp": "a'b",
	} {
		if got := db.Query(t, query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}

	// A batch that is written again takes the place of itself; another is added; a field of the table that is not written is null.
	db.Query(t, "ALTER TABLE jc.tbjl ADD COLUMN note text")
	write(spec, patchesOf("甲", "九台区"), relations)
	spec.Keys = []string{"乙"}
	write(spec, patchesOf("乙", "榆树市"))
	if got := db.Query(t, "SELECT string_agg(xmc, ',' ORDER BY xmc COLLATE \"C\") FROM jc.tbjl WHERE note IS NULL"); got != "九台区,榆树市" {
		t.Errorf("after two batches: %s", got)
	}

	// What fails leaves the database as it was.
	broken := patchesOf("丙", "长岭县")
	broken.Rows = rows(vector.Row{Values: []any{1.0, 1.0, "丙", nil}})
	spec.Keys = []string{"乙", "丙"}
	if err := WritePostGIS(t.Context(), spec, []vector.Table{patchesOf("丙", "乾安县"), broken}); err == nil {
		t.Error("a number in a field of texts was written")
	}
	if got := db.Query(t, "SELECT count(*) FROM jc.tbjl"); got != "2" {
		t.Errorf("after a failure %s rows, want 2", got)
	}

	// A table without rows this time loses those of the batch, and no others; one that is not there, or another's, stays as it is.
	db.Query(t, "CREATE TABLE jc.theirs AS SELECT 1 AS a")
	more := relations
	more.Rows = rows(vector.Row{Values: []any{"c", "乙"}})
	write(spec, more)
	clearing := vector.DatabaseSpec{URL: db.URL, Schema: "jc", Key: "batch", Keys: []string{"甲"}, Clear: []string{"TBJL_SP", "none", "theirs"}}
	write(clearing)
	if got := db.Query(t, "SELECT string_agg(cid, ',') FROM jc.tbjl_sp"); got != "c" {
		t.Errorf("after a batch without rows: %s", got)
	}
	clearing.Replace = true
	write(clearing)
	if got := db.Query(t, "SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'jc'"); got != "tbjl,theirs" {
		t.Errorf("after replacing with nothing: %s", got)
	}

	// Replacing drops what was there.
	spec.Replace = true
	write(spec, patchesOf("丁", "前郭县"))
	if got := db.Query(t, "SELECT string_agg(xmc, ',') FROM jc.tbjl"); got != "前郭县" {
		t.Errorf("after replacing: %s", got)
	}

	// Into the public schema, twice.
	spec = vector.DatabaseSpec{URL: db.URL, Schema: "public", Key: "batch", Keys: []string{"甲"}}
	write(spec, patchesOf("甲", "农安县"))
	write(spec, patchesOf("甲", "农安县"))
	if got := db.Query(t, "SELECT count(*) FROM public.tbjl"); got != "1" {
		t.Errorf("in the public schema %s rows, want 1", got)
	}
	missing := patchesOf("甲", "农安县")
	missing.Fields[3].Name = "other"
	if err := WritePostGIS(t.Context(), spec, []vector.Table{missing}); err == nil || !strings.Contains(err.Error(), "no field other") {
		t.Errorf("a field that the table lacks: %v", err)
	}
}

func TestPostGISAddress(t *testing.T) {
	for _, url := range []string{"", "mysql://x", "postgres://user:secret@127.0.0.1:1/none", "://"} {
		err := WritePostGIS(t.Context(), vector.DatabaseSpec{URL: url, Schema: "public"}, nil)
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", url, err)
		}
	}
}
