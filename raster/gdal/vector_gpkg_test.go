package gdal

import (
	"path/filepath"
	"testing"

	"github.com/airbusgeo/godal"

	"tuban/raster/vector"
)

// Aliases are kept whether or not a table has a geometry, and whichever comes first.
func TestGeoPackageOfTablesWithoutGeometry(t *testing.T) {
	lone := vector.Table{Name: "run", Fields: []vector.Field{{Name: "key", Alias: "标识", Type: vector.String}}, Rows: rows(vector.Row{Values: []any{"甲"}})}
	for name, tables := range map[string][]vector.Table{"alone": {lone}, "before a geometry": {lone, parcels()}, "after one": {parcels(), lone}} {
		path := filepath.Join(t.TempDir(), "a.gpkg")
		if err := WriteGeoPackage(t.Context(), path, tables, pinned); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := read(t, vector.LayerSpec{Source: path, Layer: "run", Fields: []string{"key"}}, ""); len(got) != 1 || got[0].values[0] != "甲" {
			t.Errorf("%s: the rows are %v", name, got)
		}
		ds, err := godal.Open(path, godal.VectorOnly(), policy)
		if err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string]string{
			"SELECT title AS v FROM gpkg_data_columns WHERE table_name = 'run' AND column_name = 'key'":    "标识",
			"SELECT CAST(count(*) AS TEXT) AS v FROM gpkg_extensions WHERE extension_name = 'gpkg_schema'": "2",
		} {
			rs, err := ds.ExecuteSQL(query, policy)
			if err != nil {
				t.Errorf("%s: %s: %v", name, query, err)
				continue
			}
			if f := rs.NextFeature(); f == nil {
				t.Errorf("%s: %s: nothing", name, query)
			} else {
				v := f.Fields()["v"]
				if got := v.String(); got != want {
					t.Errorf("%s: %s: %q, want %q", name, query, got, want)
				}
				f.Close()
			}
			if err := rs.Close(policy); err != nil {
				t.Error(err)
			}
		}
		if err := ds.Close(); err != nil {
			t.Error(err)
		}
	}
}
