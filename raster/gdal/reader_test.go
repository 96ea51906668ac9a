package gdal

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"tuban/raster"
)

// Every layout, type and way of saying "no data" gives the numbers that were written.
func TestReadNative(t *testing.T) {
	tiled := []string{"TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=32"}
	cases := map[string]file{
		"tiled, uint8, pixel":           {dataType: "Byte", options: append(tiled, "INTERLEAVE=PIXEL", "COMPRESS=DEFLATE")},
		"tiled, uint16, planar":         {dataType: "UInt16", options: append(tiled, "INTERLEAVE=BAND", "COMPRESS=LZW", "PREDICTOR=2")},
		"strips, int16, planar":         {dataType: "Int16", options: []string{"INTERLEAVE=BAND", "BLOCKYSIZE=7"}},
		"one strip, uint16, pixel":      {dataType: "UInt16", options: []string{"INTERLEAVE=PIXEL", "BLOCKYSIZE=5000", "COMPRESS=DEFLATE"}},
		"float32 with NaN":              {dataType: "Float32", options: tiled},
		"float64, no data as a decimal": {dataType: "Float64", noData: number(-3.4e38)},
		"uint8, 0 is no data":           {dataType: "Byte", noData: number(0)},
		"int16, no data":                {dataType: "Int16", noData: number(-999), options: tiled},
		"uint32 beyond float32":         {dataType: "UInt32", noData: number(1<<25 + 1)},
		"uint8, a tag that cannot be":   {dataType: "Byte", noData: nil},
		"internal mask":                 {dataType: "UInt16", mask: true, options: tiled},
		"alpha":                         {dataType: "Byte", alpha: true, options: append(tiled, "INTERLEAVE=PIXEL")},
		"scale and offset":              {dataType: "UInt16", scale: [2]float64{0.0001, -0.1}, noData: number(0)},
	}
	for name, f := range cases {
		t.Run(name, func(t *testing.T) {
			f.w, f.h, f.bands = 301, 157, 3
			path, numbers, valid := f.write(t)
			info, err := Inspect(context.Background(), path)
			if err != nil {
				t.Fatal(err)
			}
			s := sceneFrom(info, 3)
			if s.Alpha != 0 != f.alpha || info.Mask != f.mask {
				t.Fatalf("alpha %d, mask %v", s.Alpha, info.Mask)
			}
			want := planes(f.w*f.h, 3)
			for b := range want {
				for i := range want[b] {
					v := numbers[b][i]
					if f.dataType == "Float32" {
						v = float64(float32(v))
					}
					if f.scale != ([2]float64{}) {
						v = v*f.scale[0] + f.scale[1]
					}
					want[b][i] = float32(v)
					if !valid[i] {
						want[b][i] = raster.NaN
					}
				}
			}
			// A grid larger than the scene, with the scene inside of it.
			g := s.Native
			const left, top = 13, 5
			g.Transform[0], g.Transform[3] = s.Native.Point(-left, -top)
			g.W, g.H = f.w+left+9, f.h+top+3
			for _, size := range []int{0, 50, 64} {
				r, err := NewReader(g, []raster.Scene{s}, ReaderOptions{Roles: testRoles, CacheBytes: 1 << 16})
				if err != nil {
					t.Fatal(err)
				}
				at := raster.Window{X: left, Y: top, W: f.w, H: f.h}
				if got := r.Footprint(0); got != at {
					t.Fatalf("footprint %v, want %v", got, at)
				}
				got := readAll(t, r, 0, g, size)
				whole := planes(int(g.Pixels()), 4)
				for i, p := range whole {
					raster.Fill(p, raster.NaN)
					if i < 3 {
						copyWindow(p, g.Window(), want[i], at, at)
					}
				}
				if err := same(got, whole); err != nil {
					t.Errorf("tiles of %d: %v", size, err)
				}
				r.Close()
			}
		})
	}
}

