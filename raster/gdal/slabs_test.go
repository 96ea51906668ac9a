package gdal

import (
	"testing"

	"pgregory.net/rapid"

	"tuban/raster"
)

// TestSlabs: memory is nobody's but one's, and there is never more of it than was in use at once.
func TestSlabs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s slabStore
		type held struct {
			slab []float32
			mark float32
		}
		var inUse []held
		used, most := 0, 0
		for i := range rapid.IntRange(1, 40).Draw(t, "steps") {
			if len(inUse) == 0 || rapid.Bool().Draw(t, "take") {
				n := rapid.SampledFrom([]int{1, 700, 1500, 4096, 5000, 20_000}).Draw(t, "size")
				h := held{s.get(n), float32(i)}
				if len(h.slab) != n || cap(h.slab) >= max(2, mostWaste*n) {
					t.Fatalf("%d elements of %d for %d", len(h.slab), cap(h.slab), n)
				}
				raster.Fill(h.slab[:cap(h.slab)], h.mark)
				inUse = append(inUse, h)
				used += cap(h.slab)
				most = max(most, used)
			} else {
				j := rapid.IntRange(0, len(inUse)-1).Draw(t, "which")
				h := inUse[j]
				for _, v := range h.slab[:cap(h.slab)] {
					if v != h.mark {
						t.Fatalf("%v has become %v", h.mark, v)
					}
				}
				s.put(h.slab)
				used -= cap(h.slab)
				inUse = append(inUse[:j], inUse[j+1:]...)
			}
			all := used
			for _, slab := range s.spare {
				all += cap(slab)
			}
			if all > most {
				t.Fatalf("%d elements are held, %d were in use at once", all, most)
			}
		}
		if s.free(); len(s.spare) != 0 {
			t.Fatal("spare memory is left")
		}
		for _, h := range inUse {
			s.put(h.slab)
		}
		s.free()
	})
}

// TestClosedCache: what is idle is dropped at once, what is in use when it is released, and its pixels are there until then.
func TestClosedCache(t *testing.T) {
	c := newCache(1 << 20)
	c.edgeLimit = 1 << 20
	fill := func(k *chunk) {
		c.memory(k, raster.Window{W: 8, H: 8}, 1, asUint16)
		k.mem[5] = 7
	}
	c.put(chunkKey{x: 1}, fill)
	c.put(chunkKey{x: 2, edge: rightEdge}, fill)
	c.put(chunkKey{x: 3}, fill)
	k := c.peek(chunkKey{x: 3})
	c.close()
	if len(c.chunks) != 1 || k.mem[5] != 7 {
		t.Fatalf("%d chunks are left, of one in use", len(c.chunks))
	}
	c.release(k)
	if len(c.chunks) != 0 || c.used != 0 || c.edgesUsed != 0 || len(c.slabs.spare) != 0 {
		t.Errorf("%d chunks, %d and %d bytes, %d spare", len(c.chunks), c.used, c.edgesUsed, len(c.slabs.spare))
	}
}
