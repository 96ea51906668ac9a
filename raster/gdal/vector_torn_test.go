package gdal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuban/raster/vector"
)

// Of a Shapefile whose transfer ended early, wherever that was, or that lacks a part, nothing passes for the whole.
func TestTornShapefile(t *testing.T) {
	for _, c := range []struct {
		part string
		keep float64 // of the part's bytes, 0: the part is missing
		want string
	}{
		{".shp", 0, "no such file"},
		{".shp", 0.0005, "its .shp is cut short"},
		{".shp", 0.5, "its .shp is cut short"},
		{".shp", 0.9999, "its .shp is cut short"},
		{".shx", 0, "its .shx is missing"},
		{".shx", 0.01, "its .shx is cut short"},
		{".shx", 0.9999, "its .shx is cut short"},
		{".dbf", 0, "its .dbf is missing"},
		{".dbf", 0.001, "reading layer a of"},
		{".dbf", 0.5, "reading layer a of"},
		{".dbf", 0.99, "reading layer a of"},
	} {
		path := filepath.Join(t.TempDir(), "a.shp")
		if err := WriteShapefile(t.Context(), path, many(300), pinned); err != nil {
			t.Fatal(err)
		}
		part := strings.TrimSuffix(path, ".shp") + c.part
		st, err := os.Stat(part)
		if err == nil && c.keep == 0 {
			err = os.Remove(part)
		} else if err == nil {
			err = os.Truncate(part, int64(c.keep*float64(st.Size())))
		}
		if err != nil {
			t.Fatal(err)
		}
		err = ReadLayer(t.Context(), vector.LayerSpec{Source: path, Fields: []string{"DLBM"}}, "", func(vector.Feature) error { return nil })
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%v of the %s: %v", c.keep, c.part, err)
		}
	}
}

// A GeoPackage and a GeoJSON that were cut are refused, or end in an error.
func TestTornFiles(t *testing.T) {
	dir := t.TempDir()
	gpkg, json := filepath.Join(dir, "a.gpkg"), filepath.Join(dir, "a.geojson")
	if err := WriteGeoPackage(t.Context(), gpkg, []vector.Table{many(3000)}, pinned); err != nil {
		t.Fatal(err)
	}
	translate(t, gpkg, json, "-f", "GeoJSON")
	for _, path := range []string{gpkg, json} {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, keep := range []float64{0, 0.001, 0.1, 0.5, 0.9, 0.98} {
			if err := os.WriteFile(path, whole[:int(keep*float64(len(whole)))], 0o644); err != nil {
				t.Fatal(err)
			}
			n := 0
			err := ReadLayer(t.Context(), vector.LayerSpec{Source: path, Fields: []string{"DLBM"}}, "", func(vector.Feature) error { n++; return nil })
			if err == nil && n != 3000 || err != nil && !strings.Contains(err.Error(), path) {
				t.Errorf("%v of %s: %d features, %v", keep, path, n, err)
			}
		}
	}
}
