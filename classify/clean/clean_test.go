package clean

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// draw reads a picture: # fired, ? unknown, anything else not.
func draw(s string) (mask []uint8, w, h int) {
	for line := range strings.Lines(strings.TrimSpace(s)) {
		line = strings.TrimSpace(line)
		w = len(line)
		h++
		for _, c := range line {
			switch c {
			case '#':
				mask = append(mask, 2)
			case '?':
				mask = append(mask, 1)
			default:
				mask = append(mask, 0)
			}
		}
	}
	return mask, w, h
}

func picture(mask []uint8, w int) string {
	var b strings.Builder
	for i, v := range mask {
		b.WriteByte(".?#"[v])
		if i%w == w-1 {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func TestPictures(t *testing.T) {
	for _, c := range []struct{ name, ops, in, want string }{
		{"nothing but unknown settled", "none", `
			#?.
			?#?`, `
			#..
			.#.`},
		{"a speck goes, a hole fills", "majority 3", `
			.......
			.####..
			.#.##.#
			.####..
			.......`, `
			.......
			..##...
			.####..
			..##...
			.......`},
		{"at the border only what is inside votes", "majority 3", `
			##..
			#...
			...#`, `
			#...
			....
			....`},
		{"opening removes the thin line and keeps the block whole", "open 3", `
			........
			.###....
			.######.
			.###....
			........`, `
			........
			.###....
			.###....
			.###....
			........`},
		{"closing joins across one pixel, unknown included", "close 3", `
			...........
			...........
			..###.###..
			..###?###..
			..###.###..
			...........
			...........`, `
			...........
			...........
			..#######..
			..#######..
			..#######..
			...........
			...........`},
		{"closing fills the gap to the border too", "close 3", `
			......
			.##...
			......
			......`, `
			###...
			###...
			......
			......`},
		{"a block at the border survives opening", "open 3", `
			##...
			##...
			.....`, `
			##...
			##...
			.....`},
		{"in order: opened first there is nothing to close", "open 3, close 3", `
			.....
			.#.#.
			.....`, `
			.....
			.....
			.....`},
		{"in order: closed first there is a line, opened away", "close 3, open 3", `
			.........
			.........
			..#.#.#..
			.........
			.........`, `
			.........
			.........
			.........
			.........
			.........`},
	} {
		t.Run(c.name, func(t *testing.T) {
			ops, err := Parse(c.ops)
			if err != nil {
				t.Fatal(err)
			}
			mask, w, h := draw(c.in)
			want, _, _ := draw(c.want)
			ops.Apply(mask, w, h, nil)
			if !bytes.Equal(mask, want) {
				t.Errorf("%s gives\n%swant\n%s", c.ops, picture(mask, w), picture(want, w))
			}
		})
	}
}

// naive applies one operation by looking at every square.
func naive(op Op, in []uint8, w, h int) []uint8 {
	square := func(in []uint8, fires func(fired, inside int) bool) []uint8 {
		out, r := make([]uint8, len(in)), op.Size/2
		for y := range h {
			for x := range w {
				fired, inside := 0, 0
				for v := max(0, y-r); v <= min(h-1, y+r); v++ {
					for u := max(0, x-r); u <= min(w-1, x+r); u++ {
						inside++
						if in[v*w+u] == 2 {
							fired++
						}
					}
				}
				if fires(fired, inside) {
					out[y*w+x] = 2
				}
			}
		}
		return out
	}
	erode := func(in []uint8) []uint8 { return square(in, func(f, n int) bool { return f == n }) }
	dilate := func(in []uint8) []uint8 { return square(in, func(f, n int) bool { return f > 0 }) }
	switch op.Verb {
	case Open:
		return dilate(erode(in))
	case Close:
		return erode(dilate(in))
	}
	return square(in, func(f, n int) bool { return 2*f > n })
}

func drawOps(t *rapid.T, largest int) Ops {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Op {
		return Op{Verb: rapid.SampledFrom(verbs).Draw(t, "verb"), Size: 2*rapid.IntRange(1, largest/2).Draw(t, "half") + 1}
	}), 0, 3).Draw(t, "ops")
}

// drawMask makes noise of every density and rectangles over it: without these hardly anything survives an opening,
// and a halo that is too small would go unseen.
func drawMask(t *rapid.T) (mask []uint8, w, h int) {
	w, h = rapid.IntRange(1, 150).Draw(t, "w"), rapid.IntRange(1, 50).Draw(t, "h")
	share := rapid.SampledFrom([]float64{0, 0.01, 0.3, 0.6, 0.95, 1}).Draw(t, "share")
	rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	mask = make([]uint8, w*h)
	for i := range mask {
		mask[i] = uint8(rnd.IntN(2))
		if rnd.Float64() < share {
			mask[i] = 2
		}
	}
	for range rapid.IntRange(0, 12).Draw(t, "rectangles") {
		x0, y0, v := rnd.IntN(w), rnd.IntN(h), uint8(2*rnd.IntN(2))
		width, height := min(w-x0, 1+rnd.IntN(16)), min(h-y0, 1+rnd.IntN(16))
		for y := range height {
			for x := range width {
				mask[(y0+y)*w+x0+x] = v
			}
		}
	}
	return mask, w, h
}

func TestAgreesWithNaive(t *testing.T) {
	var s Scratch
	rapid.Check(t, func(t *rapid.T) {
		mask, w, h := drawMask(t)
		ops := drawOps(t, 15)
		want := bytes.Clone(mask)
		for _, op := range ops {
			want = naive(op, want, w, h)
		}
		for i, v := range want {
			want[i] = v & 2
		}
		ops.Apply(mask, w, h, &s)
		if !bytes.Equal(mask, want) {
			t.Fatalf("%v gives\n%swant\n%s", ops, picture(mask, w), picture(want, w))
		}
	})
}

// Any cut into tiles, each read with its halo, gives the whole's result.
func TestTileLaw(t *testing.T) {
	var s Scratch
	rapid.Check(t, func(t *rapid.T) {
		mask, w, h := drawMask(t)
		ops := drawOps(t, 7)
		tw, th := rapid.IntRange(1, 20).Draw(t, "tile w"), rapid.IntRange(1, 20).Draw(t, "tile h")
		whole := bytes.Clone(mask)
		ops.Apply(whole, w, h, nil)
		halo := ops.Halo()
		got := make([]uint8, len(mask))
		for y := 0; y < h; y += th {
			for x := 0; x < w; x += tw {
				x0, y0, x1, y1 := max(0, x-halo), max(0, y-halo), min(w, x+tw+halo), min(h, y+th+halo)
				var part []uint8
				for v := y0; v < y1; v++ {
					part = append(part, mask[v*w+x0:v*w+x1]...)
				}
				ops.Apply(part, x1-x0, y1-y0, &s)
				for v := y; v < min(h, y+th); v++ {
					copy(got[v*w+x:v*w+min(w, x+tw)], part[(v-y0)*(x1-x0)+x-x0:])
				}
			}
		}
		if !bytes.Equal(got, whole) {
			t.Fatalf("%v in tiles of %d × %d gives\n%sas a whole\n%s", ops, tw, th, picture(got, w), picture(whole, w))
		}
	})
}

func BenchmarkApply(b *testing.B) {
	const w, h = 1024, 1024
	sparse, noise := make([]uint8, w*h), make([]uint8, w*h)
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = uint8(rnd.IntN(3))
	}
	for range 40 {
		x, y := rnd.IntN(w-20), rnd.IntN(h-20)
		for i := range 20 * 20 {
			sparse[(y+i/20)*w+x+i%20] = 2
		}
	}
	for _, c := range []struct {
		name string
		mask []uint8
		ops  Ops
	}{
		{"majority 3, noise", noise, Ops{{Verb: Majority, Size: 3}}},
		{"majority 3, sparse", sparse, Ops{{Verb: Majority, Size: 3}}},
		{"open 3 and close 5, noise", noise, Ops{{Verb: Open, Size: 3}, {Verb: Close, Size: 5}}},
		{"open 3 and close 5, sparse", sparse, Ops{{Verb: Open, Size: 3}, {Verb: Close, Size: 5}}},
		{"open 31 and close 31, noise", noise, Ops{{Verb: Open, Size: 31}, {Verb: Close, Size: 31}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var s Scratch
			mask := make([]uint8, w*h)
			for b.Loop() {
				copy(mask, c.mask)
				c.ops.Apply(mask, w, h, &s)
			}
			b.ReportMetric(w*h*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpx/s")
		})
	}
}
