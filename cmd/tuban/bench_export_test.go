package main

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	"tuban/pipeline/export"
	"tuban/raster/gdal"
	"tuban/raster/vector"
)

// manyPatches writes n patches of 40 corners in as many counties as a province has, 60 at most.
func manyPatches(b testing.TB, path string, n int) {
	b.Helper()
	table := vector.Table{Name: "changes", CRS: "EPSG:4530", Geometry: "MultiPolygon", Fields: pipeline.PatchFields()}
	table.Rows = func(yield func(vector.Row, error) bool) {
		for i := range n {
			x, y := 42_500_000+50*float64(i%1000), 4_850_000+50*float64(i/1000)
			var ring orb.Ring
			for k := range 40 {
				sin, cos := math.Sincos(float64(k) / 40 * 2 * math.Pi)
				ring = append(ring, orb.Point{x + (15+5*math.Sin(float64(i+k)))*cos, y + 20*sin})
			}
			values := map[string]any{
				"XZQDM": fmt.Sprint(220_100 + i%60), "XMC": "农安县", "cid": fmt.Sprintf("%016x", i+1), "category": "cropland_lost", "TBLX": "JZ", "TZ": "新增建（构）筑物",
				"QSX": "20240814", "HSX": "20250820", "JCMJ": 1000.01, "MJ": 1000.01, "GDMJ": 333.34, "QTNYDMJ": 333.33, "WLYDMJ": 0.0, "JSYDMJ": 333.34, "QTMJ": 0.0,
				"DLBM": "0103", "DLMC": "旱地", "score": float64(i % 100), "LON": 125.0000123, "LAT": 43.8, "ZLDWMC": "向前村", "SPPP": "未加载审批数据", "BZ": pipeline.Clue,
			}
			row := vector.Row{WKB: wkb.MustMarshal(orb.MultiPolygon{{append(ring, ring[0])}})}
			for _, f := range table.Fields {
				row.Values = append(row.Values, values[f.Name])
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	if err := gdal.WriteGeoPackage(b.Context(), path, []vector.Table{table}, vector.WriteOptions{Clock: testClock}); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkExport writes 7,094 patches, a province's quarter, in one format at a time.
func BenchmarkExport(b *testing.B) {
	path := filepath.Join(b.TempDir(), "patches.gpkg")
	patches := 7094
	if testing.Short() {
		patches = 300
	}
	manyPatches(b, path, patches)
	for _, f := range export.Formats() {
		if f == export.PostGIS {
			continue
		}
		b.Run(string(f), func(b *testing.B) {
			for b.Loop() {
				e, err := export.New(b.Context(), export.Drivers{Drivers: drivers(), Writers: vectors{}}, export.Options{Source: path, To: b.TempDir(), Formats: []export.Format{f}})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := e.Write(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(patches*b.N)/b.Elapsed().Seconds(), "patches/s")
		})
	}
}
