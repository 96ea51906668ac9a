package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tuban/pipeline/export"
	"tuban/raster/gdal/postgistest"
)

// TestExportIsReadByOthers: a product leaves in every format, and other programs read the same patches from it: as many, of the
// same area, with the same texts.
func TestExportIsReadByOthers(t *testing.T) {
	onceInFull(t)
	product, m := countyProduct(t)
	to := t.TempDir()
	says(t, []string{"export", product, "--to", to, "--by", "none", "--batch", "b", "--format", "gpkg,shp,filegdb,flatgeobuf,geojson,kml,geoparquet,xlsx,html,stac"}, exitComplete)
	stems := []string{filepath.Join(to, "b", "b")}
	if forest := filepath.Join(to, "b", "林地减少", "b-forest"); exists(forest + ".gpkg") {
		stems = append(stems, forest)
	}
	count, area := 0, 0.0
	for _, stem := range stems {
		var want []string // by ogr2ogr from the master, a table of JCMJ and TZ
		for _, format := range []string{".gpkg", ".shp", ".gdb", ".fgb", ".geojson", ".kml"} {
			rows := ogr2csv(t, stem+format)
			slices.Sort(rows)
			if want == nil {
				want = rows
				count += len(rows)
				for _, r := range rows {
					v, err := strconv.ParseFloat(strings.Split(r, "|")[0], 64)
					if err != nil {
						t.Fatal(err)
					}
					area += v
				}
			}
			if !slices.Equal(rows, want) {
				t.Errorf("%s%s: %q, want %q", filepath.Base(stem), format, rows, want)
			}
		}
	}
	if count != m.Counts.Published || math.Abs(area-m.Counts.AreaM2) > 0.005 {
		t.Errorf("%d patches of %.2f m² left, the product has %d of %.2f", count, area, m.Counts.Published, m.Counts.AreaM2)
	}
	checkItem(t, stems[0]+"-stac.json")

	sources := []string{stems[0] + ".gpkg|layername=changes", stems[0] + ".shp", stems[0] + ".gdb|layername=changes", stems[0] + ".fgb"}
	layers := inQGIS(t, sources...)
	first := layers[sources[0]]
	if first.Texts[0] == "" {
		t.Errorf("the master in QGIS: %+v", first)
	}
	for _, s := range sources {
		l := layers[s]
		if !l.Valid || l.CRS != m.Grid.CRS || l.Count != first.Count || math.Abs(l.Area-first.Area) > 1e-6 || math.Abs(l.Plane-first.Plane) > 0.01 || !slices.Equal(l.Texts, first.Texts) {
			t.Errorf("%s in QGIS: %+v, want %+v", s, l, first)
		}
	}
}

// ogr2csv has ogr2ogr, a process of its own, write JCMJ, MJ, TZ, DLMC and XZQDM of the layer of patches.
func ogr2csv(t *testing.T, path string) (rows []string) {
	t.Helper()
	layer := "changes"
	if strings.HasSuffix(path, ".shp") {
		layer = strings.TrimSuffix(filepath.Base(path), ".shp")
	}
	cmd := exec.CommandContext(t.Context(), outside(t, "ogr2ogr", "apt-get install gdal-bin"), "-f", "CSV", "/vsistdout/", path,
		"-sql", fmt.Sprintf(`SELECT JCMJ, MJ, TZ, DLMC, XZQDM FROM "%s"`, layer), "-dialect", "OGRSQL")
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		errors.As(err, &exit)
		t.Fatalf("ogr2ogr %s: %v: %s", path, err, exit.Stderr)
	}
	list, err := csv.NewReader(strings.NewReader(string(out))).ReadAll()
	if err != nil || len(list) < 2 {
		t.Fatalf("ogr2ogr %s: %v: %s", path, err, out)
	}
	for _, r := range list[1:] {
		for i, v := range r[:2] {
			f, err := strconv.ParseFloat(v, 64)
			if err != nil {
				t.Fatal(err)
			}
			r[i] = strconv.FormatFloat(f, 'f', 2, 64)
		}
		rows = append(rows, strings.Join(r, "|"))
	}
	return rows
}

