package gdal

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tuban/raster"
)

// TestEdges reads windows from a cache that keeps little else than edges, and from one that keeps all: the values are the same,
// and rows along an edge are not decoded again.
func TestEdges(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	for _, c := range []struct {
		dataType   string
		interleave string
		noData     *float64
	}{{"UInt16", "PIXEL", number(7)}, {"Byte", "BAND", nil}, {"Int16", "BAND", number(-5)}} {
		f := file{w: 700, h: 600, bands: 3, dataType: c.dataType, noData: c.noData, options: []string{"TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256", "INTERLEAVE=" + c.interleave}}
		path, _, _ := f.write(t)
		s := sceneOf(t, path, 3)
		small, err := NewReader(s.Native, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:3], CacheBytes: 2 << 20})
		if err != nil {
			t.Fatal(err)
		}
		defer small.Close()
		small.KeepEdges(1 << 20)
		large, err := NewReader(s.Native, []raster.Scene{s}, ReaderOptions{Roles: testRoles[:3]})
		if err != nil {
			t.Fatal(err)
		}
		defer large.Close()
		peeked := 0
		for range 300 {
			w := raster.Window{X: random.IntN(f.w), Y: random.IntN(f.h), W: 1 + random.IntN(270), H: 1 + random.IntN(60)}
			if random.IntN(2) == 0 {
				w.W, w.H = w.H, w.W
			}
			for cell := range []int{0, 1, 2, 3} {
				if k := small.cache.peek(chunkKey{x: cell % 2, y: cell / 2, edge: bottomEdge}); k != nil {
					peeked++
					small.cache.release(k)
				}
			}
			got, want := planes(int(w.Pixels()), 3), planes(int(w.Pixels()), 3)
			if err := small.Read(context.Background(), 0, w, got); err != nil {
				t.Fatal(err)
			}
			if err := large.Read(context.Background(), 0, w, want); err != nil {
				t.Fatal(err)
			}
			for i := range got {
				for k := range got[i] {
					if math.Float32bits(got[i][k]) != math.Float32bits(want[i][k]) {
						t.Fatalf("%s %s, %v, band %d, pixel %d: %g, want %g", c.dataType, c.interleave, w, i, k, got[i][k], want[i][k])
					}
				}
			}
		}
		if peeked == 0 {
			t.Error("no edge was ever kept")
		}
	}
}

// Every part that an edge is said to hold lies in it.
func TestEdgeOf(t *testing.T) {
	c := raster.Window{X: 100, Y: 50, W: 640, H: 400}
	for _, part := range []raster.Window{{X: 100, Y: 400, W: 640, H: 3}, {X: 100, Y: 440, W: 9, H: 10}, {X: 700, Y: 60, W: 40, H: 20}, {X: 680, Y: 50, W: 4, H: 400}, {X: 120, Y: 60, W: 9, H: 9}} {
		e := edgeOf(c, part)
		if inner := part.X == 120; inner != (e == noEdge) || e != noEdge && !e.of(c).Contains(part) {
			t.Errorf("%v: edge %d, %v", part, e, e.of(c))
		}
	}
}

// Edges are dropped in the order in which they were put, however often they served.
func TestEdgesGoInTurn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const kept = 6
		c := newCache(1 << 20)
		size := int64(4 * asUint16.room(64, 1))
		c.edgeLimit = kept * size
		key := func(i int) chunkKey { return chunkKey{x: i, edge: rightEdge} }
		for i := range 4 * kept {
			c.put(key(i), func(k *chunk) { c.memory(k, raster.Window{W: 8, H: 8}, 1, asUint16) })
			for range rapid.IntRange(0, 3).Draw(t, "uses") {
				if k := c.peek(key(rapid.IntRange(0, i).Draw(t, "edge"))); k != nil {
					c.release(k)
				}
			}
			for j := range i + 1 {
				if has := c.has(key(j)); has != (j > i-kept) {
					t.Fatalf("after edge %d, edge %d is there: %v", i, j, has)
				}
			}
		}
	})
}
