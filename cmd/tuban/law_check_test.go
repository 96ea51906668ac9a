package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tuban/pipeline"
	"tuban/raster/gdal"
	"tuban/raster/vector"
)

func outputOf(t testing.TB, dir, name string) pipeline.Output {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b)
	return pipeline.Output{Path: name, Bytes: int64(len(b)), SHA256: hex.EncodeToString(sum[:])}
}

// copyProduct copies a finished product to a folder that can be damaged.
func copyProduct(t testing.TB, dir string) string {
	t.Helper()
	out := t.TempDir()
	if err := os.CopyFS(out, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return out
}

// complains expects that the check finds fault, and that it names what.
func complains(t *testing.T, what, dir string, words ...string) {
	t.Helper()
	found := wrong(t, dir)
	text := strings.Join(found, "\n")
	if len(found) == 0 {
		t.Errorf("%s: the check finds nothing wrong", what)
	}
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%s: the check does not mention %q:\n%s", what, w, text)
		}
	}
}

// TestCheckSeesDamage damages each file of a product in turn.
func TestCheckSeesDamage(t *testing.T) {
	f := randomPair(t, 41, 90, 60)
	f.Outputs = []string{"gpkg", "shp", "report"}
	good := t.TempDir()
	m := detect(t, f, pipeline.Options{Out: good}).manifest
	if found := wrong(t, good); len(found) > 0 {
		t.Fatalf("before any damage: %q", found)
	}
	if len(m.Outputs) != 10 {
		t.Errorf("%d outputs: %v", len(m.Outputs), m.Outputs)
	}
	for _, o := range m.Outputs {
		dir := copyProduct(t, good)
		path := filepath.Join(dir, o.Path)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		b[len(b)*2/3] ^= 4
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		complains(t, "a bit of "+o.Path, dir, o.Path)

		dir = copyProduct(t, good)
		if err := os.Remove(filepath.Join(dir, o.Path)); err != nil {
			t.Fatal(err)
		}
		complains(t, o.Path+" missing", dir, o.Path)
	}
	dir := copyProduct(t, good)
	if err := os.Truncate(filepath.Join(dir, pipeline.ManifestName), 100); err != nil {
		t.Fatal(err)
	}
	complains(t, "half a manifest", dir, pipeline.ManifestName)
	if err := os.Remove(filepath.Join(dir, pipeline.ManifestName)); err != nil {
		t.Fatal(err)
	}
	complains(t, "no manifest", dir, "holds no finished product")
}

// TestCheckSeesForgery changes the published layer, checksums and all: the laws on patches still find it.
func TestCheckSeesForgery(t *testing.T) {
	good := t.TempDir()
	detect(t, randomPair(t, 42, 120, 70), pipeline.Options{Out: good})
	for _, c := range []struct {
		what, says string
		forge      func([]record) []record
	}{
		{"an area", "its geometry", edit("JCMJ", "123.45")},
		{"a share", "shares", edit("GDMJ", "99999")},
		{"the kind", "of kind nothing", edit("kind", "nothing")},
		{"a patch below the minimum", "of kind smooth", edit("kind", "smooth")},
		{"a place twice", "YXJ", edit("YXJ", "2")},
		{"a place that there is not", "YXJ", edit("YXJ", "100000")},
		{"other words for a state", "is called", edit("SPPP", "已匹配审批（待核）")},
		{"a state", "of the states", func(r []record) []record {
			return edit("SPPP", "已匹配审批（待核）")(edit("triage", "matched")(r))
		}},
		{"more under approvals than there is", "SPMJ", edit("SPMJ", "99999")},
		{"a missing patch", "the manifest says", func(r []record) []record { return r[1:] }},
		{"a patch twice", "the manifest says", func(r []record) []record { return append(r, r[0]) }},
		{"a geometry", "its geometry", func(r []record) []record { r[0].wkb = r[1].wkb; return r }},
		{"a bow tie", "Self-intersection", func(r []record) []record { r[0].wkb = bowTie(); return r }},
	} {
		dir := copyProduct(t, good)
		path := filepath.Join(dir, "changes.gpkg")
		list := records(t, path, "changes")
		// The smallest first: it is below the minimum of other kinds.
		for i := range list {
			if list[i].number(t, "JCMJ") < list[0].number(t, "JCMJ") {
				list[0], list[i] = list[i], list[0]
			}
		}
		forged(t, path, c.forge(list))
		rehash(t, dir)
		complains(t, c.what, dir, c.says)
	}
	dir := copyProduct(t, good)
	path := filepath.Join(dir, "changes.gpkg")
	forged(t, path, records(t, path, "changes"))
	rehash(t, dir)
	if found := wrong(t, dir); len(found) > 0 {
		t.Errorf("a faithful copy does not pass: %q", found)
	}
}

// TestCheckSeesForgedUnits changes the parts of patches by unit.
func TestCheckSeesForgedUnits(t *testing.T) {
	good := t.TempDir()
	f, _, _, _ := legalPair(t)
	detect(t, f, pipeline.Options{Out: good})
	for _, c := range []struct {
		what, says string
		forge      func([]record) []record
	}{
		{"nothing", "", func(r []record) []record { return r }},
		{"an area", "its geometry", edit("MJ", "0.07")},
		{"cropland", "of its GDMJ of", edit("GDMJ", "99999")},
		{"basic farmland", "of its YNMJ of", edit("YNMJ", "99999")},
		{"a missing part", "the parts have", func(r []record) []record { return r[1:] }},
		{"a part twice", "the key is not its own", func(r []record) []record { return append(r, r[0]) }},
		{"a part of no patch", "there is no such patch", edit("cid", "other")},
		{"a geometry", "its geometry", func(r []record) []record { r[0].wkb = r[1].wkb; return r }},
	} {
		dir := copyProduct(t, good)
		path := filepath.Join(dir, "changes.gpkg")
		areas := []string{"MJ", "GDMJ", "YNMJ", "HXMJ"}
		changes := recordTable("changes", records(t, path, "changes"), append(areas, checked...)...)
		replaced(t, path, changes, recordTable("changes_units", c.forge(records(t, path, "changes_units")), append(areas, "cid", "uid")...))
		rehash(t, dir)
		if c.says != "" {
			complains(t, c.what, dir, c.says)
		} else if found := wrong(t, dir); len(found) > 0 {
			t.Errorf("a faithful copy does not pass: %q", found)
		}
	}
}

