package gdal

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"tuban/raster"
)

// aheadFile is an image of blocks that are inflated here.
func aheadFile(t testing.TB, interleave string) (raster.Scene, file) {
	f := file{w: 900, h: 700, bands: 3, dataType: "UInt16", noData: number(7), options: []string{
		"TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256", "COMPRESS=DEFLATE", "PREDICTOR=2", "INTERLEAVE=" + interleave}}
	path, _, _ := f.write(t)
	return sceneOf(t, path, 3), f
}

// trustedReader has read a pixel, and so knows that the blocks of the scene are decoded here as GDAL does.
func trustedReader(t testing.TB, s raster.Scene, cache, edges int64) *Reader {
	t.Helper()
	r, err := NewReader(s.Native, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:3], CacheBytes: cache})
	if err != nil {
		t.Fatal(err)
	}
	if edges > 0 {
		r.KeepEdges(edges)
	}
	if err := r.Read(context.Background(), 0, raster.Window{W: 1, H: 1}, planes(1, 3)); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestAhead decodes windows ahead of reading them: no chunk is decoded twice, all of them were ahead, and the pixels are the same.
func TestAhead(t *testing.T) {
	interleaved, _ := aheadFile(t, "PIXEL")
	separate, _ := aheadFile(t, "BAND")
	scenes := []raster.Scene{interleaved, separate}
	var want [2][][]float32
	for i, s := range scenes {
		plain := trustedReader(t, s, 0, 0)
		want[i] = readAll(t, plain, 0, s.Native, 300)
		plain.Close()
	}
	rapid.Check(t, func(rt *rapid.T) {
		i := rapid.IntRange(0, 1).Draw(rt, "scene")
		g := scenes[i].Native
		r := trustedReader(t, scenes[i], 0, 0)
		defer r.Close()
		var windows []raster.Window
		for _, tile := range raster.Tiles(g, rapid.IntRange(100, 700).Draw(rt, "tile"), rapid.IntRange(0, 40).Draw(rt, "margin")) {
			windows = append(windows, tile.Read)
		}
		for n := 0; n < len(windows); {
			end := min(len(windows), n+rapid.IntRange(1, 7).Draw(rt, "ahead"))
			r.Ahead(context.Background(), 0, windows[n:end])
			n = end
		}
		if r.Decoded() != g.Pixels() {
			rt.Fatalf("%d pixels decoded ahead of %d", r.Decoded(), g.Pixels())
		}
		if err := same(readAll(t, r, 0, g, 300), want[i]); err != nil {
			rt.Fatal(err)
		}
		if r.Decoded() != g.Pixels() {
			rt.Fatalf("%d pixels decoded of %d", r.Decoded(), g.Pixels())
		}
	})
}

// TestAheadOfEdges: what is read from a kept edge is not decoded ahead.
func TestAheadOfEdges(t *testing.T) {
	s, _ := aheadFile(t, "PIXEL")
	r := trustedReader(t, s, 3<<20, 2<<20) // of the chunks of 256 × 256 pixels two
	defer r.Close()
	one := func(x, y int) raster.Window { return raster.Window{X: x, Y: y, W: 10, H: 10} }
	for x := range 3 {
		if err := r.Read(context.Background(), 0, one(256*x, 0), planes(100, 3)); err != nil {
			t.Fatal(err)
		}
	}
	before := r.Decoded()
	r.Ahead(context.Background(), 0, []raster.Window{one(100, 240), one(240, 100)})
	if got := r.Decoded(); got != before {
		t.Errorf("%d pixels were decoded, though only edges are wanted", got-before)
	}
	r.Ahead(context.Background(), 0, []raster.Window{one(100, 100)})
	if got := r.Decoded(); got != before+256*256 {
		t.Errorf("%d pixels were decoded for the inside of a chunk that was dropped", got-before)
	}
}

