package gdal

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/airbusgeo/godal"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/raster"
	"tuban/raster/vector"
)

func TestGeoPackageRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "结果.gpkg")
	run := vector.Table{Name: "run", Fields: []vector.Field{{Name: "key", Type: vector.String}}, Rows: rows(vector.Row{Values: []any{"甲"}})}
	empty := vector.Table{Name: "dropped", CRS: "EPSG:4490", Geometry: "Polygon", Fields: []vector.Field{{Name: "reason", Type: vector.String}}}
	if err := WriteGeoPackage(t.Context(), path, []vector.Table{parcels(), run, empty}, pinned); err != nil {
		t.Fatal(err)
	}
	checkParcels(t, read(t, vector.LayerSpec{Source: path, Layer: "changes", Fields: parcelFields}, ""))
	if got := read(t, vector.LayerSpec{Source: path, Layer: "run", Fields: []string{"key"}}, ""); len(got) != 1 || got[0].values[0] != "甲" {
		t.Errorf("run: %v", got)
	}

	info, err := DescribeLayer(t.Context(), vector.LayerSpec{Source: path, Layer: "changes", Fields: []string{"fid", "BSM"}})
	if err != nil {
		t.Fatal(err)
	}
	want := vector.LayerInfo{
		Name: "changes", CRS: "EPSG:4530", Geometry: "MultiPolygon", Features: 3,
		Fields: []string{"BSM", "DLBM", "ZLDWMC", "TBMJ", "NO"}, Bounds: raster.Bounds{MinX: 42_500_000, MinY: 4_850_000, MaxX: 42_500_045, MaxY: 4_850_010},
	}
	if !reflect.DeepEqual(info, want) {
		t.Errorf("described as %+v, want %+v", info, want)
	}
	layers, err := ListLayers(t.Context(), path)
	if err != nil || len(layers) != 3 {
		t.Fatalf("layers %+v, %v", layers, err)
	}
	for _, l := range layers {
		if l.Name == "dropped" && (l.CRS != "EPSG:4490" || !l.Bounds.Empty() || l.Geometry != "Polygon") || l.Name == "run" && (l.CRS != "" || l.Geometry != "None") {
			t.Errorf("layer %+v", l)
		}
	}
}

// TestGeoPackageForOthers looks at the file as other software does: aliases, titles, index, geometry column.
func TestGeoPackageForOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "changes.gpkg")
	if err := WriteGeoPackage(t.Context(), path, []vector.Table{parcels()}, pinned); err != nil {
		t.Fatal(err)
	}
	ds, err := godal.Open(path, godal.VectorOnly(), policy)
	if err != nil {
		t.Fatal(err)
	}
	defer ds.Close()
	for query, want := range map[string]string{
		"SELECT identifier AS v FROM gpkg_contents":                                                    "变化图斑",
		"SELECT last_change AS v FROM gpkg_contents":                                                   "2025-09-01T08:00:00.000Z",
		"SELECT column_name AS v FROM gpkg_geometry_columns":                                           "geom",
		"SELECT coalesce(title, name) AS v FROM gpkg_data_columns WHERE column_name = 'DLBM'":          "地类编码",
		"SELECT CAST(count(*) AS TEXT) AS v FROM rtree_changes_geom":                                   "2",
		"SELECT CAST(count(*) AS TEXT) AS v FROM gpkg_extensions WHERE extension_name = 'gpkg_schema'": "2",
	} {
		rs, err := ds.ExecuteSQL(query, policy)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		f := rs.NextFeature()
		if f == nil {
			t.Errorf("%s: nothing", query)
			continue
		}
		for _, v := range f.Fields() {
			got := v.String()
			if d := v.DateTime(); d != nil {
				got = d.Format("2006-01-02T15:04:05.000Z")
			}
			if got != want && !strings.HasPrefix(want, got+"T") {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
		f.Close()
		if err := rs.Close(policy); err != nil {
			t.Error(err)
		}
	}
}

func TestWritersAreDeterministic(t *testing.T) {
	var first map[string]string
	for range 3 {
		dir := t.TempDir()
		if err := WriteGeoPackage(t.Context(), filepath.Join(dir, "a.gpkg"), []vector.Table{parcels()}, pinned); err != nil {
			t.Fatal(err)
		}
		if err := WriteShapefile(t.Context(), filepath.Join(dir, "a.shp"), parcels(), pinned); err != nil {
			t.Fatal(err)
		}
		files := map[string]string{}
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			b, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			files[e.Name()] = string(b)
		}
		if len(files) != 6 {
			t.Fatalf("files %v", entries)
		}
		if first == nil {
			first = files
		}
		for name := range files {
			if files[name] != first[name] {
				t.Errorf("%s differs between two runs", name)
			}
		}
	}
}

func TestShapefileRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "变化.shp")
	if err := WriteShapefile(t.Context(), path, parcels(), pinned); err != nil {
		t.Fatal(err)
	}
	checkParcels(t, read(t, vector.LayerSpec{Source: path, Fields: parcelFields}, "EPSG:4530"))
	info, err := DescribeLayer(t.Context(), vector.LayerSpec{Source: path})
	if err != nil || info.CRS != "EPSG:4530" || info.Encoding != "UTF-8" || info.Features != 3 || info.Name != "变化" {
		t.Errorf("%+v, %v", info, err)
	}
	if cpg, err := os.ReadFile(strings.TrimSuffix(path, ".shp") + ".cpg"); err != nil || strings.TrimSpace(string(cpg)) != "UTF-8" {
		t.Errorf(".cpg %q, %v", cpg, err)
	}
}

