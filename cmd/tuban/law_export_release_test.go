package main

import (
	"encoding/json"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tuban/pipeline"
	"tuban/pipeline/export"
	rowsof "tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/raster/vector"
)

// TestExportOfARelease: what was released reaches its county under its number, once and whole: numbers and areas are those of the
// release; with the product behind it, each county gets what is said of its own patches, and of its parts of those that were cut.
func TestExportOfARelease(t *testing.T) {
	onceInFull(t)
	out, err := reviewed()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	reg, released, to := filepath.Join(dir, "register"), filepath.Join(dir, "release"), filepath.Join(dir, "delivery")
	rows := passAll(t, out, reg)
	m, err := pipeline.ReadManifest(out)
	if err != nil {
		t.Fatal(err)
	}
	largest := slices.MaxFunc(rows, func(a, b rowsof.Row) int { return int(number(t, a, "JCMJ") - number(t, b, "JCMJ")) })
	b := largest.Geom.Bound()
	units := twoCounties(t, m.Grid.CRS, math.Round(b.Min[0]*.6+b.Max[0]*.4)+.25)
	says(t, []string{"release", out, "--register", reg, "--batch", "b", "--units", units, "--to", released, "--isolate=false"}, exitComplete)
	says(t, []string{"export", released, "--product", out, "--register", reg, "--to", to, "--format", "gpkg"}, exitComplete, "batch b")

	var manifest export.Manifest
	if err := json.Unmarshal([]byte(readText(t, filepath.Join(to, "export-b.json"))), &manifest); err != nil {
		t.Fatal(err)
	}
	releases := eventsOf(t, reg).State().Releases()
	want := map[string]string{} // county by number
	for _, r := range releases {
		want[r.JCBH] = r.County
	}
	got := map[string]string{}
	for _, f := range manifest.Folders {
		for _, p := range f.Packages {
			path := filepath.Join(to, p.Dir, p.Stem+".gpkg")
			for _, r := range layerOf(t, path, "released") {
				if _, twice := got[r.Text("JCBH")]; twice {
					t.Errorf("%s leaves twice", r.Text("JCBH"))
				}
				got[r.Text("JCBH")] = p.XZQDM
			}
			about := layerOf(t, path, "changes_units")
			if len(about) == 0 {
				t.Errorf("%s says nothing of the parts by unit", path)
			}
			for _, r := range about {
				if slices.ContainsFunc(releases, func(x register.Release) bool {
					return x.CID == r.Text("cid") && x.County == r.Text("XZQDM") && x.County != p.XZQDM
				}) {
					t.Errorf("%s: a part in %s goes to %s", r.Text("cid"), r.Text("XZQDM"), p.XZQDM)
				}
			}
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d patches leave, %d were released", len(got), len(want))
	}
	for jcbh, county := range want {
		if got[jcbh] != county || !strings.HasPrefix(jcbh, county) {
			t.Errorf("%s of %s went to %q", jcbh, county, got[jcbh])
		}
	}
	if code, _, errw := tuban("export", released, "--to", filepath.Join(dir, "other")); code != exitInput || !strings.Contains(errw, "--no-register") {
		t.Errorf("a release left without its register: exit code %d: %s", code, errw)
	}
	if code, _, errw := tuban("export", out, "--product", out, "--to", to); code != exitInput || !strings.Contains(errw, "no release") {
		t.Errorf("exit code %d: %s", code, errw)
	}
}

// layerOf is a layer of a GeoPackage, empty where it has none of the name.
func layerOf(t *testing.T, path, layer string) []rowsof.Row {
	t.Helper()
	spec := vector.LayerSpec{Source: path, Layer: layer}
	if _, err := (vectors{}).DescribeLayer(t.Context(), spec); err != nil {
		return nil
	}
	rows, _, err := rowsof.Read(t.Context(), vectors{}, spec, "")
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