// TestAheadOfDamage: Ahead says nothing of a damaged block, and the one beside it is read all the same.
func TestAheadOfDamage(t *testing.T) {
	s, f := aheadFile(t, "PIXEL")
	text, err := os.ReadFile(s.URI)
	if err != nil {
		t.Fatal(err)
	}
	im, err := trustedReader(t, s, 0, 0).handle(0)
	if err != nil {
		t.Fatal(err)
	}
	defer im.close()
	at, err := im.blocks.find(1, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	raster.Fill(text[at.offset:int(at.offset)+at.stored], 0xff)
	damaged := s
	damaged.URI = filepath.Join(t.TempDir(), "damaged.tif")
	if err := os.WriteFile(damaged.URI, text, 0o644); err != nil {
		t.Fatal(err)
	}
	good := trustedReader(t, s, 0, 0)
	defer good.Close()
	r := trustedReader(t, damaged, 0, 0)
	defer r.Close()
	r.Ahead(context.Background(), 0, []raster.Window{s.Native.Window()})
	read := 0
	for _, tile := range raster.Tiles(s.Native, 256, 0) {
		got, want := planes(int(tile.Core.Pixels()), f.bands), planes(int(tile.Core.Pixels()), f.bands)
		if err := good.Read(context.Background(), 0, tile.Core, want); err != nil {
			t.Fatal(err)
		}
		err := r.Read(context.Background(), 0, tile.Core, got)
		if bad := tile.Core.X == 3*256 && tile.Core.Y == 256; bad != (err != nil) {
			t.Errorf("%v: %v", tile.Core, err)
		}
		if err == nil {
			if err := same(got, want); err != nil {
				t.Error(err)
			}
			read++
		}
	}
	if read == 0 {
		t.Error("nothing was read")
	}
}

// TestClaimThatFails: who waits for a chunk that could not be loaded ahead loads it.
func TestClaimThatFails(t *testing.T) {
	c, key := newCache(1<<20), chunkKey{x: 3}
	k := c.claim(key)
	if k == nil || c.claim(key) != nil {
		t.Fatal("a chunk is to be claimed once")
	}
	got := make(chan error)
	waits := func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return k.refs == 2
	}
	if err := c.ahead([]*chunk{k}, func() error {
		go func() {
			k, err := c.acquire(context.Background(), key, func(*chunk) error { return nil })
			if err == nil {
				c.release(k)
			}
			got <- err
		}()
		for !waits() {
			runtime.Gosched()
		}
		return errors.New("damaged")
	}); err == nil {
		t.Error("the failure is not reported")
	}
	if err := <-got; err != nil {
		t.Errorf("who waited got: %v", err)
	}
}

// TestAheadOfOthers: goroutines decode ahead and read in any order, from a cache that holds little; all get their pixels, and none
// waits for ever.
func TestAheadOfOthers(t *testing.T) {
	s, _ := aheadFile(t, "PIXEL")
	plain := trustedReader(t, s, 0, 0)
	defer plain.Close()
	want := readAll(t, plain, 0, s.Native, 300)
	for _, c := range []struct{ cache, edges int64 }{{64 << 20, 0}, {4 << 20, 1 << 20}, {1, 0}} {
		r := trustedReader(t, s, c.cache, c.edges)
		var wg sync.WaitGroup
		for g := range 6 {
			wg.Go(func() {
				random := rand.New(rand.NewPCG(uint64(g), 1))
				for range 20 {
					windows := make([]raster.Window, 1+random.IntN(4))
					for i := range windows {
						w := raster.Window{W: 1 + random.IntN(300), H: 1 + random.IntN(300)}
						w.X, w.Y = random.IntN(s.Native.W-w.W), random.IntN(s.Native.H-w.H)
						windows[i] = w
					}
					r.Ahead(context.Background(), 0, windows)
					for _, w := range windows {
						got := planes(int(w.Pixels()), 3)
						if err := r.Read(context.Background(), 0, w, got); err != nil {
							t.Error(err)
							return
						}
						part := planes(int(w.Pixels()), 3)
						for i := range part {
							copyWindow(part[i], w, want[i], s.Native.Window(), w)
						}
						if err := same(got, part); err != nil {
							t.Error(err)
							return
						}
					}
				}
			})
		}
		wg.Wait()
		r.Close()
	}
}

// TestAheadOfNothing: where blocks are not inflated here nothing is decoded ahead, nor once the context has ended.
func TestAheadOfNothing(t *testing.T) {
	for _, options := range [][]string{{"TILED=YES"}, {"TILED=YES", "COMPRESS=LZW"}} {
		path, _, _ := file{w: 600, h: 600, bands: 3, dataType: "UInt16", options: options}.write(t)
		s := sceneOf(t, path, 3)
		r := trustedReader(t, s, 0, 0)
		defer r.Close()
		before := r.Decoded()
		r.Ahead(context.Background(), 0, []raster.Window{s.Native.Window()})
		if got := r.Decoded(); got != before {
			t.Errorf("%v: %d pixels decoded ahead", options, got-before)
		}
	}
	s, _ := aheadFile(t, "PIXEL")
	r := trustedReader(t, s, 0, 0)
	defer r.Close()
	before := r.Decoded()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r.Ahead(ctx, 0, []raster.Window{s.Native.Window()})
	if got := r.Decoded(); got != before {
		t.Errorf("%d pixels decoded when nobody wants them", got-before)
	}
}