// checkItem looks at a STAC item as its specification has it.
func checkItem(t *testing.T, path string) {
	t.Helper()
	var item struct {
		Type     string
		Version  string `json:"stac_version"`
		ID       string
		Geometry struct {
			Type        string
			Coordinates [][][2]float64
		}
		BBox       []float64
		Properties map[string]any
		Links      []struct{ Rel, Href string }
		Assets     map[string]struct {
			Href, Checksum string
			Roles          []string
			Sum            string `json:"file:checksum"`
			Size           int64  `json:"file:size"`
		}
	}
	if err := json.Unmarshal([]byte(readText(t, path)), &item); err != nil {
		t.Fatal(err)
	}
	ring := item.Geometry.Coordinates[0]
	if item.Type != "Feature" || item.Version != "1.0.0" || item.ID == "" || len(item.BBox) != 4 || ring[0] != ring[len(ring)-1] || item.BBox[0] < 73 || item.BBox[1] > 54 {
		t.Errorf("item %+v", item)
	}
	start, end := item.Properties["start_datetime"].(string), item.Properties["end_datetime"].(string)
	if _, has := item.Properties["datetime"]; !has || item.Properties["datetime"] != nil || start == "" || end < start {
		t.Errorf("properties %v", item.Properties)
	}
	for _, l := range item.Links {
		if !exists(filepath.Join(filepath.Dir(path), l.Href)) {
			t.Errorf("the link %s leads to %s, which is not there", l.Rel, l.Href)
		}
	}
	for _, format := range []string{"gpkg", "shp", "xlsx", "html", "fgb", "geojson", "kml", "parquet", "gdb"} {
		a, ok := item.Assets[format]
		at := filepath.Join(filepath.Dir(path), a.Href)
		if !ok || !exists(at) || len(a.Roles) == 0 {
			t.Errorf("asset %s: %+v", format, a)
			continue
		}
		if st, err := os.Stat(at); err != nil || !st.IsDir() && (st.Size() != a.Size || len(a.Sum) != 68) {
			t.Errorf("asset %s: %+v, %v", format, a, err)
		}
	}
}

// TestExportPrescribedTables: the fields of a prescribed table are in the .dbf as prescribed, in either encoding.
func TestExportPrescribedTables(t *testing.T) {
	onceInFull(t)
	file := patchesFile(t, "农安县", "农安县", "德惠市")
	want := map[string]string{
		"ministry": "XZQDM C 6.0, JCBH C 24.0, TBLX C 4.0, QSX C 8.0, HSX C 8.0, JCMJ N 18.2",
		"province": "OBJECTID N 9.0, XZQDM C 6.0, XMC C 60.0, TBLX C 4.0, TZ C 60.0, QSX C 8.0, HSX C 8.0, DDTC C 4.0, BZ C 254.0, JSYDXZ C 60.0, JCBH C 24.0, " +
			"DLBM C 5.0, DLMC C 60.0, TBXHDM C 6.0, TBXHMC C 20.0, ZZSXDM C 6.0, ZZSXMC C 20.0, CZCSXM C 4.0, SFYN C 3.0, SFHX C 3.0, MJ N 18.2, CREATE_AT D 8.0, UPDATE_AT D 8.0",
	}
	for schema, fields := range want {
		for encoding, name := range map[string]string{"UTF-8": "农安县", "GBK": "\xc5\xa9\xb0\xb2\xcf\xd8"} {
			to := t.TempDir()
			says(t, []string{"export", file, "--to", to, "--format", "shp,filegdb", "--schema", schema, "--encoding", encoding}, exitComplete)
			stem := filepath.Join(to, "220122农安县", "20250820", "220122-20250820")
			var got []string
			for _, f := range dbfFields(t, stem+".dbf") {
				got = append(got, fmt.Sprintf("%s %c %d.%d", f.name, f.kind, f.width, f.decimals))
			}
			if s := strings.Join(got, ", "); s != fields {
				t.Errorf("%s in %s:\n%s\nwant\n%s", schema, encoding, s, fields)
			}
			if readText(t, stem+".cpg") != encoding || schema == "province" && !strings.Contains(readText(t, stem+".dbf"), name) {
				t.Errorf("%s is not in %s", stem, encoding)
			}
			if !exists(filepath.Join(to, "220122农安县", "20250820", "林地减少", "220122-20250820-forest.shp")) || !exists(filepath.Join(to, "无行政区代码", "20250820", "none-20250820.gdb")) {
				t.Error("forest loss, or a patch without a county, has no package")
			}
		}
	}
}

