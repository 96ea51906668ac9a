package pipeline

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tuban/pipeline/overlay"
	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/vector"
)

var testTime = time.Date(2025, 8, 20, 1, 2, 3, 0, time.UTC)

func put(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, testTime, testTime); err != nil {
		t.Fatal(err)
	}
}

func printOf(t *testing.T, path string) string {
	t.Helper()
	_, sum, err := fingerprint(path)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// A file is another one when a byte, its size or its time is.
func TestFingerprintOfFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.tif")
	for _, size := range []int{1, 5000, sampleBytes * samplePlaces, sampleBytes*samplePlaces + 1, 9<<20 + 77} {
		content := make([]byte, size)
		put(t, path, content)
		want := printOf(t, path)
		if again := printOf(t, path); again != want {
			t.Errorf("%d bytes: %s, then %s", size, want, again)
		}
		places := []int{0, size - 1}
		if size <= sampleBytes*samplePlaces {
			places = append(places, size/2, size/3)
		}
		for _, at := range places {
			changed := slices.Clone(content)
			changed[at] = 1
			put(t, path, changed)
			if printOf(t, path) == want {
				t.Errorf("%d bytes: byte %d makes no difference", size, at)
			}
		}
		put(t, path, append(content, 0))
		if n, sum, _ := fingerprint(path); sum == want || n != int64(size)+1 {
			t.Errorf("%d bytes: one more makes no difference", size)
		}
		put(t, path, content)
		if printOf(t, path) != want {
			t.Errorf("%d bytes: the same file is another", size)
		}
		if err := os.Chtimes(path, testTime, testTime.Add(time.Nanosecond)); err != nil {
			t.Fatal(err)
		}
		if printOf(t, path) == want {
			t.Errorf("%d bytes: a time makes no difference", size)
		}
	}
	if _, _, err := fingerprint(path + ".none"); !os.IsNotExist(err) {
		t.Error(err)
	}
}

// A folder stands for all files in it, a file also for its sidecars; locks and overviews do not count.
func TestFingerprintOfManyFiles(t *testing.T) {
	for _, c := range []struct {
		name, source string
		parts, other []string
	}{
		{"FileGDB", "s.gdb", []string{"s.gdb/a00000001.gdbtable", "s.gdb/deep/x", "s.gdb/timestamps"}, []string{"s.gdb/x.lock", "t.gdb/y"}},
		{"Shapefile", "s.shp", []string{"s.shp", "s.dbf", "s.shx", "s.prj", "s.cpg"}, []string{"s.qix", "t.dbf", "s.qpj"}},
		{"Shapefile in capitals", "S.SHP", []string{"S.SHP", "S.DBF", "S.PRJ"}, []string{"T.DBF"}},
		{"image", "i.tif", []string{"i.tif", "i.tif.msk", "i.tif.aux.xml", "i.tfw", "i.tifw", "i.wld"}, []string{"i.tif.ovr", "j.tif.msk", "j.tfw", "i_2.tfw", "i.tif.xml"}},
		{"image in capitals", "I.TIF", []string{"I.TIF", "I.TFW", "I.aux.xml"}, []string{"I.TIF.OVR"}},
		{"GeoPackage", "s.gpkg", []string{"s.gpkg", "s.gpkg-wal"}, []string{"s.gpkg-shm", "s-wal", "t.gpkg-wal"}},
		{"MapInfo table", "s.TAB", []string{"s.TAB", "s.DAT", "s.MAP", "s.ID"}, []string{"s.bak"}},
		{"MapInfo exchange", "s.mif", []string{"s.mif", "s.mid"}, []string{"t.mid"}},
	} {
		dir := t.TempDir()
		in := func(name string) string { return filepath.Join(dir, name) }
		for _, p := range append(slices.Clone(c.parts), c.other...) {
			put(t, in(p), []byte("content of "+p))
		}
		n, want, err := fingerprint(in(c.source))
		if err != nil {
			t.Fatal(err)
		}
		var bytes int64
		for _, p := range c.parts {
			bytes += int64(len("content of " + p))
			put(t, in(p), []byte("CONTENT of "+p))
			if printOf(t, in(c.source)) == want {
				t.Errorf("%s: %s makes no difference", c.name, p)
			}
			if p != c.source {
				if err := os.Remove(in(p)); err != nil {
					t.Fatal(err)
				}
				if printOf(t, in(c.source)) == want {
					t.Errorf("%s: %s may be missing", c.name, p)
				}
			}
			put(t, in(p), []byte("content of "+p))
		}
		for _, p := range c.other {
			put(t, in(p), []byte("CONTENT of "+p))
		}
		if printOf(t, in(c.source)) != want {
			t.Errorf("%s: a file that is no part of it makes a difference", c.name)
		}
		if n != bytes {
			t.Errorf("%s: %d bytes, want %d", c.name, n, bytes)
		}
	}
}

