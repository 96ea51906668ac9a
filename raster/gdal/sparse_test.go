package gdal

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"unsafe"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

func openToWrite(t *testing.T, path string) *godal.Dataset {
	t.Helper()
	ds, err := godal.Open(path, godal.Update(), policy)
	if err != nil {
		t.Fatal(err)
	}
	return ds
}

// sparse writes a file in which only the given windows of each band were ever written, all of them 0.
func sparse(t *testing.T, w, h int, options []string, written ...[]raster.Window) raster.Scene {
	t.Helper()
	setup()
	path := filepath.Join(t.TempDir(), "sparse.tif")
	ds, err := godal.Create(godal.GTiff, path, len(written), godal.Byte, w, h, godal.CreationOption(append(options, "SPARSE_OK=TRUE", "PHOTOMETRIC=MINISBLACK")...), policy)
	if err != nil {
		t.Fatal(err)
	}
	if err := locate(ds, raster.Grid{CRS: "EPSG:32651", Transform: utm}); err != nil {
		t.Fatal(err)
	}
	for b, windows := range written {
		for _, win := range windows {
			// Zeros alone would be left out: they are put over something else.
			v := make([]uint8, win.Pixels())
			raster.Fill(v, 1)
			if err := ds.Bands()[b].Write(win.X, win.Y, v, win.W, win.H, policy); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := ds.Close(policy); err != nil {
		t.Fatal(err)
	}
	ds = openToWrite(t, path)
	for b, windows := range written {
		for _, win := range windows {
			if err := ds.Bands()[b].Write(win.X, win.Y, make([]uint8, win.Pixels()), win.W, win.H, policy); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := ds.Close(policy); err != nil {
		t.Fatal(err)
	}
	return sceneOf(t, path, len(written))
}

// What a sparse file does not store is no data, block by block, though it has no no-data tag and its content is 0 as well.
func TestSparse(t *testing.T) {
	win := func(x, y, w, h int) raster.Window { return raster.Window{X: x, Y: y, W: w, H: h} }
	tiles := []string{"TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=64", "COMPRESS=DEFLATE"}
	for _, c := range []struct {
		name    string
		options []string
		written [][]raster.Window
		stored  []raster.Window // in all bands
		absent  []raster.Window // surely without a value
	}{
		{"nothing is stored", tiles, [][]raster.Window{nil, nil}, nil, []raster.Window{win(0, 0, 1000, 700)}},
		{"one tile, pixel by pixel", append(tiles, "INTERLEAVE=PIXEL"), [][]raster.Window{{win(128, 64, 128, 64)}, {win(128, 64, 128, 64)}},
			[]raster.Window{win(128, 64, 128, 64)}, []raster.Window{win(256, 0, 744, 700), win(0, 256, 1000, 444)}},
		{"bands differ", append(tiles, "INTERLEAVE=BAND"), [][]raster.Window{{win(0, 0, 256, 64)}, {win(128, 0, 256, 64)}},
			[]raster.Window{win(128, 0, 128, 64)}, []raster.Window{win(256, 0, 100, 10), win(512, 0, 488, 700)}},
		{"strips", []string{"BLOCKYSIZE=16"}, [][]raster.Window{{win(0, 32, 1000, 16)}, {win(0, 32, 1000, 16)}},
			[]raster.Window{win(0, 32, 1000, 16)}, []raster.Window{win(0, 80, 1000, 620)}},
		{"all is stored", tiles, [][]raster.Window{{win(0, 0, 1000, 700)}, {win(0, 0, 1000, 700)}},
			[]raster.Window{win(0, 0, 1000, 700)}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx := context.Background()
			s := sparse(t, 1000, 700, c.options, c.written...)
			g := s.Native
			want := planes(int(g.Pixels()), 2)
			for _, p := range want {
				raster.Fill(p, raster.NaN)
				for _, w := range c.stored {
					for y := w.Y; y < w.Y+w.H; y++ {
						raster.Fill(p[y*g.W+w.X:y*g.W+w.X+w.W], 0)
					}
				}
			}
			r, err := NewReader(g, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:2]})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			for range 2 { // the second time from what is remembered
				for _, w := range c.absent {
					if got, err := r.Absent(ctx, 0, w); !got || err != nil {
						t.Errorf("%v is not absent: %v, %v", w, got, err)
					}
				}
				for _, w := range c.stored {
					if got, err := r.Absent(ctx, 0, w); got || err != nil {
						t.Errorf("%v is absent: %v, %v", w, got, err)
					}
				}
			}
			if err := same(readAll(t, r, 0, g, 300), want); err != nil {
				t.Error(err)
			}
			// Known or not, decoded in whatever parts, the pixels are the same.
			fresh, err := NewReader(g, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:2], CacheBytes: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer fresh.Close()
			if err := same(readAll(t, fresh, 0, g, 77), want); err != nil {
				t.Error(err)
			}
			// Each pixel that Read delivers denies Absent, on any grid.
			for _, g := range []raster.Grid{g, nextZone} {
				r, err := NewReader(g, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:2]})
				if err != nil {
					t.Fatal(err)
				}
				absent, seen := 0, 0
				for _, tile := range raster.Tiles(g, 100, 0) {
					gone, err := r.Absent(ctx, 0, tile.Core)
					if err != nil {
						t.Fatal(err)
					}
					p := planes(int(tile.Core.Pixels()), 2)
					if err := r.Read(ctx, 0, tile.Core, p); err != nil {
						t.Fatal(err)
					}
					any := false
					for _, v := range p[0] {
						any = any || v == v
					}
					if gone && any {
						t.Errorf("%v has values and is called absent", tile.Core)
					}
					if gone {
						absent++
					}
					if any {
						seen++
					}
				}
				if seen > 0 != (c.stored != nil) || absent == 0 && c.absent != nil {
					t.Errorf("%d tiles absent, %d seen", absent, seen)
				}
				r.Close()
			}
			small := g
			small.W, small.H = 100, 70
			small.Transform[1], small.Transform[5] = 100, -100
			p, err := Preview(ctx, s, small, testRoles[:2])
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range p[0] {
				at := win(i%100*10, i/100*10, 10, 10)
				any := false
				for _, w := range c.stored {
					any = any || !w.Intersect(at).Empty()
				}
				if (v == v) != any {
					t.Errorf("preview: pixel %d is %v", i, v)
					break
				}
			}
		})
	}
}

