package gdal

import (
	"context"
	"errors"
	"iter"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

// pattern is a value that tells every pixel of every band from its neighbours.
func pattern(band, x, y int) float32 { return float32((x*7+y*13+band*1001)%60000) + 0.75 }

func fillPattern(w raster.Window, planes [][]float32) error {
	for b, p := range planes {
		for i := range p {
			p[i] = pattern(b, w.X+i%w.W, w.Y+i/w.W)
		}
	}
	return nil
}

func TestWriteCOG(t *testing.T) {
	g := raster.Grid{CRS: "EPSG:4530", Transform: [6]float64{42_500_000, 0.5, 0, 4_800_000, 0, -0.5}, W: 5000, H: 700}
	cases := map[string]RasterSpec{
		"cog, uint16, pixel": {Bands: 2, DataType: "UInt16", Overviews: true},
		"cog, uint8, band":   {Bands: 3, DataType: "Byte", Interleave: "band", NoData: number(0)},
		"tiled float32":      {Bands: 1, DataType: "Float32", PlainGTiff: true, NoData: number(math.NaN())},
		"strips, int16":      {Bands: 2, DataType: "Int16", PlainGTiff: true, Striped: true, BlockSize: 32, Compress: "NONE"},
		"tiled, overviews":   {Bands: 2, DataType: "UInt16", PlainGTiff: true, Overviews: true, Interleave: "band", Compress: "LZW"},
	}
	for name, spec := range cases {
		t.Run(name, func(t *testing.T) {
			spec.Grid = g
			spec.Descriptions = []string{"red", "nir"}[:min(2, spec.Bands)]
			path := filepath.Join(t.TempDir(), "out.tif")
			if err := WriteCOG(context.Background(), path, spec, fillPattern); err != nil {
				t.Fatal(err)
			}
			info, err := Inspect(context.Background(), path)
			if err != nil {
				t.Fatal(err)
			}
			if info.Native != g || info.DataType != spec.DataType || len(info.Bands) != spec.Bands || info.Bands[0].Role != raster.Red {
				t.Errorf("written: %+v", info)
			}
			if (info.Overviews > 0) != spec.Overviews || (info.BlockW == g.W) != spec.Striped {
				t.Errorf("%d overviews, blocks of %d × %d", info.Overviews, info.BlockW, info.BlockH)
			}
			if (spec.NoData != nil) != (info.Bands[0].NoData != nil) {
				t.Errorf("no-data tag: %v", info.Bands[0].NoData)
			}
			if left := dirNames(t, filepath.Dir(path)); !slices.Equal(left, []string{"out.tif"}) {
				t.Errorf("files left: %v", left)
			}
			ds, err := openRaster(path, siblings(path))
			if err != nil {
				t.Fatal(err)
			}
			defer ds.Close(policy)
			row := make([]float32, g.W)
			for b, band := range ds.Bands() {
				for _, y := range []int{0, 511, 512, 699} {
					if err := band.Read(0, y, row, g.W, 1, policy); err != nil {
						t.Fatal(err)
					}
					for x, got := range row {
						v := float64(pattern(b, x, y))
						switch spec.DataType {
						case "Byte":
							v = math.Min(math.Round(v), 255)
						case "Int16":
							v = math.Min(math.Round(v), 32767)
						case "UInt16":
							v = math.Round(v)
						}
						if float32(v) != got {
							t.Fatalf("band %d at %d,%d: %v, want %v", b+1, x, y, got, v)
						}
					}
				}
			}
		})
	}
}

func TestWriteNoData(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.tif")
	spec := RasterSpec{Grid: raster.Grid{CRS: "EPSG:4326", Transform: [6]float64{125, 1e-4, 0, 44, 0, -1e-4}, W: 40, H: 30}, Bands: 1, DataType: "Int16",
		NoData: number(-9999), PlainGTiff: true}
	if err := WriteCOG(context.Background(), path, spec, func(w raster.Window, p [][]float32) error {
		raster.Fill(p[0], -5.5)
		p[0][3] = raster.NaN
		p[0][4] = -1e9
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	s := sceneOf(t, path, 1)
	r, err := NewReader(s.Native, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:1]})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got := readAll(t, r, 0, s.Native, 0)[0]
	if got[0] != -6 || got[3] == got[3] || got[4] != -32768 {
		t.Errorf("read %v %v %v", got[0], got[3], got[4])
	}
}

// A writing that fails or is canceled leaves what was there before, and nothing else.
func TestWriteFailureLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.tif")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	g := raster.Grid{CRS: "EPSG:4530", Transform: utm, W: 600, H: 1200}
	broken := errors.New("broken")
	for _, plain := range []bool{true, false} {
		err := WriteCOG(context.Background(), path, RasterSpec{Grid: g, Bands: 1, DataType: "Byte", PlainGTiff: plain}, func(w raster.Window, _ [][]float32) error {
			if w.Y > 0 {
				return broken
			}
			return nil
		})
		if !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
	}
	if err := WriteMask(context.Background(), path, g, slices.Values([]raster.Span{{Y: 5, X0: 1, X1: 2, Value: 1}, {Y: 4, X0: 1, X1: 2, Value: 1}})); err == nil {
		t.Error("spans out of order were written")
	}
	if err := WriteMask(context.Background(), path, g, slices.Values([]raster.Span{{Y: 5, X0: 1, X1: 601, Value: 1}})); err == nil {
		t.Error("a span beyond the grid was written")
	}
	if text, _ := os.ReadFile(path); string(text) != "old" {
		t.Error("the old file is gone")
	}
	if left := dirNames(t, dir); len(left) != 1 {
		t.Errorf("files left: %v", left)
	}
}

