package gdal

import (
	"fmt"
	"iter"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/airbusgeo/godal"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/raster/vector"
)

var pinned = vector.WriteOptions{Clock: time.Date(2025, 9, 1, 8, 0, 0, 0, time.UTC)}

func square(x, y, size float64) orb.Polygon {
	return orb.Polygon{{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}}
}

func rows(list ...vector.Row) iter.Seq2[vector.Row, error] {
	return func(yield func(vector.Row, error) bool) {
		for _, r := range list {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// parcels is a small survey layer with everything in it that has gone wrong elsewhere.
func parcels() vector.Table {
	return vector.Table{
		Name: "changes", Title: "变化图斑", CRS: "EPSG:4530", Geometry: "MultiPolygon",
		Fields: []vector.Field{
			{Name: "BSM", Type: vector.Int64, Alias: "标识码"},
			{Name: "DLBM", Type: vector.String, Width: 5, Alias: "地类编码"},
			{Name: "ZLDWMC", Type: vector.String, Width: 10, Alias: "坐落单位名称"},
			{Name: "TBMJ", Type: vector.Float, Width: 15, Precision: 2, Alias: "图斑面积"},
			{Name: "NO", Type: vector.Int},
		},
		Rows: rows(
			vector.Row{WKB: wkb.MustMarshal(square(42_500_000, 4_850_000, 10)), Values: []any{int64(1), "0103", "小城子村", 100.25, int64(1)}},
			vector.Row{WKB: wkb.MustMarshal(orb.MultiPolygon{square(42_500_020, 4_850_000, 10), square(42_500_040, 4_850_000, 5)}), Values: []any{int64(220183000000000002), "05H1", "农安县哈拉海镇向前村民委员会", 125.0, nil}},
			vector.Row{Values: []any{nil, nil, nil, nil, int64(-3)}},
		),
	}
}

// read collects a layer; geometry becomes orb.
type feature struct {
	fid    int64
	geom   orb.Geometry
	kind   string
	values []string
}

func read(t testing.TB, s vector.LayerSpec, crs string) []feature {
	t.Helper()
	var out []feature
	err := ReadLayer(t.Context(), s, crs, func(f vector.Feature) error {
		var g orb.Geometry
		if f.WKB != nil {
			var err error
			if g, err = wkb.Unmarshal(slices.Clone(f.WKB)); err != nil {
				return err
			}
		}
		out = append(out, feature{f.FID, g, f.Type, slices.Clone(f.Values)})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func checkParcels(t *testing.T, got []feature) {
	t.Helper()
	if len(got) != 3 {
		t.Fatalf("%d features, want 3", len(got))
	}
	want := [][]string{
		{"1", "0103", "小城子村", "100.25", "1"},
		{"220183000000000002", "05H1", "农安县哈拉海镇向前村民委员会", "125", ""},
		{"", "", "", "", "-3"},
	}
	for i, f := range got {
		if !reflect.DeepEqual(f.values, want[i]) {
			t.Errorf("feature %d: %q, want %q", i, f.values, want[i])
		}
	}
	if got[2].geom != nil || got[2].kind != "" {
		t.Errorf("the feature without geometry has %s %v", got[2].kind, got[2].geom)
	}
	for i, area := range []float64{100, 125} {
		if a := planarArea(got[i].geom); math.Abs(a-area) > 1e-6 {
			t.Errorf("feature %d: area %v, want %v", i, a, area)
		}
	}
}

func planarArea(g orb.Geometry) (sum float64) {
	switch g := g.(type) {
	case orb.MultiPolygon:
		for _, p := range g {
			sum += planarArea(p)
		}
	case orb.Polygon:
		for i, r := range g {
			var a float64
			for k := range len(r) - 1 {
				a += (r[k][0]-r[0][0])*(r[k+1][1]-r[0][1]) - (r[k+1][0]-r[0][0])*(r[k][1]-r[0][1])
			}
			if a = math.Abs(a) / 2; i > 0 {
				a = -a
			}
			sum += a
		}
	}
	return sum
}

var parcelFields = []string{"BSM", "dlbm", "ZLDWMC", "TBMJ", "NO"}

// translate converts a vector file with GDAL itself.
func translate(t testing.TB, from, to string, switches ...string) {
	t.Helper()
	ds, err := godal.Open(from, godal.VectorOnly(), policy)
	if err != nil {
		t.Fatal(err)
	}
	defer ds.Close()
	out, err := ds.VectorTranslate(to, switches, policy)
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Close(policy); err != nil {
		t.Fatal(err)
	}
}

// many is a layer of n squares.
func many(n int) vector.Table {
	t := vector.Table{Name: "DLTB", CRS: "EPSG:4530", Geometry: "Polygon", Fields: []vector.Field{
		{Name: "BSM", Type: vector.String}, {Name: "DLBM", Type: vector.String}, {Name: "ZLDWDM", Type: vector.String}, {Name: "TBMJ", Type: vector.Float},
	}}
	t.Rows = func(yield func(vector.Row, error) bool) {
		classes := []string{"0103", "0301", "1006", "0702"}
		for i := range n {
			p := square(42_500_000+float64(i%1000)*10, 4_850_000+float64(i/1000)*10, 10)
			row := vector.Row{WKB: wkb.MustMarshal(p), Values: []any{fmt.Sprintf("2201830000%09d", i), classes[i%4], "2201831012010000000", 100.0}}
			if !yield(row, nil) {
				return
			}
		}
	}
	return t
}
