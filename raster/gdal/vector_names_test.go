package gdal

import (
	"bytes"
	"encoding/binary"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tuban/raster/vector"
)

// A FileGDB as it is delivered: a folder with a Chinese name, a feature dataset, a layer with an alias, fields with aliases.
func TestChineseFileGDB(t *testing.T) {
	gdb := filepath.Join(t.TempDir(), "农安县三调.gdb")
	table := parcels()
	table.Name = "地类图斑"
	out, err := createSink("OpenFileGDB", gdb, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := out.writeTable(t.Context(), table, []string{"FEATURE_DATASET=土地利用", "LAYER_ALIAS=二〇二四年地类图斑"}, false); err != nil {
		t.Fatal(err)
	}
	if err := out.close(); err != nil {
		t.Fatal(err)
	}
	for _, layer := range []string{"", "地类图斑", "二〇二四年地类图斑"} {
		s := vector.LayerSpec{Source: gdb, Layer: layer, Fields: []string{"地类编码", "zldwmc"}}
		info, err := DescribeLayer(t.Context(), s)
		if err != nil {
			t.Fatalf("layer %q: %v", layer, err)
		}
		if i := slices.Index(info.Fields, "DLBM"); info.Name != "地类图斑" || i < 0 || len(info.Aliases) != len(info.Fields) || info.Aliases[i] != "地类编码" {
			t.Errorf("layer %q: %+v", layer, info)
		}
		got := read(t, s, "")
		if len(got) != 3 || got[1].values[0] != "05H1" || got[1].values[1] != "农安县哈拉海镇向前村民委员会" {
			t.Errorf("layer %q: %v", layer, got)
		}
	}
	if _, err := DescribeLayer(t.Context(), vector.LayerSpec{Source: gdb, Layer: "地类图"}); err == nil || !strings.Contains(err.Error(), "地类图斑 (MultiPolygon)") {
		t.Errorf("another name: %v", err)
	}
}

// dbf is an attribute table in dBASE's own form: names and values are written as the bytes they are given as.
func dbf(language byte, names []string, widths []int, records ...[]string) []byte {
	head := make([]byte, 32)
	head[0], head[29] = 3, language
	size := 1
	for _, w := range widths {
		size += w
	}
	binary.LittleEndian.PutUint32(head[4:], uint32(len(records)))
	binary.LittleEndian.PutUint16(head[8:], uint16(32+32*len(names)+1))
	binary.LittleEndian.PutUint16(head[10:], uint16(size))
	for i, n := range names {
		d := make([]byte, 32)
		copy(d[:10], n)
		d[11], d[16] = 'C', byte(widths[i])
		head = append(head, d...)
	}
	head = append(head, '\r')
	for _, r := range records {
		head = append(head, ' ')
		for i, v := range r {
			v := append([]byte(v), bytes.Repeat([]byte(" "), widths[i])...)
			head = append(head, v[:widths[i]]...)
		}
	}
	return append(head, 0x1a)
}

// logged runs f and returns what was logged.
func logged(t *testing.T, f func()) string {
	t.Helper()
	var b bytes.Buffer
	old := slog.Default()
	defer slog.SetDefault(old)
	slog.SetDefault(slog.New(slog.NewTextHandler(&b, nil)))
	f()
	return b.String()
}

const (
	gbkName  = "\xb5\xd8\xc0\xe0\xb1\xe0\xc2\xeb"          // 地类编码
	gbkPlace = "\xc5\xa9\xb0\xb2\xcf\xd8"                  // 农安县
	gbkCut   = "A\xb5\xd8\xc0\xe0\xb1\xe0\xc2\xeb\xc3\xfb" // A地类编码名: the tenth byte is the first half of 名
)

// Names and values of a table, whatever their encoding, are as people write them, and what is not text is counted.
func TestTextOfShapefiles(t *testing.T) {
	for _, c := range []struct {
		name     string
		language byte
		cpg      string
		declared string
		field    string
		value    string
		want     string // name=value
		warns    string
	}{
		{"GBK without a .cpg", 0x57, "", "", gbkName, gbkPlace, "地类编码=农安县", ""},
		{"a GBK name cut within a character", 0x57, "", "", gbkCut, gbkPlace, "A地类编码=农安县", ""},
		{"a GBK value cut within a character", 0x57, "", "", gbkName, "A" + gbkPlace + gbkPlace + gbkPlace + gbkPlace, "地类编码=A农安县农安县农安县", ""},
		{"a UTF-8 name cut within a character", 0, "", "", "图斑编号", "农安县", "图斑编=农安县", ""},
		{"a UTF-8 value cut within a character", 0, "UTF-8", "", "DLBM", "农安县农安县农", "DLBM=农安县农安县", ""},
		{"GBK that a .cpg calls UTF-8", 0, "UTF-8", "", "DLBM", gbkPlace, "", "count=1"},
		{"UTF-8 declared as GBK", 0, "", "GBK", "DLBM", "农安县", "", "count=1"},
		{"UTF-8 declared as GBK, of an even length", 0, "", "GBK", "DLBM", "农安县农", "", "UTF-8"},
		{"GBK declared as UTF-8", 0, "", "UTF-8", "DLBM", gbkPlace, "", "count=1"},
		{"GBK declared", 0, "UTF-8", "GBK", "DLBM", gbkPlace, "DLBM=农安县", ""},
		{"a code page by number", 0, "", "CP936", "DLBM", gbkPlace, "DLBM=农安县", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "地类图斑.dbf")
			if err := os.WriteFile(path, dbf(c.language, []string{c.field}, []int{20}, []string{c.value}), 0o644); err != nil {
				t.Fatal(err)
			}
			if c.cpg != "" {
				if err := os.WriteFile(strings.TrimSuffix(path, ".dbf")+".cpg", []byte(c.cpg), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			s := vector.LayerSpec{Source: path, Layer: "地类图斑", Encoding: c.declared}
			info, err := DescribeLayer(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			s.Fields = info.Fields
			var got []feature
			said := logged(t, func() { got = read(t, s, "") })
			if have := info.Fields[0] + "=" + got[0].values[0]; c.want != "" && have != c.want {
				t.Errorf("read as %q, want %q", have, c.want)
			}
			if (c.warns == "") != !strings.Contains(said, "encoding") || !strings.Contains(said, c.warns) {
				t.Errorf("said %q, want %q", said, c.warns)
			}
		})
	}
}

func TestUnknownEncoding(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.dbf")
	if err := os.WriteFile(path, dbf(0, []string{"A"}, []int{4}, []string{"x"}), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"GKB", "UTF-8//IGNORE", " ", "/etc/passwd"} {
		if _, err := DescribeLayer(t.Context(), vector.LayerSpec{Source: path, Layer: "a", Encoding: name}); err == nil || !strings.Contains(err.Error(), "unknown encoding") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// What is delivered but not read says what to do with it.
func TestRefusedForms(t *testing.T) {
	dir := t.TempDir()
	for name, want := range map[string]string{
		"地类图斑.zip": "unpack it", "a.ZIP": "unpack it", "a.rar": "unpack it",
		"a.kml": "convert it with ogr2ogr", "a.kmz": "convert it with ogr2ogr", "a.docx": "convert it, for example with ogr2ogr",
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("PK\x03\x04"), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{
			func() error { _, err := ListLayers(t.Context(), path); return err }(),
			func() error { _, err := DescribeLayer(t.Context(), vector.LayerSpec{Source: path}); return err }(),
			ReadLayer(t.Context(), vector.LayerSpec{Source: path}, "", nil),
		} {
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if _, err := ListLayers(t.Context(), "/vsizip/"+filepath.Join(dir, "a.ZIP")); err == nil || !strings.Contains(err.Error(), "unpack") {
		t.Errorf("a virtual file: %v", err)
	}
}

// A day has one form, whatever the type of its column; a field that the layer lacks is null.
func TestDates(t *testing.T) {
	dir := t.TempDir()
	seams, gpkg, gdb := filepath.Join(dir, "seams.geojson"), filepath.Join(dir, "seams.gpkg"), filepath.Join(dir, "seams.gdb")
	text := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"day":"2025/08/20","time":"2025/08/20 23:59:58+08","text":" 20250820 ","int":20250820,"real":20250820.0,"none":null},
		"geometry":{"type":"Polygon","coordinates":[[[126,43],[127,43],[127,44],[126,43]]]}}]}`
	if err := os.WriteFile(seams, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	translate(t, seams, gpkg, "-f", "GPKG")
	translate(t, seams, gdb, "-f", "OpenFileGDB")
	for _, path := range []string{seams, gpkg, gdb} {
		got := read(t, vector.LayerSpec{Source: path, Fields: []string{"DAY", "Time", "TEXT", "Int", "", "real", "none"}}, "")
		want := []string{"2025-08-20", "2025-08-20", "20250820", "20250820", "", "20250820", ""}
		if !slices.Equal(got[0].values, want) {
			t.Errorf("%s: %q, want %q", path, got[0].values, want)
		}
	}
}
