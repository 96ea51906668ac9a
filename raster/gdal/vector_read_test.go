package gdal

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/raster/vector"
)

func TestFileGDB(t *testing.T) {
	dir := t.TempDir()
	gpkg, gdb := filepath.Join(dir, "a.gpkg"), filepath.Join(dir, "survey.gdb")
	if err := WriteGeoPackage(t.Context(), gpkg, []vector.Table{parcels()}, pinned); err != nil {
		t.Fatal(err)
	}
	translate(t, gpkg, gdb, "-f", "OpenFileGDB", "-nln", "DLTB")
	got := read(t, vector.LayerSpec{Source: gdb, Fields: parcelFields}, "EPSG:4530")
	// That driver makes reals of 64-bit integers: a float64 holds 16 digits of the number, and all of them must come back.
	if got[1].values[0] != "220183000000000000" {
		t.Errorf("a long identifier: %q", got[1].values[0])
	}
	got[1].values[0] = "220183000000000002"
	checkParcels(t, got)
	info, err := DescribeLayer(t.Context(), vector.LayerSpec{Source: gdb, Layer: "dltb"})
	if err != nil || info.Name != "DLTB" || info.CRS != "EPSG:4530" {
		t.Errorf("%+v, %v", info, err)
	}
	if id := read(t, vector.LayerSpec{Source: gdb, Fields: []string{"OBJECTID"}}, ""); id[1].values[0] != fmt.Sprint(id[1].fid) || id[1].fid != 2 {
		t.Errorf("object id %q of feature %d", id[1].values[0], id[1].fid)
	}
}

func TestGBK(t *testing.T) {
	dir := t.TempDir()
	gpkg := filepath.Join(dir, "a.gpkg")
	if err := WriteGeoPackage(t.Context(), gpkg, []vector.Table{parcels()}, pinned); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, written string
		cpg           bool
		language      byte // of the .dbf, 0xff keeps what GDAL wrote
		declared      string
		says          string
	}{
		{"GBK with a .cpg", "GBK", true, 0xff, "", "GBK"},
		{"GBK without, claiming Western European", "GBK", false, 0x57, "", "GBK (assumed"},
		{"GBK without, claiming nothing", "GBK", false, 0, "", "GBK (assumed"},
		{"GBK without, claiming code page 936", "GBK", false, 0x4d, "", "CP936"},
		{"GBK without, declared", "GBK", false, 0x57, "GBK", "GBK"},
		{"UTF-8 without a .cpg", "UTF-8", false, 0x57, "", "UTF-8 (found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			shp := filepath.Join(t.TempDir(), "DLTB.shp")
			translate(t, gpkg, shp, "-f", "ESRI Shapefile", "-lco", "ENCODING="+c.written)
			stem := strings.TrimSuffix(shp, ".shp")
			if !c.cpg {
				os.Remove(stem + ".cpg")
			}
			if c.language != 0xff {
				table, err := os.ReadFile(stem + ".dbf")
				if err != nil {
					t.Fatal(err)
				}
				table[29] = c.language
				if err := os.WriteFile(stem+".dbf", table, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			s := vector.LayerSpec{Source: shp, Encoding: c.declared, Fields: parcelFields}
			checkParcels(t, read(t, s, ""))
			info, err := DescribeLayer(t.Context(), s)
			if err != nil || !strings.HasPrefix(info.Encoding, c.says) {
				t.Errorf("encoding %q, want %q; %v", info.Encoding, c.says, err)
			}
		})
	}
}

