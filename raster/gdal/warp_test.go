package gdal

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"github.com/airbusgeo/godal"
	"pgregory.net/rapid"

	"tuban/raster"
)

// offGrid are run grids that a 10 m UTM scene does not lie on.
func offGrid(n raster.Grid) map[string]raster.Grid {
	t := n.Transform
	return map[string]raster.Grid{
		"shifted by a third of a pixel": {CRS: n.CRS, Transform: [6]float64{t[0] + 3.3, 10, 0, t[3] - 3.3, 0, -10}, W: n.W + 40, H: n.H + 7},
		"coarser, 2.5 times":            {CRS: n.CRS, Transform: [6]float64{t[0] - 101, 25, 0, t[3] + 77, 0, -25}, W: n.W/2 + 9, H: n.H/2 + 5},
		"finer":                         {CRS: n.CRS, Transform: [6]float64{t[0] + 1000, 4, 0, t[3] - 500, 0, -4}, W: 600, H: 530},
		"another zone":                  {CRS: "EPSG:32652", Transform: [6]float64{12_000, 10, 0, 4_813_000, 0, -10}, W: 900, H: 700},
		"CGCS2000, zone prefix":         {CRS: "EPSG:4529", Transform: [6]float64{41_500_000 - 3000, 10, 0, 4_802_000, 0, -10}, W: 700, H: 600},
		"degrees":                       {CRS: "EPSG:4326", Transform: [6]float64{122.99, 1e-4, 0, 43.37, 0, -1e-4}, W: 800, H: 640},
	}
}

func warpScene(t testing.TB, seed uint64) raster.Scene {
	path, _, _ := file{w: 620, h: 541, bands: 2, dataType: "UInt16", noData: number(0), seed: seed,
		options: []string{"TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128", "COMPRESS=DEFLATE"}}.write(t)
	return sceneOf(t, path, 2)
}

// The law: however the window is cut, the pixels are the same, bit for bit.
func TestWarpDoesNotDependOnTheWindow(t *testing.T) {
	s := warpScene(t, 1)
	for name, g := range offGrid(s.Native) {
		t.Run(name, func(t *testing.T) {
			o := ReaderOptions{Roles: testRoles[:2]}
			whole, err := NewReader(g, []raster.Scene{s}, o)
			if err != nil {
				t.Fatal(err)
			}
			defer whole.Close()
			want := readAll(t, whole, 0, g, 0)
			if n := known(want[0]); n < 1000 {
				t.Fatalf("only %d pixels are known: the case is void", n)
			}
			// One reader keeps every cell, the other none: each window then meets cells in another state.
			var readers [2]*Reader
			for i := range readers {
				o.CacheBytes = []int64{64 << 20, 1}[i]
				if readers[i], err = NewReader(g, []raster.Scene{s}, o); err != nil {
					t.Fatal(err)
				}
				defer readers[i].Close()
			}
			rapid.Check(t, func(rt *rapid.T) {
				r := readers[rapid.SampledFrom([]int{0, 0, 0, 0, 0, 0, 0, 0, 0, 1}).Draw(rt, "reader")]
				x, y := rapid.IntRange(0, g.W-1).Draw(rt, "x"), rapid.IntRange(0, g.H-1).Draw(rt, "y")
				w := raster.Window{X: x, Y: y, W: rapid.IntRange(1, g.W-x).Draw(rt, "w"), H: rapid.IntRange(1, g.H-y).Draw(rt, "h")}
				got := planes(int(w.Pixels()), 2)
				if err := r.Read(context.Background(), 0, w, got); err != nil {
					rt.Fatal(err)
				}
				for b := range got {
					part := make([]float32, len(got[b]))
					copyWindow(part, w, want[b], g.Window(), w)
					if err := same([][]float32{got[b]}, [][]float32{part}); err != nil {
						rt.Fatalf("%v: %v", w, err)
					}
				}
			})
		})
	}
}

func known(p []float32) (n int) {
	for _, v := range p {
		if v == v {
			n++
		}
	}
	return n
}

