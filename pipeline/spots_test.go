package pipeline

import (
	"testing"

	"pgregory.net/rapid"

	"tuban/raster"
)

// Spots lie in the grid, whatever its size and the seed; the pixels of a small grid are all measured, each once.
func TestSpots(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := raster.Grid{W: rapid.IntRange(1, 70_000).Draw(t, "w"), H: rapid.IntRange(1, 70_000).Draw(t, "h")}
		if rapid.Bool().Draw(t, "small") {
			g.W, g.H = 1+g.W%1000, 1+g.H%1000
		}
		s := (&Plan{Grid: g}).spots(spotsPerAxis, rapid.IntRange(0, 1000).Draw(t, "seed"))
		kept := int64(0)
		for _, w := range s.windows {
			if w.Intersect(g.Window()) != w || w.Empty() {
				t.Fatalf("%v leaves the grid of %d × %d", w, g.W, g.H)
			}
			if g.Pixels() <= wholePixels {
				s.thin(w, func(int) { kept++ })
			}
		}
		if g.Pixels() <= wholePixels && kept != g.Pixels() {
			t.Fatalf("%d of %d pixels are measured", kept, g.Pixels())
		}
	})
}

// Unless a seed moves them, spots that have a storage block each to themselves lie within it.
func TestSpotsLieInBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, spotsPerAxis).Draw(t, "n")
		g := raster.Grid{W: n * rapid.IntRange(storageCell, 4000).Draw(t, "w"), H: n * rapid.IntRange(storageCell, 4000).Draw(t, "h")}
		if g.Pixels() <= wholePixels {
			t.Skip("all of a small grid is measured")
		}
		seen := map[[2]int]bool{}
		for _, w := range (&Plan{Grid: g}).spots(n, 0).windows {
			block := [2]int{w.X / storageCell, w.Y / storageCell}
			if seen[block] {
				t.Fatalf("two spots lie in block %v", block)
			}
			seen[block] = true
			// The last may be moved to where the grid ends.
			if (w.X+w.W-1)/storageCell != block[0] && w.X+w.W != g.W || (w.Y+w.H-1)/storageCell != block[1] && w.Y+w.H != g.H {
				t.Fatalf("the spot %v lies in several blocks", w)
			}
		}
		if len(seen) != n*n {
			t.Fatalf("%d spots, want %d", len(seen), n*n)
		}
	})
}

// A seed moves the spots of a large grid.
func TestSeedMovesSpots(t *testing.T) {
	p := &Plan{Grid: raster.Grid{W: 5000, H: 4000}}
	same := 0
	first := p.spots(spotsPerAxis, 0).windows
	for i, w := range p.spots(spotsPerAxis, 3).windows {
		if w == first[i] {
			same++
		}
	}
	if same > len(first)/4 {
		t.Errorf("%d of %d spots stay", same, len(first))
	}
}

// What is kept of a window does not depend on how it is cut.
func TestThinKeepsALattice(t *testing.T) {
	s := spots{stride: 3}
	whole := raster.Window{X: 5, Y: 7, W: 20, H: 11}
	want := map[[2]int]bool{}
	s.thin(whole, func(k int) { want[[2]int{whole.X + k%whole.W, whole.Y + k/whole.W}] = true })
	got := map[[2]int]bool{}
	for _, part := range []raster.Window{{X: 5, Y: 7, W: 8, H: 11}, {X: 13, Y: 7, W: 12, H: 4}, {X: 13, Y: 11, W: 12, H: 7}} {
		s.thin(part, func(k int) {
			at := [2]int{part.X + k%part.W, part.Y + k/part.W}
			if got[at] {
				t.Errorf("%v twice", at)
			}
			got[at] = true
		})
	}
	if len(got) != len(want) || len(got) == 0 {
		t.Errorf("%d pixels, %d of the whole", len(got), len(want))
	}
	for at := range want {
		if !got[at] {
			t.Errorf("%v is missing", at)
		}
	}
}