func TestReadReprojects(t *testing.T) {
	dir := t.TempDir()
	gpkg := filepath.Join(dir, "a.gpkg")
	if err := WriteGeoPackage(t.Context(), gpkg, []vector.Table{parcels()}, pinned); err != nil {
		t.Fatal(err)
	}
	got := read(t, vector.LayerSpec{Source: gpkg}, "EPSG:4490")
	p := got[0].geom.(orb.MultiPolygon)[0][0][0]
	// The easting of 500,000 m lies on the central meridian of zone 42.
	if math.Abs(p[0]-126) > 1e-9 || p[1] < 43 || p[1] > 44 {
		t.Errorf("longitude and latitude %v", p)
	}
	if err := ReadLayer(t.Context(), vector.LayerSpec{Source: gpkg}, "EPSG:999999", nil); err == nil {
		t.Error("an unknown target system was accepted")
	}

	bare := parcels()
	bare.CRS = ""
	shp := filepath.Join(dir, "bare.shp")
	if err := WriteShapefile(t.Context(), shp, bare, pinned); err != nil {
		t.Fatal(err)
	}
	if err := ReadLayer(t.Context(), vector.LayerSpec{Source: shp}, "EPSG:4530", nil); err == nil || !strings.Contains(err.Error(), "no coordinate reference system") {
		t.Errorf("a layer without a reference system: %v", err)
	}
	if n := len(read(t, vector.LayerSpec{Source: shp}, "")); n != 3 {
		t.Errorf("read as it is: %d features", n)
	}
}

func TestLayerChoice(t *testing.T) {
	dir := t.TempDir()
	table := func(name, geometry string) vector.Table {
		return vector.Table{Name: name, Geometry: geometry, CRS: "EPSG:4490", Fields: []vector.Field{{Name: "DLBM", Type: vector.String}}}
	}
	for _, c := range []struct {
		name   string
		tables []vector.Table
		spec   vector.LayerSpec
		want   string // a layer, or what the error says
		fails  bool
	}{
		{"the only polygons", []vector.Table{table("XZQ", "Point"), table("DLTB", "MultiPolygon"), table("log", "")}, vector.LayerSpec{}, "DLTB", false},
		{"by name, in any case", []vector.Table{table("XZQ", "Polygon"), table("DLTB", "MultiPolygon")}, vector.LayerSpec{Layer: "dltb"}, "DLTB", false},
		{"two could be meant", []vector.Table{table("XZQ", "Polygon"), table("DLTB", "MultiPolygon")}, vector.LayerSpec{}, "XZQ (Polygon), DLTB (MultiPolygon)", true},
		{"no such layer", []vector.Table{table("XZQ", "Polygon")}, vector.LayerSpec{Layer: "DLTB"}, `no layer "DLTB": its layers are XZQ (Polygon)`, true},
		{"no polygons", []vector.Table{table("P", "Point")}, vector.LayerSpec{}, "P (Point)", true},
		{"no such field", []vector.Table{table("XZQ", "Polygon")}, vector.LayerSpec{Fields: []string{"DLBM", "ZLDWDM"}}, `no field "ZLDWDM": its fields are DLBM`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.spec.Source = filepath.Join(dir, strings.ReplaceAll(c.name, " ", "-")+".gpkg")
			if err := WriteGeoPackage(t.Context(), c.spec.Source, c.tables, pinned); err != nil {
				t.Fatal(err)
			}
			info, err := DescribeLayer(t.Context(), c.spec)
			if c.fails {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error %v, want %q in it", err, c.want)
				}
				if err := ReadLayer(t.Context(), c.spec, "", nil); err == nil {
					t.Error("it was read all the same")
				}
			} else if err != nil || info.Name != c.want {
				t.Errorf("layer %q, want %q; %v", info.Name, c.want, err)
			}
		})
	}
}

func TestSourcesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "a.gpkg")
	if err := os.WriteFile(text, []byte("this is no database"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "missing.gpkg"), text, dir} {
		if _, err := DescribeLayer(t.Context(), vector.LayerSpec{Source: path}); err == nil {
			t.Errorf("%s was described", path)
		}
	}
	if _, err := DescribeLayer(t.Context(), vector.LayerSpec{Source: filepath.Join(dir, "missing.gpkg")}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

// TestReadAcrossBatches: every feature comes once, in order, whatever the batches.
func TestReadAcrossBatches(t *testing.T) {
	path := filepath.Join(t.TempDir(), "many.gpkg")
	const n = 3*batchFeatures + 17
	if err := WriteGeoPackage(t.Context(), path, []vector.Table{many(n)}, pinned); err != nil {
		t.Fatal(err)
	}
	s := vector.LayerSpec{Source: path, Fields: []string{"BSM", "DLBM"}}
	got := read(t, s, "")
	if len(got) != n {
		t.Fatalf("%d features, want %d", len(got), n)
	}
	for i, f := range got {
		if f.values[0] != fmt.Sprintf("2201830000%09d", i) || f.fid != int64(i+1) || planarArea(f.geom) != 100 {
			t.Fatalf("feature %d: %+v", i, f)
		}
	}

	stop := errors.New("enough")
	seen := 0
	err := ReadLayer(t.Context(), s, "", func(vector.Feature) error {
		if seen++; seen == 700 {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) || seen != 700 {
		t.Errorf("stopped by the visit: %v after %d", err, seen)
	}
	ctx, cancel := context.WithCancel(t.Context())
	seen = 0
	err = ReadLayer(ctx, s, "", func(vector.Feature) error { seen++; cancel(); return nil })
	if !errors.Is(err, context.Canceled) || seen > batchFeatures {
		t.Errorf("cancelled: %v after %d", err, seen)
	}
}

// TestReadingThatEndsEarly: a damaged file must not pass for a shorter one.
func TestReadingThatEndsEarly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "many.gpkg")
	if err := WriteGeoPackage(t.Context(), path, []vector.Table{many(5000)}, pinned); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(b) / 3; i < len(b)/2; i++ {
		b[i] = 0xff
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	n := 0
	err = ReadLayer(t.Context(), vector.LayerSpec{Source: path}, "", func(vector.Feature) error { n++; return nil })
	if err == nil {
		t.Errorf("no error after %d of 5000 features", n)
	}
	t.Log(n, err)
}

// TestOddVectors: each is read or refused, within seconds, without a crash.
func TestOddVectors(t *testing.T) {
	dir := os.Getenv("TUBAN_TESTDATA")
	if dir == "" {
		t.Skip("SKIPPED: TUBAN_TESTDATA is not set, so no odd vector file was tried")
	}
	f, err := os.Open(filepath.Join(dir, "odd_vectors", "INDEX.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	index, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var opened, refused, features int
	for _, line := range index[1:] {
		file, expected := line[0], line[9]
		path := filepath.Join(dir, "odd_vectors", file)
		layers, err := ListLayers(t.Context(), path)
		if err != nil {
			refused++
			if !strings.Contains(err.Error(), path) {
				t.Errorf("%s: refused without its name: %v", file, err)
			}
			if expected == "ok" && !strings.HasPrefix(file, "kml/") {
				t.Errorf("%s: %v", file, err)
			}
			continue
		}
		opened++
		count := 0
		for _, l := range layers {
			err := ReadLayer(t.Context(), vector.LayerSpec{Source: path, Layer: l.Name, Fields: l.Fields}, "", func(f vector.Feature) error {
				count++
				if f.WKB == nil {
					return nil
				}
				_, err := wkb.Unmarshal(f.WKB)
				return err
			})
			if err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
		if fmt.Sprint(count) != line[3] {
			t.Errorf("%s: %d features, want %s", file, count, line[3])
		}
		features += count
	}
	t.Logf("%d files read with %d features, %d refused", opened, features, refused)
}

func BenchmarkReadLayer(b *testing.B) {
	path := filepath.Join(b.TempDir(), "many.gpkg")
	const n = 100_000
	if err := WriteGeoPackage(b.Context(), path, []vector.Table{many(n)}, pinned); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		err := ReadLayer(b.Context(), vector.LayerSpec{Source: path, Fields: []string{"BSM", "DLBM", "ZLDWDM"}}, "", func(vector.Feature) error { return nil })
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "features/s")
}