// keyed makes a plan and its run file over files in dir.
func keyed(t *testing.T, dir string) (*Plan, *runfile.File) {
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"b.tif", "a1.tif", "a2.tif", "s.gpkg", "r.gpkg"} {
		put(t, in(name), []byte(name))
	}
	scene := func(name string) raster.Scene {
		return raster.Scene{
			ID: strings.TrimSuffix(name, ".tif"), URI: in(name), Date: testTime, Native: testGrid,
			Bands: map[raster.Role]raster.Band{raster.Red: {Index: 1, Scale: 1}, raster.NIR: {Index: 2, Scale: 1}},
		}
	}
	f := &runfile.File{
		Name: "n", Region: &runfile.Region{Source: in("r.gpkg"), Layer: "county"}, Normalise: "none", Registration: "none", Rules: "default",
		Survey:  &runfile.Survey{Source: runfile.Sources{in("s.gpkg")}, Layer: "DLTB", Class: "DLBM", System: "三调", ID: "BSM", Unit: "ZLDWDM"},
		Outputs: []string{"gpkg", "shp"}, Out: in("out"),
	}
	p := &Plan{
		Name: "n", Grid: testGrid, Before: []raster.Scene{scene("b.tif")}, After: []raster.Scene{scene("a1.tif"), scene("a2.tif")},
		RulesText: []byte("kinds: []"), Survey: &SurveyPlan{Files: []SurveyFile{{Layer: vector.LayerSpec{Source: in("s.gpkg")}}}}, Outputs: f.Outputs,
		Tile: 512, Workers: 2, CacheBytes: 1 << 20,
	}
	return p, f
}

// layered gives the plan a legal layer.
func layered(t *testing.T, p *Plan, dir string) *overlay.Layer {
	path := filepath.Join(dir, "red.gpkg")
	put(t, path, []byte("red"))
	kind, _ := overlay.Lookup("red_line")
	p.Layers = append(p.Layers, overlay.Group{Kind: kind, Layers: []overlay.Layer{{Spec: vector.LayerSpec{Source: path}, Mapping: overlay.Mapping{overlay.ID: "HXBM"}}}})
	return &p.Layers[len(p.Layers)-1].Layers[0]
}