// Against GDAL's warper over the whole image at once, from a file whose no-data is already agreed between the bands.
func TestWarpAgreesWithGDAL(t *testing.T) {
	s := warpScene(t, 2)
	native, err := NewReader(s.Native, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:2]})
	if err != nil {
		t.Fatal(err)
	}
	defer native.Close()
	plain := filepath.Join(t.TempDir(), "plain.tif")
	spec := RasterSpec{Grid: s.Native, Bands: 2, DataType: "Float32", NoData: number(math.NaN()), PlainGTiff: true}
	if err := WriteCOG(context.Background(), plain, spec, func(w raster.Window, p [][]float32) error {
		return native.Read(context.Background(), 0, w, p)
	}); err != nil {
		t.Fatal(err)
	}
	for name, g := range offGrid(s.Native) {
		r, err := NewReader(g, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:2]})
		if err != nil {
			t.Fatal(err)
		}
		got := readAll(t, r, 0, g, 0)
		warp := r.sources[0].warp
		r.Close()
		src, err := openRaster(plain, siblings(plain))
		if err != nil {
			t.Fatal(err)
		}
		dst, err := memory(g, 2)
		if err != nil {
			t.Fatal(err)
		}
		if err := dst.WarpInto([]*godal.Dataset{src}, []string{"-r", "bilinear", "-et", "0", "-dstnodata", "nan", "-wo", "INIT_DEST=NO_DATA",
			"-wo", fmt.Sprintf("XSCALE=%v", warp.xScale), "-wo", fmt.Sprintf("YSCALE=%v", warp.yScale)}, policy); err != nil {
			t.Fatal(err)
		}
		want := planes(int(g.Pixels()), 2)
		for i, b := range dst.Bands() {
			if err := b.Read(0, 0, want[i], g.W, g.H, policy); err != nil {
				t.Fatal(err)
			}
		}
		src.Close(policy)
		dst.Close(policy)
		off, worst := 0, 0.0
		for b := range got {
			for i := range got[b] {
				x, y := float64(got[b][i]), float64(want[b][i])
				switch {
				case math.IsNaN(x) && math.IsNaN(y):
				case math.IsNaN(x) != math.IsNaN(y):
					off++
				default:
					worst = math.Max(worst, math.Abs(x-y))
				}
			}
		}
		// Values reach 10,000; where a pixel's centre falls on the edge of the image either answer is right.
		if off > 2 || worst > 0.1 {
			t.Errorf("%s: %d pixels known on one side only (%d here, %d there), values differ by up to %g", name, off, known(got[0]), known(want[0]), worst)
		}
	}
}

// A scene far finer than the grid is averaged over its pixels, in pieces that bound the memory.
func TestWarpFromFiner(t *testing.T) {
	f := file{w: 3000, h: 2600, bands: 1, dataType: "Byte", transform: [6]float64{500_000, 1, 0, 4_800_000, 0, -1}, options: []string{"TILED=YES"}}
	path, numbers, _ := f.write(t)
	s := sceneOf(t, path, 1)
	g := raster.Grid{CRS: s.Native.CRS, Transform: [6]float64{499_990, 20, 0, 4_800_007, 0, -20}, W: 155, H: 133}
	r, err := NewReader(g, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:1]})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got := readAll(t, r, 0, g, 0)[0]
	mean := 0.0
	for _, v := range numbers[0] {
		mean += v / float64(len(numbers[0]))
	}
	n := 0
	for y := 2; y < 128; y++ {
		for x := 2; x < 148; x++ {
			v := float64(got[y*g.W+x])
			// A mean of some hundreds of numbers with a standard deviation of 74.
			if math.Abs(v-mean) > 25 {
				t.Fatalf("pixel %d,%d is %g, the mean of the scene is %g", x, y, v, mean)
			}
			n++
		}
	}
	if n == 0 {
		t.Fatal("nothing was compared")
	}
}

func TestFootprintElsewhere(t *testing.T) {
	s := warpScene(t, 3)
	g := raster.Grid{CRS: "EPSG:32652", Transform: [6]float64{600_000, 10, 0, 4_800_000, 0, -10}, W: 100, H: 50}
	r, err := NewReader(g, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:2]})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if w := r.Footprint(0); !w.Empty() {
		t.Errorf("footprint %v, want none", w)
	}
	p := planes(5000, 2)
	if err := r.Read(context.Background(), 0, g.Window(), p); err != nil || known(p[0])+known(p[1]) > 0 {
		t.Errorf("%d pixels, error %v", known(p[0]), err)
	}
}

// GDAL leaves the target untouched where it finds no source at all; that must not read as zeros.
func TestWarpOfNothing(t *testing.T) {
	setup()
	in := raster.NewBlock(raster.Window{W: 50, H: 40}, 1)
	raster.Fill(in.Planes[0], 7)
	from := raster.Grid{CRS: "EPSG:32651", Transform: utm, W: 50, H: 40}
	for _, shift := range []float64{0, 400, 100_000} {
		to := from
		to.Transform[0] += shift + 3
		out := raster.NewBlock(to.Window(), 1)
		raster.Fill(out.Planes[0], 99)
		if err := warpBlock(out, to, in, from, warping{resampling: "bilinear", xScale: 1, yScale: 1}); err != nil {
			t.Fatal(err)
		}
		for i, v := range out.Planes[0] {
			if v == v && v != 7 {
				t.Fatalf("shifted by %g m: pixel %d is %v", shift, i, v)
			}
		}
	}
}
