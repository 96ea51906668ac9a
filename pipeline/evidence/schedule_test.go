package evidence

import (
	"testing"

	"pgregory.net/rapid"

	"tuban/raster"
)

func drawFrames(t *rapid.T, grid raster.Window) []frame {
	var out []frame
	for range rapid.IntRange(0, 12).Draw(t, "frames") {
		w := raster.Window{
			X: rapid.IntRange(0, grid.W-1).Draw(t, "x"), Y: rapid.IntRange(0, grid.H-1).Draw(t, "y"),
			W: rapid.IntRange(1, 60).Draw(t, "w"), H: rapid.IntRange(1, 90).Draw(t, "h"),
		}
		out = append(out, frame{w.Intersect(grid), rapid.IntRange(1, 3).Draw(t, "reduce")})
	}
	return out
}

// Whatever the tiles and the memory, the pieces of a frame are its pixels, each once; within a pass no tile comes twice; and the
// pictures in the making fit the memory, unless one alone does not.
func TestPiecesAreTheFrames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := raster.Grid{W: rapid.IntRange(1, 300).Draw(t, "W"), H: rapid.IntRange(1, 200).Draw(t, "H")}
		tiles := raster.TilesAt(g, rapid.IntRange(8, 128).Draw(t, "tile"), 0, rapid.IntRange(-9, 9).Draw(t, "tx"), rapid.IntRange(-9, 9).Draw(t, "ty"))
		frames := drawFrames(t, g.Window())
		budget := rapid.Int64Range(1, 200_000).Draw(t, "budget")
		infrared := rapid.Bool().Draw(t, "infrared")
		seen := make([]map[[2]int]int, len(frames))
		for i := range seen {
			seen[i] = map[[2]int]int{}
		}
		for _, p := range schedule(frames, infrared, tiles, budget) {
			in := map[int]bool{}
			places := map[raster.Window]int{}
			for n, w := range p.tiles {
				if len(w.pieces) == 0 {
					t.Fatal("a tile is read for nothing")
				}
				for _, c := range w.pieces {
					in[c.frame] = true
					for y := c.Y; y < c.Y+c.H; y++ {
						for x := c.X; x < c.X+c.W; x++ {
							seen[c.frame][[2]int{x, y}]++
						}
					}
					for _, q := range tiles {
						if !q.Core.Intersect(c.Window).Empty() {
							if at, ok := places[q.Core]; ok && at != n {
								t.Fatalf("tile %v comes twice", q.Core)
							}
							places[q.Core] = n
						}
					}
				}
			}
			if p.peak > budget && len(in) > 1 && g.W > 1 {
				// Only frames with their middles in one column of pixels cannot be parted.
				middle := map[int]bool{}
				for i := range in {
					middle[frames[i].X+frames[i].W/2] = true
				}
				if len(middle) > 1 {
					t.Fatalf("%d frames take %d bytes of %d", len(in), p.peak, budget)
				}
			}
		}
		for i, f := range frames {
			if int64(len(seen[i])) != f.Pixels() {
				t.Fatalf("frame %v has %d pixels", f, len(seen[i]))
			}
			for at, n := range seen[i] {
				if n != 1 {
					t.Fatalf("frame %v has pixel %v %d times", f, at, n)
				}
			}
		}
	})
}