// The key names the product: it changes with all that decides it, and with nothing else.
func TestKey(t *testing.T) {
	key := func(p *Plan, f *runfile.File, version string) string {
		if err := p.key(context.Background(), Drivers{}, f, version); err != nil {
			t.Fatal(err)
		}
		return p.Key
	}
	dir := t.TempDir()
	p, f := keyed(t, dir)
	want := key(p, f, "1.0")
	observed := p.InputKey
	seen := map[string]string{want: "nothing"}
	for _, c := range []struct {
		name   string
		change func(p *Plan, f *runfile.File)
	}{
		{"name", func(p *Plan, _ *runfile.File) { p.Name = "m" }},
		{"grid", func(p *Plan, _ *runfile.File) { p.Grid.W++ }},
		{"region", func(_ *Plan, f *runfile.File) { f.Region = nil }},
		{"region's layer", func(_ *Plan, f *runfile.File) { f.Region.Layer = "town" }},
		{"region's box", func(_ *Plan, f *runfile.File) { f.Region = &runfile.Region{BBox: []float64{1, 2, 3, 4}, CRS: testCRS} }},
		{"region's content", func(_ *Plan, f *runfile.File) { put(t, f.Region.Source, []byte("R.gpkg")) }},
		{"a scene less", func(p *Plan, _ *runfile.File) { p.After = p.After[:1] }},
		{"order of scenes", func(p *Plan, _ *runfile.File) { slices.Reverse(p.After) }},
		{"dates exchanged", func(p *Plan, _ *runfile.File) { p.Before, p.After = p.After, p.Before }},
		{"a scene's day", func(p *Plan, _ *runfile.File) { p.Before[0].Date = testTime.AddDate(0, 0, 1) }},
		{"a scene's bands", func(p *Plan, _ *runfile.File) {
			b := p.Before[0].Bands
			b[raster.Red], b[raster.NIR] = b[raster.NIR], b[raster.Red]
		}},
		{"a scene's no-data", func(p *Plan, _ *runfile.File) {
			p.Before[0].Bands[raster.Red] = raster.Band{Index: 1, Scale: 1, HasNoData: true}
		}},
		{"a scene's grid", func(p *Plan, _ *runfile.File) { p.Before[0].Native.Transform[0]++ }},
		{"a scene's content", func(p *Plan, _ *runfile.File) { put(t, p.Before[0].URI, []byte("B.tif")) }},
		{"no survey", func(p *Plan, f *runfile.File) { p.Survey, f.Survey = nil, nil }},
		{"class field", func(_ *Plan, f *runfile.File) { f.Survey.Class = "DLDM" }},
		{"code system", func(_ *Plan, f *runfile.File) { f.Survey.System = "2023" }},
		{"encoding", func(_ *Plan, f *runfile.File) { f.Survey.Encoding = "GBK" }},
		{"survey's content", func(p *Plan, _ *runfile.File) { put(t, p.Survey.Files[0].Layer.Source, []byte("S.gpkg")) }},
		{"normalise", func(_ *Plan, f *runfile.File) { f.Normalise = "auto" }},
		{"registration", func(_ *Plan, f *runfile.File) { f.Registration = "auto" }},
		{"clouds", func(_ *Plan, f *runfile.File) { f.Clouds = "auto" }},
		{"rules", func(p *Plan, _ *runfile.File) { p.RulesText = []byte("kinds: [] #") }},
		{"triage", func(p *Plan, _ *runfile.File) { p.TriageText = []byte("version: 2") }},
		{"outputs", func(_ *Plan, f *runfile.File) { f.Outputs = f.Outputs[:1] }},
		{"a layer", func(p *Plan, _ *runfile.File) { layered(t, p, dir) }},
		{"a layer's content", func(p *Plan, _ *runfile.File) { put(t, layered(t, p, dir).Spec.Source, []byte("other")) }},
		{"a layer's mapping", func(p *Plan, _ *runfile.File) { layered(t, p, dir).Mapping[overlay.ID] = "MC" }},
		{"a layer's condition", func(p *Plan, _ *runfile.File) {
			layered(t, p, dir).Where = []overlay.Condition{{Field: "ZT", Values: []string{"1"}}}
		}},
		{"a layer's days", func(p *Plan, _ *runfile.File) { layered(t, p, dir).Effect.Until = testTime }},
		{"a layer's version", func(p *Plan, _ *runfile.File) { layered(t, p, dir).Version = "2023" }},
		{"slivers", func(p *Plan, _ *runfile.File) { layered(t, p, dir); p.Layers[0].Sliver.Width++ }},
		{"two layers", func(p *Plan, _ *runfile.File) { layered(t, p, dir); layered(t, p, dir) }},
	} {
		p, f := keyed(t, dir)
		c.change(p, f)
		k := key(p, f, "1.0")
		if other, ok := seen[k]; ok {
			t.Errorf("%s: the key of %s", c.name, other)
		}
		seen[k] = c.name
		// What a run looks for, and what it makes of it, does not change what there is to observe.
		if same := slices.Contains([]string{"name", "rules", "triage", "outputs", "slivers", "two layers"}, c.name) || strings.HasPrefix(c.name, "a layer"); same != (p.InputKey == observed) {
			t.Errorf("%s: the key of the inputs is the same: %t", c.name, !same)
		}
	}
	p, f = keyed(t, dir)
	if k := key(p, f, "1.1"); k == want {
		t.Error("another version has the same key")
	}

	for _, c := range []struct {
		name   string
		change func(p *Plan, f *runfile.File)
	}{
		{"nothing", func(*Plan, *runfile.File) {}},
		{"out", func(_ *Plan, f *runfile.File) { f.Out = "/elsewhere" }},
		{"tile, workers, cache", func(p *Plan, _ *runfile.File) { p.Tile, p.Workers, p.CacheBytes, p.WorkerBytes = 64, 7, 3, 4 }},
		{"where the rules of triage lie", func(_ *Plan, f *runfile.File) { f.Triage = "/elsewhere/triage.yaml" }},
		{"where the rules lie", func(_ *Plan, f *runfile.File) { f.Rules = "/elsewhere/rules.yaml" }},
	} {
		p, f := keyed(t, dir)
		c.change(p, f)
		if k := key(p, f, "1.0"); k != want {
			t.Errorf("%s: another key", c.name)
		}
	}
	if p, f = keyed(t, t.TempDir()); key(p, f, "1.0") != want {
		t.Error("another key where the same files lie elsewhere")
	}
	if got := p.Sources; len(got) != 5 || got[0].Role != "before" || got[1].URI != p.After[0].URI || got[3].Role != "survey" || got[4].Role != "region" || got[3].Bytes != 6 {
		t.Errorf("sources %+v", got)
	}
	p.After[1].URI += ".gone"
	if err := p.key(context.Background(), Drivers{}, f, "1.0"); err == nil || !strings.HasPrefix(err.Error(), "after: ") {
		t.Errorf("a scene that is gone: %v", err)
	}
}
