package masktiff

import (
	"bytes"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tuban/raster"
)

// lay lays the pieces out as pixels.
func lay(pieces []piece) []byte {
	out := make([]byte, tileEdge*tileEdge)
	for _, p := range pieces {
		raster.Fill(out[int(p.y)*tileEdge+int(p.x0):int(p.y)*tileEdge+int(p.x1)], p.value)
	}
	return out
}

// inflate reads a stream the way anybody does, with its checksum.
func inflate(t interface{ Fatal(...any) }, b []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestTileIsWhatItsPiecesCover decodes streams of drawn tiles: from nothing over shapes to speckle, with rows that repeat.
func TestTileIsWhatItsPiecesCover(t *testing.T) {
	var e encoder
	rapid.Check(t, func(t *rapid.T) {
		var pieces []piece
		var before []piece
		values := rapid.IntRange(1, 255).Draw(t, "values")
		widest := rapid.SampledFrom([]int{1, 2, 5, 260, tileEdge}).Draw(t, "widest")
		gap := rapid.SampledFrom([]int{0, 1, 3, 300}).Draw(t, "gap")
		for y := rapid.IntRange(0, 4).Draw(t, "first"); y < tileEdge; {
			var now []piece
			if len(before) > 0 && rapid.IntRange(0, 2).Draw(t, "again") > 0 {
				for _, p := range before {
					p.y = uint16(y)
					now = append(now, p)
				}
			} else {
				for x := rapid.IntRange(0, gap).Draw(t, "left"); x < tileEdge && len(now) < 40; {
					end := min(tileEdge, x+rapid.IntRange(1, widest).Draw(t, "width"))
					now = append(now, piece{uint16(y), uint16(x), uint16(end), uint8(rapid.IntRange(1, values).Draw(t, "value"))})
					x = end + rapid.IntRange(0, gap).Draw(t, "gap")
				}
			}
			before = now
			pieces = append(pieces, now...)
			y += rapid.SampledFrom([]int{1, 1, 1, 2, 97, 511}).Draw(t, "down")
		}
		if !bytes.Equal(inflate(t, e.tile(pieces)), lay(pieces)) {
			t.Fatalf("another tile of %v", pieces)
		}
	})
}

func TestSpeckledTile(t *testing.T) {
	var e encoder
	r := rand.New(rand.NewPCG(5, 1))
	for _, fill := range []float64{0, 0.001, 0.02, 0.5, 1} {
		var pieces []piece
		for y := range tileEdge {
			for x := range tileEdge {
				if r.Float64() < fill {
					pieces = append(pieces, piece{uint16(y), uint16(x), uint16(x + 1), uint8(1 + r.IntN(255))})
				}
			}
		}
		if !bytes.Equal(inflate(t, e.tile(pieces)), lay(pieces)) {
			t.Errorf("another tile where %v of the pixels are set", fill)
		}
	}
}

// TestCodeStaysWithinItsLimit gives weights of Fibonacci, which make the deepest tree that there is.
func TestCodeStaysWithinItsLimit(t *testing.T) {
	for _, limit := range []int{7, 15} {
		count := make([]uint32, 19)
		a, b := uint32(1), uint32(1)
		for i := range count {
			count[i] = a
			a, b = b, a+b
		}
		var c code
		c.build(count, limit)
		sum := 0.0 // of Kraft: a complete code fills 1
		for s, l := range c.length {
			if l == 0 || int(l) > limit {
				t.Errorf("limit %d: symbol %d has %d bits", limit, s, l)
			}
			sum += 1 / float64(int(1)<<l)
		}
		if sum != 1 {
			t.Errorf("limit %d: the code fills %v", limit, sum)
		}
	}
}

func BenchmarkTile(b *testing.B) {
	// A tile with thirty discs.
	r := rand.New(rand.NewPCG(7, 3))
	px := make([]byte, tileEdge*tileEdge)
	for range 30 {
		cx, cy, rad := r.IntN(tileEdge), r.IntN(tileEdge), 3+r.IntN(20)
		for y := max(0, cy-rad); y < min(tileEdge, cy+rad); y++ {
			for x := max(0, cx-rad); x < min(tileEdge, cx+rad); x++ {
				if (x-cx)*(x-cx)+(y-cy)*(y-cy) < rad*rad {
					px[y*tileEdge+x] = 1
				}
			}
		}
	}
	var pieces []piece
	for y := range tileEdge {
		for x := 0; x < tileEdge; x++ {
			if px[y*tileEdge+x] != 0 {
				x0 := x
				for x < tileEdge && px[y*tileEdge+x] != 0 {
					x++
				}
				pieces = append(pieces, piece{uint16(y), uint16(x0), uint16(x), 1})
			}
		}
	}
	var e encoder
	b.SetBytes(tileEdge * tileEdge)
	b.ReportAllocs()
	for b.Loop() {
		e.tile(pieces)
	}
	b.ReportMetric(float64(len(e.out)), "bytes/tile")
}