// The handle that godal keeps to itself is found where it is looked for.
func TestHandleOf(t *testing.T) {
	setup()
	ds, err := godal.Create(godal.Memory, "", 1, godal.Byte, 30, 20, policy)
	if err != nil {
		t.Fatal(err)
	}
	defer ds.Close(policy)
	var h unsafe.Pointer = handleOf(ds)
	if h == nil {
		t.Fatal("no handle")
	}
}

// Zeros that the file system does not store are black ground in the file, not absent.
func TestFileSystemHoles(t *testing.T) {
	path, _, _ := file{w: 256, h: 256, bands: 1, dataType: "Byte", options: []string{"TILED=YES", "BLOCKXSIZE=128", "BLOCKYSIZE=128"}}.write(t)
	paint(t, path, false, func(int, int) uint8 { return 0 })
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	for o := 0; o < len(text); o += page {
		part := text[o:min(o+page, len(text))]
		if len(bytes.Trim(part, "\x00")) == 0 {
			continue
		}
		if _, err := f.WriteAt(part, int64(o)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(f.Truncate(int64(len(text))), f.Close()); err != nil {
		t.Fatal(err)
	}
	s := sceneOf(t, path, 1)
	r, err := NewReader(s.Native, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:1]})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if absent, err := r.Absent(context.Background(), 0, s.Native.Window()); absent || err != nil {
		t.Errorf("absent: %v, %v", absent, err)
	}
	if err := same(readAll(t, r, 0, s.Native, 0), planes(256*256, 1)); err != nil {
		t.Error(err)
	}
}

// What is called whole has a value everywhere, and is known only of what was read.
func TestWhole(t *testing.T) {
	for _, noData := range []*float64{nil, number(9)} {
		f := file{w: 700, h: 300, bands: 2, dataType: "Byte", noData: noData, options: []string{"TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256"}}
		path, _, _ := f.write(t)
		s := sceneOf(t, path, 2)
		r, err := NewReader(s.Native, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:2]})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		w := raster.Window{X: 10, Y: 10, W: 300, H: 200}
		if r.Whole(0, w) {
			t.Error("whole before anything was read")
		}
		if err := r.Read(context.Background(), 0, w, planes(int(w.Pixels()), 2)); err != nil {
			t.Fatal(err)
		}
		if got := r.Whole(0, w); got != (noData == nil) {
			t.Errorf("whole: %v with no-data %v", got, noData)
		}
		if r.Whole(0, raster.Window{X: 500, Y: 10, W: 100, H: 10}) || r.Whole(0, w.Shift(-11, 0)) {
			t.Error("whole where nothing was read, or outside")
		}
	}
}
