package gdal

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"pgregory.net/rapid"

	"tuban/raster/vector"
)

// writers are all formats of files, by a name for a file.
var writers = map[string]func(t *testing.T, path string, table vector.Table, o vector.WriteOptions) error{
	"a.gpkg": func(t *testing.T, path string, table vector.Table, o vector.WriteOptions) error {
		return WriteGeoPackage(t.Context(), path, []vector.Table{table}, o)
	},
	"a.shp": func(t *testing.T, path string, table vector.Table, o vector.WriteOptions) error {
		return WriteShapefile(t.Context(), path, table, o)
	},
	"a.gdb": writeVector, "a.fgb": writeVector, "a.geojson": writeVector,
}

func writeVector(t *testing.T, path string, table vector.Table, o vector.WriteOptions) error {
	return WriteVector(t.Context(), path, []vector.Table{table}, o)
}

// texts are what people write, without blanks around it: readers of this package cut those.
func texts() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.TrimSpace(rapid.StringOfN(rapid.SampledFrom([]rune("农安县图斑0123 aZ,;\"'<>&\\/%é")), 0, 20, -1).Draw(t, "text"))
	})
}

// TestAnyValueSurvivesEachFormat writes texts, numbers, days and nulls, and reads them as they were. An empty text and null
// are one to readers.
func TestAnyValueSurvivesEachFormat(t *testing.T) {
	fields := []vector.Field{
		{Name: "XMC", Type: vector.String, Width: 60}, {Name: "MJ", Type: vector.Float, Width: 18, Precision: 2},
		{Name: "XH", Type: vector.Int}, {Name: "RQ", Type: vector.Date},
	}
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(writers))).Draw(r, "format")
		var list []vector.Row
		var want [][]string
		for i := range rapid.IntRange(1, 8).Draw(r, "rows") {
			row := vector.Row{WKB: wkb.MustMarshal(square(125+float64(i)/1000, 43.8, 0.001)), Values: make([]any, 4)}
			text := make([]string, 4)
			if s := texts().Draw(r, "XMC"); s != "" {
				row.Values[0], text[0] = s, s
			}
			if rapid.Bool().Draw(r, "has MJ") {
				v := float64(rapid.Int64Range(-1e13, 1e13).Draw(r, "MJ")) / 100
				row.Values[1], text[1] = v, strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
			}
			if rapid.Bool().Draw(r, "has XH") {
				v := rapid.Int32Range(-99_999_999, 999_999_999).Draw(r, "XH")
				row.Values[2], text[2] = int64(v), fmt.Sprint(v)
			}
			if rapid.Bool().Draw(r, "has RQ") {
				s := fmt.Sprintf("%04d-%02d-%02d", rapid.IntRange(1950, 2100).Draw(r, "year"), rapid.IntRange(1, 12).Draw(r, "month"), rapid.IntRange(1, 28).Draw(r, "day"))
				row.Values[3], text[3] = s, s
			}
			list, want = append(list, row), append(want, text)
		}
		path := filepath.Join(dir, name)
		table := vector.Table{Name: "changes", CRS: "EPSG:4326", Geometry: "MultiPolygon", Fields: fields, Rows: rows(list...)}
		if err := writers[name](t, path, table, vector.WriteOptions{}); err != nil {
			r.Fatal(err)
		}
		got := read(t, vector.LayerSpec{Source: path, Fields: []string{"XMC", "MJ", "XH", "RQ"}}, "")
		if len(got) != len(want) {
			r.Fatalf("%d rows, want %d", len(got), len(want))
		}
		// FlatGeobuf sorts by place: rows are told by it.
		for _, f := range got {
			i := int(math.Round((f.geom.Bound().Min[0] - 125) * 1000))
			if fmt.Sprintf("%q", f.values) != fmt.Sprintf("%q", want[i]) {
				r.Fatalf("row %d: %q, want %q", i, f.values, want[i])
			}
			if a := planarArea(f.geom); math.Abs(a-1e-6) > 1e-12 {
				r.Fatalf("row %d: area %v", i, a)
			}
		}
	})
}

// TestGBKWritesWhatItCan: every character that is let through comes back; one that GBK lacks is an error that names it.
func TestGBKWritesWhatItCan(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.shp")
	one := func(s string, width int) vector.Table {
		return vector.Table{Name: "a", CRS: "EPSG:4530", Geometry: "Polygon", Fields: []vector.Field{{Name: "XMC", Type: vector.String, Width: width}},
			Rows: rows(vector.Row{WKB: wkb.MustMarshal(square(42_500_000, 4_850_000, 10)), Values: []any{s}})}
	}
	gbk := vector.WriteOptions{Encoding: "GBK", Exact: true}
	if err := WriteShapefile(t.Context(), path, one("农安县", 6), gbk); err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile(strings.TrimSuffix(path, ".shp") + ".dbf")
	if err != nil || !strings.Contains(string(table), "\xc5\xa9\xb0\xb2\xcf\xd8") {
		t.Errorf("the .dbf does not hold the text in GBK: %v", err)
	}
	if cpg, err := os.ReadFile(strings.TrimSuffix(path, ".shp") + ".cpg"); err != nil || string(cpg) != "GBK" {
		t.Errorf(".cpg %q, %v", cpg, err)
	}
	if got := read(t, vector.LayerSpec{Source: path, Fields: []string{"XMC"}}, ""); got[0].values[0] != "农安县" {
		t.Errorf("read back as %q", got[0].values[0])
	}
	for _, c := range []struct {
		text, says string
		o          vector.WriteOptions
	}{
		{"向前𠂊村", "𠂊", gbk}, {"农安县", "takes 9 bytes in UTF-8", vector.WriteOptions{Exact: true}}, {"农", "encoding", vector.WriteOptions{Encoding: "BIG5"}},
	} {
		if err := WriteShapefile(t.Context(), path, one(c.text, 6), c.o); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q in %q: %v", c.text, c.o.Encoding, err)
		}
	}

	// All that is let through, in rows of a hundred characters.
	var list []vector.Row
	var want []string
	for r, line := rune(0x80), ""; r < 0x11000; r++ {
		if n, err := encodedLength(string(r), "GBK"); err == nil && n > 0 && !unicode.IsSpace(r) {
			line += string(r)
		}
		if utf8.RuneCountInString(line) == 100 || r == 0x10fff && line != "" {
			list, want = append(list, vector.Row{Values: []any{line}}), append(want, line)
			line = ""
		}
	}
	all := one("", 254)
	all.Rows = rows(list...)
	if err := WriteShapefile(t.Context(), path, all, gbk); err != nil {
		t.Fatal(err)
	}
	got := read(t, vector.LayerSpec{Source: path, Fields: []string{"XMC"}}, "")
	if len(got) != len(want) || len(got) < 210 {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for i, f := range got {
		if f.values[0] != want[i] {
			t.Errorf("%q came back as %q", want[i], f.values[0])
		}
	}
}

