package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	"tuban/raster/gdal"
	"tuban/raster/vector"
)

// patchesFile writes a layer of patches such as products have: two counties, forest loss in one of them, and one patch whose
// county is not known; names are the county of each.
func patchesFile(t testing.TB, names ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "patches.gpkg")
	table := vector.Table{Name: "changes", CRS: "EPSG:4530", Geometry: "MultiPolygon", Fields: pipeline.PatchFields()}
	counties := []string{"220122", "220122", "220183", ""}
	categories := []string{"cropland_lost", "forest_lost", "cropland_lost", "illegal_building"}
	table.Rows = func(yield func(vector.Row, error) bool) {
		for i, county := range counties {
			x := 42_500_000 + 30*float64(i)
			values := map[string]any{
				"JCBH": fmt.Sprintf("%s2025%06d", county, i), "cid": fmt.Sprintf("%016x", i+1), "category": categories[i], "TBLX": "JZ", "TZ": "新增建（构）筑物",
				"QSX": "20240814", "HSX": "20250820", "JCMJ": 400.25 + float64(i), "MJ": 400.25 + float64(i), "DLBM": "0103", "DLMC": "旱地", "score": 50.0 + float64(i),
			}
			if county != "" {
				values["XZQDM"], values["XMC"] = county, names[i%len(names)]
			}
			row := vector.Row{WKB: wkb.MustMarshal(orb.MultiPolygon{{{{x, 4_850_000}, {x + 20, 4_850_000}, {x + 20, 4_850_020}, {x, 4_850_020}, {x, 4_850_000}}}})}
			for _, f := range table.Fields {
				row.Values = append(row.Values, values[f.Name])
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	if err := gdal.WriteGeoPackage(t.Context(), path, []vector.Table{table}, vector.WriteOptions{Clock: testClock}); err != nil {
		t.Fatal(err)
	}
	return path
}

// outside is a program of the system, or skips the test.
func outside(t *testing.T, name, remedy string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("SKIPPED: no %s here: %s", name, remedy)
	}
	return path
}

// dbfField is a field as the header of a .dbf declares it.
type dbfField struct {
	name            string
	kind            byte
	width, decimals int
}

// dbfFields reads the header of a .dbf by the format's description: 32 bytes a field from byte 32 on.
func dbfFields(t *testing.T, path string) (out []dbfField) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 32; b[at] != 0x0d; at += 32 {
		name, _, _ := strings.Cut(string(b[at:at+11]), "\x00")
		out = append(out, dbfField{name, b[at+11], int(b[at+16]), int(b[at+17])})
	}
	return out
}

// qgisLayers has QGIS read layers: how many features each has, the sum of JCMJ, the areas of their geometry, and the
// texts of TZ.
const qgisLayers = `
out = {}
for source in sys.argv[1:]:
    layer = QgsVectorLayer(source, 'x', 'ogr')
    rows = [f for f in layer.getFeatures()]
    out[source] = {'valid': layer.isValid(), 'crs': layer.crs().authid(), 'count': len(rows), 'area': sum(f['JCMJ'] for f in rows),
        'plane': sum(f.geometry().area() for f in rows), 'texts': sorted(str(f['TZ'] if layer.fields().indexOf('TZ') >= 0 else '') for f in rows)}
done(out)`

// qgisLayer is what QGIS says of a layer.
type qgisLayer struct {
	Valid       bool
	CRS         string
	Count       int
	Area, Plane float64
	Texts       []string
}

// inQGIS reads layers by QGIS.
func inQGIS(t *testing.T, sources ...string) map[string]qgisLayer {
	t.Helper()
	out := map[string]qgisLayer{}
	qgis(t, &out, qgisLayers, sources...)
	return out
}
