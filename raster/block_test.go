package raster

import (
	"testing"

	"pgregory.net/rapid"
)

func TestNewBlockIsNoData(t *testing.T) {
	b := NewBlock(Window{3, 4, 5, 2}, 3)
	if len(b.Planes) != 3 || b.W != 5 || b.Y != 4 {
		t.Fatalf("%+v", b.Window)
	}
	for _, p := range b.Planes {
		for _, v := range p {
			if v == v {
				t.Fatalf("a new pixel is %g", v)
			}
		}
		if len(p) != 10 {
			t.Fatalf("%d pixels", len(p))
		}
	}
}

// Every element is set, and none beyond, whatever the length.
func TestFill(t *testing.T) {
	for _, n := range []int{0, 1, 15, 16, 17, 40, 1000, fillBlock - 1, fillBlock, fillBlock + 1, 3*fillBlock + 5} {
		all := make([]uint16, n+1)
		Fill(all[:n], 7)
		for i, v := range all {
			if (v == 7) != (i < n) {
				t.Fatalf("element %d of %d is %d", i, n, v)
			}
		}
	}
}

// However a block is reused, its planes have the window's size, and share no memory.
func TestReset(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b Block
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			w := Window{rapid.IntRange(0, 9).Draw(t, "x"), rapid.IntRange(0, 9).Draw(t, "y"), rapid.IntRange(0, 6).Draw(t, "w"), rapid.IntRange(0, 6).Draw(t, "h")}
			n := rapid.IntRange(0, 5).Draw(t, "planes")
			b.Reset(w, n)
			if b.Window != w || len(b.Planes) != n {
				t.Fatalf("%v with %d planes, want %v with %d", b.Window, len(b.Planes), w, n)
			}
			for p := range b.Planes {
				if len(b.Planes[p]) != int(w.Pixels()) {
					t.Fatalf("plane %d has %d pixels of %v", p, len(b.Planes[p]), w)
				}
				Fill(b.Planes[p], float32(p))
			}
			for p := range b.Planes {
				for y := w.Y; y < w.Y+w.H; y++ {
					row := b.Row(p, y)
					if len(row) != w.W {
						t.Fatalf("row of %d", len(row))
					}
					for _, v := range row {
						if v != float32(p) {
							t.Fatalf("planes %d and %g share memory", p, v)
						}
					}
				}
			}
		}
	})
}

func TestResetKeepsMemory(t *testing.T) {
	b := NewBlock(Window{W: 9, H: 7}, 4)
	smaller := []Window{{0, 0, 7, 9}, {5, 5, 3, 2}, {}, {1, 1, 9, 7}}
	if n := testing.AllocsPerRun(10, func() {
		for i, w := range smaller {
			b.Reset(w, 1+i)
		}
	}); n > 0 {
		t.Errorf("%g allocations where nothing grows", n)
	}
}

func TestResetKeepsPlanesWhenThereAreMore(t *testing.T) {
	b := NewBlock(Window{W: 3, H: 2}, 2)
	first, second := &b.Planes[0][0], &b.Planes[1][0]
	if b.Reset(Window{W: 3, H: 2}, 5); &b.Planes[0][0] != first || &b.Planes[1][0] != second {
		t.Error("planes that fit were made anew")
	}
}

func TestRowsAreThoseOfTheGrid(t *testing.T) {
	b := NewBlock(Window{10, 20, 3, 2}, 2)
	copy(b.Planes[1], []float32{0, 1, 2, 3, 4, 5})
	if r := b.Row(1, 21); len(r) != 3 || r[0] != 3 || r[2] != 5 {
		t.Errorf("row 21 is %v", r)
	}
}