// files are the files below dir with when they were written, and their content's length.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		st, err := e.Info()
		out[path] = fmt.Sprint(st.ModTime().UnixNano(), st.Size())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestExportIsWholeOrNot: the manifest is last; the same command continues, and does nothing once all is there; what somebody
// changed, or what is of another export, is not replaced unasked.
func TestExportIsWholeOrNot(t *testing.T) {
	onceInFull(t)
	t.Setenv("SOURCE_DATE_EPOCH", "1756713600")
	file := patchesFile(t, "农安县", "农安县", "德惠市")
	to := t.TempDir()
	command := []string{"export", file, "--to", to, "--format", "gpkg,xlsx"}
	says(t, append(command, "--dry-run"), exitComplete)
	if left := files(t, to); len(left) > 0 {
		t.Fatalf("--dry-run wrote %v", left)
	}
	says(t, command, exitComplete)
	before := files(t, to)
	var m export.Manifest
	manifest := filepath.Join(to, "export-20250820.json")
	if err := json.Unmarshal([]byte(readText(t, manifest)), &m); err != nil || m.Count != 4 || m.AreaM2 != 1607 || len(m.Folders) != 3 {
		t.Fatalf("manifest %+v, %v", m, err)
	}
	if out := says(t, command, exitComplete); !strings.Contains(out, "already") || !reflect.DeepEqual(files(t, to), before) {
		t.Errorf("a second export wrote: %s", out)
	}

	// An interruption between counties leaves no manifest; the next try writes what is missing.
	for _, path := range []string{manifest, filepath.Join(to, "220183德惠市")} {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
	says(t, command, exitComplete)
	after := files(t, to)
	if len(after) != len(before) {
		t.Errorf("%d files, want %d", len(after), len(before))
	}
	for path, when := range before {
		if kept := !strings.Contains(path, "220183德惠市") && path != manifest && !strings.Contains(path, "清单"); kept != (after[path] == when) {
			t.Errorf("%s was kept: %v", path, !kept)
		}
	}

	// Somebody filled the table in.
	table := filepath.Join(to, "220122农安县", "20250820", "220122-20250820.xlsx")
	if err := os.WriteFile(table, []byte("filled in"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, errw := tuban(command...); code != exitInput || !strings.Contains(errw, "worked in it") || readText(t, table) != "filled in" {
		t.Errorf("exit code %d: %s", code, errw)
	}
	if code, _, errw := tuban(append(command, "--schema", "ministry")...); code != exitInput {
		t.Errorf("another export of the batch: exit code %d: %s", code, errw)
	}
	says(t, append(command, "--force"), exitComplete)
	if !reflect.DeepEqual(keys(files(t, to)), keys(before)) || readText(t, table) == "filled in" {
		t.Error("--force did not replace the export")
	}
	// Of the same counties fewer are left: the others go.
	says(t, append(command, "--force", "--by", "none"), exitComplete)
	if exists(table) || !exists(filepath.Join(to, "20250820", "20250820.gpkg")) {
		t.Error("what the earlier export had is there still")
	}
}

func keys(m map[string]string) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// TestExportThatFailsLeavesNoHalf: a text that GBK lacks stops the export, says where, and leaves no manifest and no part.
func TestExportThatFailsLeavesNoHalf(t *testing.T) {
	file := patchesFile(t, "农安县", "农安县", "德惠𠂊市")
	to := t.TempDir()
	code, _, errw := tuban("export", file, "--to", to, "--format", "shp", "--encoding", "GBK")
	if code != exitInput || !strings.Contains(errw, "𠂊") || !strings.Contains(errw, "field XMC") || strings.Contains(errw, ".part") {
		t.Errorf("exit code %d: %s", code, errw)
	}
	for path := range files(t, to) {
		if !strings.Contains(path, "220122农安县") {
			t.Errorf("it left %s", path)
		}
	}
	says(t, []string{"export", file, "--to", to, "--format", "shp", "--force"}, exitComplete)
}

// TestExportKeepsPrescribedWidths: a text that a prescribed field is too short for is an error, in the encoding in which it is;
// a product's own field grows.
func TestExportKeepsPrescribedWidths(t *testing.T) {
	file := patchesFile(t, strings.Repeat("县", 21)) // 63 bytes in UTF-8, 42 in GBK
	code, _, errw := tuban("export", file, "--to", t.TempDir(), "--format", "shp", "--schema", "province")
	if code != exitInput || !strings.Contains(errw, "takes 63 bytes in UTF-8, the field has 60") {
		t.Errorf("exit code %d: %s", code, errw)
	}
	for _, args := range [][]string{{"--schema", "province", "--encoding", "GBK"}, {"--schema", "full"}} {
		says(t, append([]string{"export", file, "--to", t.TempDir(), "--format", "shp"}, args...), exitComplete)
	}
}

// TestExportInAnotherSystem: geometry moves, stored areas stay; longitude comes first.
func TestExportInAnotherSystem(t *testing.T) {
	onceInFull(t)
	file := patchesFile(t, "农安县", "农安县", "德惠市")
	to := t.TempDir()
	says(t, []string{"export", file, "--to", to, "--by", "none", "--format", "gpkg", "--crs", "EPSG:4490"}, exitComplete)
	for _, f := range readLayer(t, filepath.Join(to, "20250820", "20250820.gpkg"), "changes") {
		if len(f.WKB) == 0 || !slices.Contains(f.Values, "400.25") && !slices.Contains(f.Values, "402.25") && !slices.Contains(f.Values, "403.25") {
			t.Errorf("feature %d: %q", f.FID, f.Values)
		}
	}
	layers := inQGIS(t, filepath.Join(to, "20250820", "20250820.gpkg|layername=changes"))
	for _, l := range layers {
		// 20 m × 20 m at 43.8° N, three times, in square degrees.
		if l.CRS != "EPSG:4490" || l.Count != 3 || math.Abs(l.Plane-3*400/(111_120*80_400.)) > 2e-9 {
			t.Errorf("%+v", l)
		}
	}
}

// TestExportIntoDatabase: all packages in one table, a batch once however often it is written.
func TestExportIntoDatabase(t *testing.T) {
	onceInFull(t)
	db := postgistest.Start(t)
	file := patchesFile(t, "农安县", "农安县", "德惠市")
	for _, batch := range []string{"甲", "甲", "乙"} {
		says(t, []string{"export", file, "--format", "postgis", "--postgis", db.URL, "--table", "patches", "--batch", batch}, exitComplete)
	}
	got := db.Query(t, "SELECT batch, count(*), sum(jcmj), min(tz), round(sum(ST_Area(geom))), count(DISTINCT xzqdm) FROM patches GROUP BY batch ORDER BY batch COLLATE \"C\"")
	if want := "乙|4|1607.00|新增建（构）筑物|1600|2\n甲|4|1607.00|新增建（构）筑物|1600|2"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestExportRefuses(t *testing.T) {
	onceInFull(t)
	file := patchesFile(t, "农安县", "农安县", "德惠市")
	empty := t.TempDir()
	unfinished := t.TempDir()
	if err := os.Link(file, filepath.Join(unfinished, "released.gpkg")); err != nil {
		t.Fatal(err)
	}
	for says, args := range map[string][]string{
		"no finished product":   {empty, "--to", filepath.Join(empty, "x")},
		"not finished":          {unfinished, "--to", filepath.Join(empty, "x")},
		"give the folder":       {file},
		"no format is called":   {file, "--to", empty, "--format", "dwg"},
		"no layer":              {file, "--to", empty, "--layer", "none"},
		"no name of a folder":   {file, "--to", empty, "--batch", "../x"},
		"folder on disk":        {file, "--to", "s3://bucket/x"},
		"go together":           {file, "--format", "postgis"},
		"no scheme":             {file, "--to", empty, "--scheme", "none"},
		"reference system":      {file, "--to", empty, "--crs", "EPSG:0"},
		"postgresql://user@hos": {file, "--format", "postgis", "--postgis", "mysql://x"},
	} {
		if code, _, errw := tuban(append([]string{"export"}, args...)...); code == exitComplete || !strings.Contains(errw, says) {
			t.Errorf("%v: exit code %d: %s", args, code, errw)
		}
	}
	if left := files(t, empty); len(left) > 0 {
		t.Errorf("what was refused left %v", left)
	}
}
