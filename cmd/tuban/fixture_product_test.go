package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tuban/pipeline"
	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/gdal"
	"tuban/raster/vector"
)

// testClock pins what a product records as its time.
var testClock = time.Date(2025, 9, 1, 8, 0, 0, 0, time.UTC)

// layers are those in which a product says what it found and what it did not see.
var layers = []string{"changes", "changes_raw", "dropped", "changes_units", "unobserved", "unobserved_parcels"}

// product is what the tile law speaks of.
type product struct {
	manifest *pipeline.Manifest
	runs     []byte
	mask     []float32
	// rows of each layer: geometry as WKB and every attribute, in the layer's order.
	rows map[string][]string
}

// detect runs f into a folder of its own and reads the product.
func detect(t testing.TB, f *runfile.File, o pipeline.Options) *product {
	t.Helper()
	if o.Out == "" {
		o.Out = t.TempDir()
	}
	o.Clock = testClock
	if _, err := detectWith(ctx, drivers(), f, o); err != nil {
		t.Fatalf("tile %d, %d workers: %v", o.Tile, o.Workers, err)
	}
	return readProduct(t, o.Out)
}

// detectWith plans and runs with the drivers given.
func detectWith(ctx context.Context, d pipeline.Drivers, f *runfile.File, o pipeline.Options) (*pipeline.Manifest, error) {
	p, err := pipeline.NewPlan(ctx, d, f, o)
	if err != nil {
		return nil, err
	}
	return pipeline.Detect(ctx, d, p, o)
}

func readProduct(t testing.TB, dir string) *product {
	t.Helper()
	m, err := pipeline.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	p := &product{manifest: m, rows: map[string][]string{}}
	if p.runs, err = os.ReadFile(filepath.Join(dir, "changes.runs")); err != nil {
		t.Fatal(err)
	}
	p.mask = readMask(t, dir, m.Grid)
	for _, l := range layers {
		for _, f := range readLayer(t, filepath.Join(dir, "changes.gpkg"), l) {
			p.rows[l] = append(p.rows[l], fmt.Sprintf("%s geometry %x", strings.Join(f.Values, "|"), f.WKB))
		}
	}
	return p
}

// readMask returns the pixels of mask.tif, which must lie on the run's grid.
func readMask(t testing.TB, dir string, g raster.Grid) []float32 {
	t.Helper()
	mask := readPlane(t, filepath.Join(dir, "mask.tif"), g)
	for i, v := range mask {
		if v != v {
			mask[i] = 0 // a block that the file does not store
		}
	}
	return mask
}

// readPlane returns the first band of a file on the grid g, no-data tags aside.
func readPlane(t testing.TB, path string, g raster.Grid) []float32 {
	t.Helper()
	info, err := gdal.Inspect(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	if x, y, ok := g.Offset(info.Native); !ok || x != 0 || y != 0 || info.Native.W != g.W || info.Native.H != g.H {
		t.Fatalf("%s lies on %s, not on %s", path, info.Native, g)
	}
	s := raster.Scene{URI: path, Native: info.Native, BlockW: info.BlockW, BlockH: info.BlockH, DataType: info.DataType,
		Bands: map[raster.Role]raster.Band{raster.Pan: {Index: 1, Scale: 1}}}
	r, err := gdal.NewReader(info.Native, []raster.Scene{s}, gdal.ReaderOptions{Roles: []raster.Role{raster.Pan}})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	out := make([]float32, g.Pixels())
	if err := r.Read(ctx, 0, g.Window(), [][]float32{out}); err != nil {
		t.Fatal(err)
	}
	return out
}

// readLayer returns the features of a layer with all of its fields.
func readLayer(t testing.TB, path, layer string) []vector.Feature {
	t.Helper()
	spec := vector.LayerSpec{Source: path, Layer: layer}
	info, err := gdal.DescribeLayer(ctx, spec)
	if err != nil {
		t.Fatal(err)
	}
	spec.Fields = info.Fields
	var out []vector.Feature
	err = gdal.ReadLayer(ctx, spec, "", func(f vector.Feature) error {
		f.WKB = slices.Clone(f.WKB)
		f.Values = append([]string(nil), f.Values...)
		out = append(out, f)
		return nil
	})
	if err != nil {
		t.Fatalf("%s, layer %s: %v", path, layer, err)
	}
	return out
}

// differ reports the first difference of two products that ought to be one.
func differ(a, b *product) error {
	if i := firstDifference(a.mask, b.mask); i >= 0 {
		return fmt.Errorf("mask.tif differs at column %d, row %d: %v and %v", i%a.manifest.Grid.W, i/a.manifest.Grid.W, a.mask[i], b.mask[i])
	}
	for _, l := range layers {
		if i := firstDifference(a.rows[l], b.rows[l]); i >= 0 {
			return fmt.Errorf("layer %s differs in row %d of %d and %d:\n%s\n%s", l, i, len(a.rows[l]), len(b.rows[l]), at(a.rows[l], i), at(b.rows[l], i))
		}
	}
	if !slices.Equal(a.runs, b.runs) {
		return fmt.Errorf("changes.runs differ: %d and %d bytes", len(a.runs), len(b.runs))
	}
	// With the clock pinned every file is the same to the byte.
	if i := firstDifference(a.manifest.Outputs, b.manifest.Outputs); i >= 0 {
		return fmt.Errorf("outputs differ: %v and %v", a.manifest.Outputs, b.manifest.Outputs)
	}
	return nil
}

func at(rows []string, i int) string {
	if i < len(rows) {
		return rows[i]
	}
	return "(none)"
}

func firstDifference[T comparable](a, b []T) int {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			return i
		}
	}
	return -1
}