func TestShapefileLimits(t *testing.T) {
	table := func(f vector.Field, v any) vector.Table {
		return vector.Table{Name: "t", Geometry: "Polygon", Fields: []vector.Field{f}, Rows: rows(vector.Row{WKB: wkb.MustMarshal(square(0, 0, 1)), Values: []any{v}})}
	}
	long := strings.Repeat("村", 100)
	for _, c := range []struct {
		name  string
		field vector.Field
		value any
		want  string // what is read back, or of the error
		fails bool
	}{
		{"a short name", vector.Field{Name: "ZZSXDM_NEW", Type: vector.String, Width: 3}, "0101", "0101", false},
		{"eleven bytes of a name", vector.Field{Name: "ZZSXDM_NEWX", Type: vector.String}, "", "11 bytes", true},
		{"four Han characters", vector.Field{Name: "四个汉字", Type: vector.String}, "", "12 bytes", true},
		{"a text past its width", vector.Field{Name: "A", Type: vector.String, Width: 4}, "吉林省", "吉林省", false},
		{"a text past the format", vector.Field{Name: "A", Type: vector.String, Width: 10}, long, strings.Repeat("村", 84), false},
		{"a number past its width", vector.Field{Name: "A", Type: vector.Float, Width: 6, Precision: 2}, 12345.5, "6 digits", true},
		{"a number that just fits", vector.Field{Name: "A", Type: vector.Float, Width: 6, Precision: 2}, 123.456, "123.46", false},
		{"an integer in a float field", vector.Field{Name: "A", Type: vector.Float, Width: 6, Precision: 2}, int64(12), "12", false},
		{"NaN", vector.Field{Name: "A", Type: vector.Float}, math.NaN(), "", false},
		{"infinity", vector.Field{Name: "A", Type: vector.Float}, math.Inf(1), "infinite", true},
		{"text in a number", vector.Field{Name: "A", Type: vector.Int}, "12", "int", true},
		{"33 bits", vector.Field{Name: "A", Type: vector.Int}, int64(1) << 32, "32 bits", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "t.shp")
			err := WriteShapefile(t.Context(), path, table(c.field, c.value), pinned)
			if c.fails {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error %v, want %q in it", err, c.want)
				}
				if left, _ := os.ReadDir(dir); len(left) > 0 {
					t.Errorf("left behind: %v", left)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := read(t, vector.LayerSpec{Source: path, Fields: []string{c.field.Name}}, ""); got[0].values[0] != c.want {
				t.Errorf("read back %q, want %q", got[0].values[0], c.want)
			}
		})
	}
}

// TestWritersLeaveNothingHalfDone: an error in the rows, a cancelled run or a wrong geometry keeps the old file.
func TestWritersLeaveNothingHalfDone(t *testing.T) {
	bad := errors.New("the disk of the rows is gone")
	for name, damage := range map[string]func(t *vector.Table, cancel func()){
		"rows fail": func(t *vector.Table, _ func()) {
			t.Rows = func(yield func(vector.Row, error) bool) { yield(vector.Row{}, bad) }
		},
		"cancelled": func(t *vector.Table, cancel func()) { cancel() },
		"a line among polygons": func(t *vector.Table, _ func()) {
			t.Rows = rows(vector.Row{WKB: wkb.MustMarshal(orb.LineString{{0, 0}, {1, 1}}), Values: make([]any, 5)})
		},
		"noise for a geometry": func(t *vector.Table, _ func()) {
			t.Rows = rows(vector.Row{WKB: []byte("noise"), Values: make([]any, 5)})
		},
		"too few values":      func(t *vector.Table, _ func()) { t.Rows = rows(vector.Row{Values: []any{nil}}) },
		"an unknown system":   func(t *vector.Table, _ func()) { t.CRS = "EPSG:999999" },
		"an unknown type":     func(t *vector.Table, _ func()) { t.Geometry = "Blob" },
		"a field named twice": func(t *vector.Table, _ func()) { t.Fields[1].Name = "bsm" },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			gpkg, shp := filepath.Join(dir, "a.gpkg"), filepath.Join(dir, "a.shp")
			for _, path := range []string{gpkg, shp} {
				if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			table := parcels()
			damage(&table, cancel)
			if err := WriteGeoPackage(ctx, gpkg, []vector.Table{table}, pinned); err == nil {
				t.Error("the GeoPackage was written")
			}
			if err := WriteShapefile(ctx, shp, table, pinned); err == nil {
				t.Error("the Shapefile was written")
			}
			left, _ := os.ReadDir(dir)
			for _, e := range left {
				if b, _ := os.ReadFile(filepath.Join(dir, e.Name())); string(b) != "old" {
					t.Errorf("left behind: %s", e.Name())
				}
			}
			if len(left) != 2 {
				t.Errorf("%d files, want the two old ones", len(left))
			}
		})
	}
}

func BenchmarkWriteGeoPackage(b *testing.B) {
	dir := b.TempDir()
	const n = 100_000
	for b.Loop() {
		if err := WriteGeoPackage(b.Context(), filepath.Join(dir, "many.gpkg"), []vector.Table{many(n)}, pinned); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "features/s")
}