// Many goroutines, a cache too small for them, several scenes: the same pixels, and nothing is held at the end.
func TestReadConcurrently(t *testing.T) {
	var scenes []raster.Scene
	var want [][][]float32
	for i := range 3 {
		path, _, _ := file{w: 400, h: 333, bands: 2, dataType: "UInt16", seed: uint64(i), noData: number(5), options: []string{"TILED=YES", "COMPRESS=DEFLATE", "BLOCKXSIZE=128", "BLOCKYSIZE=128"}}.write(t)
		scenes = append(scenes, sceneOf(t, path, 2))
	}
	g := scenes[0].Native
	o := ReaderOptions{Roles: testRoles[:2], CacheBytes: 1 << 20}
	for i := range scenes {
		r, err := NewReader(g, scenes, o)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, readAll(t, r, i, g, 0))
		r.Close()
	}
	r, err := NewReader(g, scenes, o)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for _, tile := range raster.Tiles(g, 90+worker, 7) {
				for i := range scenes {
					p := planes(int(tile.Read.Pixels()), 2)
					if err := r.Read(context.Background(), i, tile.Read, p); err != nil {
						t.Error(err)
						return
					}
					for b := range p {
						q := make([]float32, len(p[b]))
						copyWindow(q, tile.Read, want[i][b], g.Window(), tile.Read)
						if err := same([][]float32{p[b]}, [][]float32{q}); err != nil {
							t.Errorf("scene %d, %v: %v", i, tile.Read, err)
							return
						}
					}
				}
			}
		})
	}
	wg.Wait()
	if r.cache.used > o.CacheBytes {
		t.Errorf("the cache holds %d bytes, more than its %d", r.cache.used, o.CacheBytes)
	}
	for _, k := range r.cache.chunks {
		if k.refs != 0 {
			t.Errorf("chunk %v is still held %d times", k.key, k.refs)
		}
	}
	r.Close()
}

func TestReadErrors(t *testing.T) {
	path, _, _ := file{w: 300, h: 300, bands: 1, dataType: "Byte", options: []string{"TILED=YES", "COMPRESS=DEFLATE", "BLOCKXSIZE=64", "BLOCKYSIZE=64"}}.write(t)
	s := sceneOf(t, path, 1)
	all := planes(300*300, 1)
	open := func(s raster.Scene) *Reader {
		r, err := NewReader(s.Native, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:1]})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { r.Close() })
		return r
	}

	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	if err := open(s).Read(canceled, 0, s.Native.Window(), all); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}

	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(text) / 2; i < len(text)/2+2000; i++ {
		text[i] ^= 0x5a
	}
	damaged := s
	damaged.URI = filepath.Join(t.TempDir(), "damaged.tif")
	if err := os.WriteFile(damaged.URI, text, 0o644); err != nil {
		t.Fatal(err)
	}
	r := open(damaged)
	var read *ReadError
	for range 2 { // an error must not turn into pixels the second time
		if err := r.Read(context.Background(), 0, s.Native.Window(), all); !errors.As(err, &read) || read.URI != damaged.URI {
			t.Errorf("damaged: %v", err)
		}
	}

	gone := s
	gone.URI = filepath.Join(t.TempDir(), "gone.tif")
	if err := open(gone).Read(context.Background(), 0, s.Native.Window(), all); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("gone: %v", err)
	}

	other, _, _ := file{w: 301, h: 300, bands: 1, dataType: "Byte"}.write(t)
	replaced := s
	replaced.URI = other
	if err := open(replaced).Read(context.Background(), 0, s.Native.Window(), all); err == nil {
		t.Error("a file of another size was read")
	}

	for name, change := range map[string]func(*raster.Scene, *ReaderOptions){
		"complex":    func(s *raster.Scene, _ *ReaderOptions) { s.DataType = "CFloat32" },
		"no georef":  func(s *raster.Scene, _ *ReaderOptions) { s.Native.Transform = [6]float64{} },
		"resampling": func(_ *raster.Scene, o *ReaderOptions) { o.Resampling = "magic" },
	} {
		bad, o := s, ReaderOptions{Roles: testRoles[:1]}
		change(&bad, &o)
		if _, err := NewReader(s.Native, []raster.Scene{bad}, o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
