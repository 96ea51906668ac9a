package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	"tuban/pipeline/runfile"
	"tuban/raster/gdal"
	"tuban/raster/vector"
)

// Two runs that write one folder would mix: the second is told, the first goes on.
func TestOneRunAFolder(t *testing.T) {
	f := countyPair(t, 5, 300, 200)
	o := pipeline.Options{Out: t.TempDir(), Tile: 100, Clock: testClock}
	var second error
	w := &watch{each: func(stage string, _ int) {
		if stage == "scan" && second == nil {
			_, second = detectWith(ctx, drivers(), f, pipeline.Options{Out: o.Out, Tile: 50})
		}
	}}
	o.Progress = w
	if _, err := detectWith(ctx, w.drivers(), f, o); err != nil {
		t.Fatal(err)
	}
	var input *pipeline.InputError
	if !errors.As(second, &input) || !strings.Contains(second.Error(), "another run is writing to "+o.Out) {
		t.Errorf("the second run: %v", second)
	}
	left, err := os.ReadDir(o.Out)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		if strings.HasPrefix(e.Name(), ".tuban") {
			t.Errorf("left behind: %s", e.Name())
		}
	}
}

// A product never replaces what it is made from.
func TestInputsAreSafe(t *testing.T) {
	f := countyPair(t, 6, 200, 150)
	dir := filepath.Dir(f.Survey.Source[0])
	taken := filepath.Join(dir, "changes.gpkg")
	if err := os.Rename(f.Survey.Source[0], taken); err != nil {
		t.Fatal(err)
	}
	f.Survey.Source[0] = taken
	before := readText(t, taken)
	if _, err := detectWith(ctx, drivers(), f, pipeline.Options{Out: dir}); err == nil || !strings.Contains(err.Error(), "would replace the survey input") {
		t.Errorf("%v", err)
	}
	if readText(t, taken) != before {
		t.Error("the survey has changed")
	}
	scene := f.Before.Scenes[0].URI
	code, _, errw := tuban("index", "ndvi", scene, "-o", scene, "--bands", "blue=1,green=2,red=3,nir=4")
	if code != exitInput || !strings.Contains(errw, "replaced by its own index") {
		t.Errorf("index onto its own scene: exit %d, %s", code, errw)
	}
	own := folder(t, map[string]string{"run.yaml": "name: mine\n"})
	if code, _, errw := tuban("demo", "--out", own, "--size", "64"); code != exitInput || !strings.Contains(errw, "run.yaml that is no demo's") {
		t.Errorf("demo into a folder of somebody's: exit %d, %s", code, errw)
	}
}

// A forced run leaves nothing of the product before it, and one with a missing file is made again.
func TestNothingOfAnEarlierProduct(t *testing.T) {
	f := countyPair(t, 7, 200, 150)
	f.Outputs = []string{"gpkg", "shp", "report"}
	o := pipeline.Options{Out: t.TempDir(), Clock: testClock}
	run := func() *pipeline.Manifest {
		t.Helper()
		m, err := detectWith(ctx, drivers(), f, o)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	first := run()
	if err := os.Remove(filepath.Join(o.Out, "mask.tif")); err != nil {
		t.Fatal(err)
	}
	if again := run(); !slices.Equal(again.Outputs, first.Outputs) || !exists(filepath.Join(o.Out, "mask.tif")) {
		t.Errorf("after losing a file: %v, first %v", again.Outputs, first.Outputs)
	}
	f.Outputs, o.Force = []string{"gpkg"}, true
	run()
	for _, name := range []string{"changes.shp", "changes.dbf", "report.html", "map.png"} {
		if exists(filepath.Join(o.Out, name)) {
			t.Errorf("%s is the old product's", name)
		}
	}
}

// A region that says the same ground twice is the region said once.
func TestOverlappingRegions(t *testing.T) {
	f := countyPair(t, 8, 300, 200)
	g, err := gdal.Inspect(ctx, f.Before.Scenes[0].URI)
	if err != nil {
		t.Fatal(err)
	}
	square := func(x0, y0, x1, y1 float64) orb.Polygon {
		ax, ay := g.Native.Point(x0, y0)
		bx, by := g.Native.Point(x1, y1)
		return orb.Polygon{{{ax, ay}, {ax, by}, {bx, by}, {bx, ay}, {ax, ay}}}
	}
	product := func(polygons ...orb.Polygon) *product {
		path := filepath.Join(t.TempDir(), "region.gpkg")
		table := vector.Table{Name: "region", CRS: g.Native.CRS, Geometry: "Polygon", Rows: func(yield func(vector.Row, error) bool) {
			for _, p := range polygons {
				b, err := wkb.Marshal(p)
				if !yield(vector.Row{WKB: b}, err) {
					return
				}
			}
		}}
		if err := gdal.WriteGeoPackage(ctx, path, []vector.Table{table}, vector.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
		f.Region = &runfile.Region{Source: path}
		return detect(t, f, pipeline.Options{})
	}
	once := product(square(20, 10, 280, 190))
	if once.manifest.Counts.Published+once.manifest.Counts.Dropped == 0 {
		t.Fatal("nothing to compare")
	}
	for name, twice := range map[string]*pipeline.Manifest{
		"said twice":      product(square(20, 10, 280, 190), square(20, 10, 280, 190)).manifest,
		"halves, lapping": product(square(20, 10, 160, 190), square(140, 10, 280, 190)).manifest,
	} {
		if twice.Counts.AreaM2 != once.manifest.Counts.AreaM2 || twice.Counts.Dropped != once.manifest.Counts.Dropped {
			t.Errorf("%s: %+v, once %+v", name, twice.Counts, once.manifest.Counts)
		}
	}
}

// What cannot be meant is refused before a pixel is read.
func TestSwappedDates(t *testing.T) {
	f := countyPair(t, 9, 100, 80)
	f.Before, f.After = f.After, f.Before
	if _, err := detectWith(ctx, drivers(), f, pipeline.Options{Out: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "is not older than the after scene") {
		t.Errorf("%v", err)
	}
}