// TestCheckSeesForgedApprovals changes the approvals that lie on patches.
func TestCheckSeesForgedApprovals(t *testing.T) {
	good := t.TempDir()
	f, _, _, _ := legalPair(t)
	detect(t, f, pipeline.Options{Out: good})
	for _, c := range []struct {
		what, says string
		forge      func([]record) []record
	}{
		{"nothing", "", func(r []record) []record { return r }},
		{"an area", "approval ", edit("MJ", "99999")},
		{"an approval on no patch", "there is no patch other", edit("cid", "other")},
	} {
		dir := copyProduct(t, good)
		path := filepath.Join(dir, "changes.gpkg")
		changes := recordTable("changes", records(t, path, "changes"), append([]string{"GDMJ"}, checked...)...)
		replaced(t, path, changes, recordTable("approvals", c.forge(records(t, path, "approvals")), "cid", "number", "MJ"))
		rehash(t, dir)
		if c.says != "" {
			complains(t, c.what, dir, c.says)
		} else if found := wrong(t, dir); len(found) > 0 {
			t.Errorf("a faithful copy does not pass: %q", found)
		}
	}
}

// TestCheckSeesForgedHistory changes the names of candidates.
func TestCheckSeesForgedHistory(t *testing.T) {
	n := newNights(t)
	n.run(n.file("##..##..##", 0))
	n.run(n.file("##..##....", 0))
	for _, c := range []struct {
		what, says, layer string
		forge             func([]record) []record
	}{
		{"nothing", "", "changes", func(r []record) []record { return r }},
		{"two of one name", "is in changes and in changes", "changes", func(r []record) []record { r[0].values["cid"] = r[1].values["cid"]; return r }},
		{"a name that is gone", "is in changes and in gone", "gone", func(r []record) []record {
			r[0].values["cid"] = records(t, filepath.Join(n.last, "changes.gpkg"), "changes")[0].values["cid"]
			return r
		}},
		{"a lineage to nowhere", "no candidate of the product", "lineage", edit("cid", "other")},
		{"a lineage from what is gone", "lives on in", "lineage", func(r []record) []record {
			r[0].values["prev"] = records(t, filepath.Join(n.last, "changes.gpkg"), "gone")[0].values["cid"]
			return r
		}},
	} {
		dir := copyProduct(t, n.last)
		path := filepath.Join(dir, "changes.gpkg")
		var tables []vector.Table
		for layer, fields := range map[string][]string{
			"changes": append([]string{"GDMJ"}, checked...), "gone": {"cid"}, "lineage": {"cid", "prev"},
		} {
			list := records(t, path, layer)
			if layer == c.layer {
				list = c.forge(list)
			}
			tables = append(tables, recordTable(layer, list, fields...))
		}
		replaced(t, path, tables...)
		rehash(t, dir)
		if c.says != "" {
			complains(t, c.what, dir, c.says)
		} else if found := wrong(t, dir); len(found) > 0 {
			t.Errorf("a faithful copy does not pass: %q", found)
		}
	}
}

func edit(field, value string) func([]record) []record {
	return func(r []record) []record {
		r[0].values[field] = value
		return r
	}
}

// bowTie is a multipolygon of one ring that crosses itself, in the byte order of this machine's files.
func bowTie() []byte {
	b := []byte("\x01\x06\x00\x00\x00\x01\x00\x00\x00\x01\x03\x00\x00\x00\x01\x00\x00\x00\x05\x00\x00\x00")
	for _, p := range [][2]float64{{0, 0}, {9, 9}, {9, 0}, {0, 9}, {0, 0}} {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(testX+p[0]))
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(testY+p[1]))
	}
	return b
}

// checked are the fields of changes that the check looks at, cropland apart.
var checked = []string{"cid", "kind", "JCMJ", "QTNYDMJ", "WLYDMJ", "JSYDMJ", "QTMJ", "YXJ", "triage", "SPPP", "SPMJ"}

// forged replaces the package by one with this layer changes.
func forged(t testing.TB, path string, list []record) {
	t.Helper()
	replaced(t, path, recordTable("changes", list, append([]string{"GDMJ"}, checked...)...))
}

// recordTable is a layer of these fields of records.
func recordTable(name string, list []record, fields ...string) vector.Table {
	table := vector.Table{Name: name, CRS: testCRS, Geometry: "MultiPolygon"}
	if len(list) > 0 && list[0].wkb == nil {
		table.CRS, table.Geometry = "", ""
	}
	for _, f := range fields {
		table.Fields = append(table.Fields, vector.Field{Name: f, Type: vector.String, Width: 40})
	}
	table.Rows = func(yield func(vector.Row, error) bool) {
		for _, r := range list {
			row := vector.Row{WKB: r.wkb}
			for _, f := range fields {
				row.Values = append(row.Values, r.values[f])
			}
			if !yield(row, nil) {
				return
			}
		}
	}
	return table
}

func replaced(t testing.TB, path string, tables ...vector.Table) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := gdal.WriteGeoPackage(ctx, path, tables, vector.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
}