func TestFormatsRefuse(t *testing.T) {
	dir := t.TempDir()
	big := vector.Table{Name: "a", Fields: []vector.Field{{Name: "n", Type: vector.Int64}}, Rows: rows(vector.Row{Values: []any{int64(1)<<53 + 1}})}
	for path, tables := range map[string][]vector.Table{"a.dxf": {big}, "a.fgb": {big, big}, "a.gdb": {big}, "b.gdb": {{}}} {
		if err := WriteVector(t.Context(), filepath.Join(dir, path), tables, vector.WriteOptions{}); err == nil {
			t.Errorf("%s was written", path)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("what failed left %v, %v", left, err)
	}
}

// TestReservedWords: a FileGDB has words that are no names of fields.
func TestReservedWords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.gdb")
	table := vector.Table{Name: "approvals", Fields: []vector.Field{{Name: "cid", Type: vector.String}, {Name: "date", Type: vector.String, Alias: "批准日期"}, {Name: "MJ", Type: vector.Float}},
		Rows: rows(vector.Row{Values: []any{"a", "20250820", 1.5}})}
	if err := writeVector(t, path, table, vector.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	got := read(t, vector.LayerSpec{Source: path, Layer: "approvals", Fields: []string{"cid", "批准日期", "MJ"}}, "")
	if len(got) != 1 || !slices.Equal(got[0].values, []string{"a", "20250820", "1.5"}) {
		t.Errorf("%+v", got)
	}
}

// TestKML is read as XML, because this package does not read KML.
func TestKML(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.kml")
	table := vector.Table{Name: "changes", CRS: "EPSG:4326", Geometry: "MultiPolygon",
		Fields: []vector.Field{{Name: "Name", Type: vector.String}, {Name: "Description", Type: vector.String}, {Name: "XMC", Type: vector.String}, {Name: "MJ", Type: vector.Float}},
		Rows:   rows(vector.Row{WKB: wkb.MustMarshal(orb.MultiPolygon{square(125, 43.8, 0.001)}), Values: []any{"2201222026000001", "仅作线索", "农安县<&>", 12.25}})}
	if err := WriteVector(t.Context(), path, []vector.Table{table}, vector.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<name>2201222026000001</name>", "<description>仅作线索</description>", "农安县&lt;&amp;&gt;", "<color>ff0000ff</color>", "12.25", "125.0,43.8"} {
		if !strings.Contains(string(b), want) {
			t.Errorf("%s is not in:\n%s", want, b)
		}
	}
}

func TestLayerFields(t *testing.T) {
	dir := t.TempDir()
	for name, write := range writers {
		if filepath.Ext(name) == ".geojson" {
			continue // it keeps no widths
		}
		path := filepath.Join(dir, name)
		table := vector.Table{Name: "changes", CRS: "EPSG:4326", Geometry: "MultiPolygon", Fields: []vector.Field{
			{Name: "DLMC", Type: vector.String, Width: 60}, {Name: "MJ", Type: vector.Float}, {Name: "XH", Type: vector.Int}, {Name: "RQ", Type: vector.Date},
		}, Rows: rows(vector.Row{WKB: wkb.MustMarshal(square(125, 43, 1)), Values: []any{"旱地", 1.5, int64(3), "2025-09-01"}})}
		if err := write(t, path, table, pinned); err != nil {
			t.Fatal(err)
		}
		got, err := LayerFields(t.Context(), vector.LayerSpec{Source: path})
		if err != nil || len(got) != 4 {
			t.Fatalf("%s: %+v, %v", name, got, err)
		}
		for i, f := range got {
			if f.Type != table.Fields[i].Type || f.Name != table.Fields[i].Name || f.Type == vector.String && f.Width != 60 {
				t.Errorf("%s: field %+v, want %+v", name, f, table.Fields[i])
			}
		}
	}
}

func TestProjJSON(t *testing.T) {
	s, err := ProjJSON("EPSG:4530")
	if err != nil || !strings.Contains(s, `"code": 4530`) {
		t.Errorf("%s, %v", s, err)
	}
	if _, err := ProjJSON("nonsense"); err == nil {
		t.Error("nonsense has a PROJJSON")
	}
}
