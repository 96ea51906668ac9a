package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	made "tuban/pipeline/product"
	"tuban/pipeline/runfile"
)

// TestOddLayers: a red line over the left half of a patch says the same however it is drawn and delivered, or is refused with
// what is wrong and what to do. Nothing of it is left out without a count.
func TestOddLayers(t *testing.T) {
	onceInFull(t)
	const w, h = 40, 30
	dir := t.TempDir()
	f := &runfile.File{Name: "odd", Rules: filepath.Join(dir, "rules.yaml"), Normalise: "none", Registration: "none", Outputs: []string{"gpkg"}}
	if err := os.WriteFile(f.Rules, []byte("kinds:\n  - {code: bare, type: LT, min_area: 4 m2, when: after.red - before.red > 500}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	flat := func(name string, value func(x, y int) float64) image {
		return image{name: name, grid: testGrid(0, 0, 1, w, h), bands: 4, value: func(_, x, y int) float64 { return value(x, y) }}
	}
	f.Before = scenesOf(t, dir, "2024-08-14", []image{flat("b", func(int, int) float64 { return 100 })})
	f.After = scenesOf(t, dir, "2025-08-20", []image{flat("a", func(x, y int) float64 {
		if x >= 10 && x < 30 && y >= 8 && y < 20 {
			return 1000
		}
		return 100
	})})

	half := orb.Polygon{box(0, 0, 20, h)}
	one := func(p orb.Polygon, more ...orb.Polygon) (rows []legalRow) {
		for i, q := range append([]orb.Polygon{p}, more...) {
			rows = append(rows, legalRow{q, []any{fmt.Sprint("HX", i), "松花江红线", fmt.Sprintf("%.9f", 20*h/1e6)}})
		}
		return rows
	}
	shifted := func(p orb.Polygon, dx, dy float64) orb.Polygon {
		out := orb.Polygon{}
		for _, r := range p {
			var ring orb.Ring
			for _, c := range r {
				ring = append(ring, orb.Point{c[0] + dx, c[1] + dy})
			}
			out = append(out, ring)
		}
		return out
	}
	twice := orb.Ring{}
	for _, c := range half[0] {
		twice = append(twice, c, c, c)
	}
	backwards := orb.Ring{}
	for i := range half[0] {
		backwards = append(backwards, half[0][len(half[0])-1-i])
	}
	// Two triangles that meet where the outline crosses itself, outside of the patch, beside the half.
	tie := orb.Ring{{testX, testY}, {testX + 20, testY}, {testX + 20, testY - h}, {testX, testY - h}, {testX, testY - 4}, {testX + 4, testY - 2}, {testX + 4, testY - 4}, {testX, testY - 2}, {testX, testY}}
	holed := orb.Polygon{box(0, 0, 30, h), {{testX + 20, testY}, {testX + 30, testY}, {testX + 30, testY - h}, {testX + 20, testY - h}, {testX + 20, testY}}}
	fields := []string{"HXBM", "HXMC", "QYMJ"}

	gpkg := func(name string, rows []legalRow) string {
		return writeLegal(t, filepath.Join(dir, name+".gpkg"), "STBHHX", fields, each(rows))
	}
	convert := func(to string, args ...string) string {
		t.Helper()
		if _, err := exec.LookPath("ogr2ogr"); err != nil {
			t.Skip("SKIPPED: there is no ogr2ogr, so that no layer of another format was tried: apt-get install gdal-bin")
		}
		to = filepath.Join(dir, to)
		args = append(args, to, filepath.Join(dir, "clean.gpkg"))
		if out, err := exec.Command("ogr2ogr", args...).CombinedOutput(); err != nil {
			t.Fatalf("ogr2ogr %v: %v\n%s", args, err, out)
		}
		return to
	}
	clean := gpkg("clean", one(half))
	without := func(path, ext string) string {
		if err := os.Remove(strings.TrimSuffix(path, filepath.Ext(path)) + ext); err != nil {
			t.Fatal(err)
		}
		return path
	}
	cut := func(path string) string {
		b, err := os.ReadFile(clean)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, path), b[:len(b)/3], 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, path)
	}

	for _, c := range []struct {
		name string
		path string
		set  func(l *runfile.Layer)
		// said is in the warnings about the layer, or in the refusal.
		said    string
		refused bool
	}{
		{name: "clean, its areas in km²", path: clean, said: "the areas in QYMJ are in km²"},
		{name: "each vertex three times", path: gpkg("twice", one(orb.Polygon{twice}))},
		{name: "backwards", path: gpkg("backwards", one(orb.Polygon{backwards}))},
		{name: "drawn twice", path: gpkg("again", one(half, half))},
		{name: "in two parts that share an edge", path: gpkg("parts", one(orb.Polygon{box(0, 0, 15, h)}, orb.Polygon{box(15, 0, 20, h)}))},
		{name: "in two parts that overlap", path: gpkg("overlap", one(orb.Polygon{box(0, 0, 17, h)}, orb.Polygon{box(12, 0, 20, h)}))},
		{name: "a bow-tie", path: gpkg("tie", one(orb.Polygon{tie})), said: "1 features had to be repaired: self-intersection"},
		{name: "a hole that reaches the edge", path: gpkg("holed", one(holed)), said: "1 features had to be repaired"},
		{name: "a shell of no area beside", path: gpkg("spike", one(half, orb.Polygon{{{testX, testY}, {testX + 9, testY}, {testX, testY}}})), said: "1 features had no area left after repair"},
		{name: "without an index by place", path: convert("noindex.gpkg", "-lco", "SPATIAL_INDEX=NO")},
		{name: "GBK without a .cpg", path: without(convert("gbk.shp", "-lco", "ENCODING=GBK"), ".cpg")},
		{name: "FileGDB", path: convert("x.gdb", "-f", "OpenFileGDB")},
		{name: "in another zone", path: convert("zone.gpkg", "-t_srs", "EPSG:4529")},
		{name: "in degrees", path: convert("degrees.geojson", "-t_srs", "EPSG:4326", "-lco", "COORDINATE_PRECISION=12")},
		{name: "the prefix forgotten", path: gpkg("prefix", one(shifted(half, -4.2e7, 0))), refused: true, said: "the eastings have no zone number before them: assign EPSG:4551"},
		{name: "far away", path: gpkg("far", one(shifted(half, 5000, 0))), refused: true, said: "`empty: true`"},
		{name: "empty", path: gpkg("empty", nil), refused: true, said: "holds no feature with a place"},
		{name: "nothing meets the condition", path: clean, set: func(l *runfile.Layer) { l.Where = map[string]runfile.Values{"HXMC": {"x"}} }, refused: true, said: "meets the condition of `where:`"},
		{name: "a condition on no field", path: clean, set: func(l *runfile.Layer) { l.Where = map[string]runfile.Values{"HXM": {"x"}} }, refused: true, said: `no field HXM for ` + "`where:`" + ` (did you mean "HXBM" or "HXMC"?)`},
		{name: "a role of no field", path: clean, set: func(l *runfile.Layer) { l.Fields = map[string]string{"id": "BM"} }, refused: true, said: "no field BM for the role id"},
		{name: "lines", path: convert("lines.gpkg", "-nlt", "LINESTRING"), refused: true, said: "has no layer of polygons, only STBHHX (LineString)"},
		{name: "no system", path: without(convert("nosrs.shp"), ".prj"), refused: true, said: "no coordinate reference system"},
		{name: "cut off", path: cut("cut.gpkg"), refused: true, said: "cut.gpkg"},
		{name: "gone", path: filepath.Join(dir, "gone.gpkg"), refused: true, said: "no such file"},
		{name: "another layer", path: clean, set: func(l *runfile.Layer) { l.Layer = "HX" }, refused: true, said: "HX"},
	} {
		t.Run(c.name, func(t *testing.T) {
			layer := runfile.Layer{Kind: "red_line", Source: runfile.Sources{c.path}}
			if c.set != nil {
				c.set(&layer)
			}
			f := *f
			f.Layers = []runfile.Layer{layer}
			out := t.TempDir()
			m, err := detectWith(ctx, drivers(), &f, pipeline.Options{Out: out, Clock: testClock})
			if c.refused {
				var input *pipeline.InputError
				if err == nil || !errors.As(err, &input) || !strings.Contains(err.Error(), c.said) || !strings.Contains(err.Error(), "red_line") {
					t.Errorf("%v\nwant a refusal that says %s", err, c.said)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			r := m.Layers[0]
			if r.Features != r.Used+r.Filtered+r.Outside+r.Empty+r.Lost {
				t.Errorf("features are missing: %+v", r)
			}
			if said := strings.Join(r.Warnings(), "\n"); !strings.Contains(said, c.said) {
				t.Errorf("nothing says %q:\n%s", c.said, said)
			}
			p, err := made.Open(ctx, drivers(), out)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			changes, _, err := p.Layer(ctx, "changes", "")
			if err != nil || len(changes) != 1 {
				t.Fatal(len(changes), err)
			}
			area, _ := changes[0].Number("MJ")
			red, _ := changes[0].Number("HXMJ")
			if math.Abs(red-area/2) > 0.011 || changes[0].Text("SFHX") != "是" {
				t.Errorf("%.2f of %.2f m², SFHX %s", red, area, changes[0].Text("SFHX"))
			}
			overlays, _, err := p.Layer(ctx, "overlays", "")
			if err != nil || len(overlays) == 0 || overlays[0].Text("name") != "松花江红线" {
				t.Errorf("%v, %v", overlays, err)
			}
		})
	}
}