func dirNames(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestWriteMask(t *testing.T) {
	g := raster.Grid{CRS: "EPSG:4530", Transform: [6]float64{42_500_000, 0.5, 0, 4_800_000, 0, -0.5}, W: 3000, H: 2100}
	spans := []raster.Span{
		{Y: 0, X0: 0, X1: 1, Value: 1}, {Y: 0, X0: 500, X1: 1100, Value: 2}, {Y: 0, X0: 1100, X1: 1101, Value: 3},
		{Y: 511, X0: 3, X1: 9, Value: 255}, {Y: 512, X0: 3, X1: 9, Value: 7}, {Y: 2099, X0: 2999, X1: 3000, Value: 4},
	}
	dir := t.TempDir()
	path, again := filepath.Join(dir, "mask.tif"), filepath.Join(dir, "again.tif")
	for _, p := range []string{path, again} {
		if err := WriteMask(context.Background(), p, g, slices.Values(spans)); err != nil {
			t.Fatal(err)
		}
	}
	info, err := Inspect(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Native != g || info.Bands[0].NoData != nil || info.Mask || info.Overviews == 0 {
		t.Errorf("written: %+v", info)
	}
	a, _ := os.ReadFile(path)
	b, _ := os.ReadFile(again)
	if !slices.Equal(a, b) {
		t.Error("the same mask gives different files")
	}
	// 6.3 million pixels, nearly all in tiles that are not stored.
	if info.Bytes > 8_000 {
		t.Errorf("%d bytes: the file is not sparse", info.Bytes)
	}
	want := make([]uint8, g.Pixels())
	for _, s := range spans {
		raster.Fill(want[s.Y*g.W+s.X0:s.Y*g.W+s.X1], s.Value)
	}
	ds, err := openRaster(path, siblings(path))
	if err != nil {
		t.Fatal(err)
	}
	defer ds.Close(policy)
	if ds.Metadata("LAYOUT", godal.Domain("IMAGE_STRUCTURE")) != "COG" {
		t.Error("not a COG")
	}
	got := make([]uint8, g.Pixels())
	if err := ds.Bands()[0].Read(0, 0, got, g.W, g.H, policy); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Error("the pixels are not those of the spans")
	}
	if err := WriteMask(context.Background(), path, g, slices.Values([]raster.Span(nil))); err != nil {
		t.Errorf("a mask of nothing: %v", err)
	}
}

// TestMaskIsWhatGDALWouldWrite compares all pixels of a mask and its reduced copies with those of a COG that GDAL makes of
// the dense mask, for sizes that do not halve evenly.
func TestMaskIsWhatGDALWouldWrite(t *testing.T) {
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(11, 4))
	for _, size := range [][2]int{{1, 1}, {512, 512}, {513, 40}, {700, 1500}, {2051, 1023}, {3, 2600}, {4999, 3333}} {
		g := raster.Grid{CRS: "EPSG:4530", Transform: [6]float64{42_500_000, 0.5, 0, 4_800_000, 0, -0.5}, W: size[0], H: size[1]}
		dense := make([]uint8, g.W*g.H)
		for range 40 {
			w := raster.Window{X: random.IntN(g.W), Y: random.IntN(g.H), W: 1 + random.IntN(400), H: 1 + random.IntN(400)}.Intersect(g.Window())
			for y := w.Y; y < w.Y+w.H; y++ {
				for x := w.X; x < w.X+w.W; x++ {
					if random.IntN(5) > 0 {
						dense[y*g.W+x] = uint8(1 + w.X%7)
					}
				}
			}
		}
		spans := func(yield func(raster.Span) bool) {
			for i, v := range dense {
				if x := i % g.W; v != 0 && !yield(raster.Span{Y: i / g.W, X0: x, X1: x + 1, Value: v}) {
					return
				}
			}
		}
		ours, theirs := filepath.Join(dir, "ours.tif"), filepath.Join(dir, "theirs.tif")
		if err := WriteMask(context.Background(), ours, g, spans); err != nil {
			t.Fatal(err)
		}
		spec := RasterSpec{Grid: g, Bands: 1, DataType: "Byte", Overviews: true, Predictor: 1, Descriptions: []string{"kind"}}
		if err := WriteCOG(context.Background(), theirs, spec, func(w raster.Window, planes [][]float32) error {
			for i := range planes[0] {
				planes[0][i] = float32(dense[(w.Y+i/w.W)*g.W+w.X+i%w.W])
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		a, b := openForTest(t, ours), openForTest(t, theirs)
		if a.Projection() != b.Projection() || a.Bands()[0].Description() != b.Bands()[0].Description() || a.Bands()[0].ColorInterp() != b.Bands()[0].ColorInterp() {
			t.Errorf("%v: the place or the band is another", size)
		}
		at, _ := a.GeoTransform()
		bt, _ := b.GeoTransform()
		if at != bt || len(a.Metadatas()) != len(b.Metadatas()) {
			t.Errorf("%v: at %v %v instead of %v %v", size, at, a.Metadatas(), bt, b.Metadatas())
		}
		al, bl := append(a.Bands()[:1:1], a.Bands()[0].Overviews()...), append(b.Bands()[:1:1], b.Bands()[0].Overviews()...)
		if len(al) != len(bl) {
			t.Fatalf("%v: %d levels instead of %d", size, len(al), len(bl))
		}
		for i := range al {
			s, want := al[i].Structure(), bl[i].Structure()
			if s.SizeX != want.SizeX || s.SizeY != want.SizeY || s.BlockSizeX != want.BlockSizeX {
				t.Fatalf("%v: level %d is %+v instead of %+v", size, i, s, want)
			}
			x, y := make([]uint8, s.SizeX*s.SizeY), make([]uint8, s.SizeX*s.SizeY)
			if err := errors.Join(al[i].Read(0, 0, x, s.SizeX, s.SizeY, policy), bl[i].Read(0, 0, y, s.SizeX, s.SizeY, policy)); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(x, y) {
				t.Errorf("%v: level %d of %d × %d pixels differs", size, i, s.SizeX, s.SizeY)
			}
		}
	}
}

func openForTest(t *testing.T, path string) *godal.Dataset {
	t.Helper()
	ds, err := openRaster(path, siblings(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ds.Close(policy) })
	return ds
}

// sparseSpans has discs along a diagonal: what a grid of this size has of change, whatever its area.
func sparseSpans(edge int) iter.Seq[raster.Span] {
	return func(yield func(raster.Span) bool) {
		const discs, radius = 2000, 20
		step := edge / discs
		for i := range discs {
			c := i*step + step/2
			r := min(radius, step/2)
			for dy := -r; dy < r; dy++ {
				if !yield(raster.Span{Y: c + dy, X0: max(0, c-r+dy*dy/r), X1: min(edge, c+r-dy*dy/r+1), Value: 1}) {
					return
				}
			}
		}
	}
}

func BenchmarkWriteMask(b *testing.B) {
	for _, edge := range []int{10_000, 40_000, 100_000} {
		b.Run(strconv.Itoa(edge), func(b *testing.B) {
			g := raster.Grid{CRS: "EPSG:4530", Transform: [6]float64{42_500_000, 0.5, 0, 4_800_000, 0, -0.5}, W: edge, H: edge}
			path := filepath.Join(b.TempDir(), "mask.tif")
			b.ReportAllocs()
			for b.Loop() {
				if err := WriteMask(context.Background(), path, g, sparseSpans(edge)); err != nil {
					b.Fatal(err)
				}
			}
			if info, err := os.Stat(path); err == nil {
				b.ReportMetric(float64(info.Size()), "bytes/file")
			}
		})
	}
}
