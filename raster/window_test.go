package raster

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// windows draws small windows, some of them empty, that often touch or overlap.
func windows(name string) *rapid.Generator[Window] {
	return rapid.Custom(func(t *rapid.T) Window {
		n := func(s string, lo, hi int) int { return rapid.IntRange(lo, hi).Draw(t, name+s) }
		return Window{n("x", -6, 6), n("y", -6, 6), n("w", 0, 7), n("h", 0, 5)}
	})
}

func (w Window) has(x, y int) bool { return x >= w.X && x < w.X+w.W && y >= w.Y && y < w.Y+w.H }

// each visits every pixel that the windows of these tests can hold, and some around.
func each(visit func(x, y int)) {
	for y := -20; y < 30; y++ {
		for x := -20; x < 30; x++ {
			visit(x, y)
		}
	}
}

func TestWindowAlgebra(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := windows("a").Draw(t, "a"), windows("b").Draw(t, "b")
		n, dx, dy := rapid.IntRange(0, 4).Draw(t, "n"), rapid.IntRange(-5, 5).Draw(t, "dx"), rapid.IntRange(-5, 5).Draw(t, "dy")
		both, union, shifted := a.Intersect(b), a.Union(b), a.Shift(dx, dy)
		contains, count := true, int64(0)
		each(func(x, y int) {
			if both.has(x, y) != (a.has(x, y) && b.has(x, y)) {
				t.Fatalf("%v ∩ %v = %v at %d, %d", a, b, both, x, y)
			}
			if (a.has(x, y) || b.has(x, y)) && !union.has(x, y) {
				t.Fatalf("%v ∪ %v = %v lacks %d, %d", a, b, union, x, y)
			}
			if shifted.has(x+dx, y+dy) != a.has(x, y) {
				t.Fatalf("%v moved by %d, %d is %v", a, dx, dy, shifted)
			}
			contains = contains && (!b.has(x, y) || a.has(x, y))
			if a.has(x, y) {
				count++
			}
		})
		if a.Pixels() != count || a.Empty() != (count == 0) {
			t.Fatalf("%v has %d pixels, not %d; empty %v", a, count, a.Pixels(), a.Empty())
		}
		if a.Contains(b) != contains {
			t.Fatalf("%v contains %v: %v", a, b, !contains)
		}
		if both.Empty() && both != (Window{}) {
			t.Fatalf("nothing is %v", both)
		}
		if both != b.Intersect(a) || !a.Empty() && !b.Empty() && union != b.Union(a) {
			t.Fatalf("%v and %v do not commute", a, b)
		}
		smallest := func(w Window) bool {
			// Each side is that of a or b.
			x0, y0, x1, y1 := min(a.X, b.X), min(a.Y, b.Y), max(a.X+a.W, b.X+b.W), max(a.Y+a.H, b.Y+b.H)
			return w == Window{x0, y0, x1 - x0, y1 - y0}
		}
		switch {
		case a.Empty() && union != b, b.Empty() && !a.Empty() && union != a, !a.Empty() && !b.Empty() && !smallest(union):
			t.Fatalf("%v ∪ %v = %v", a, b, union)
		}
		if !a.Empty() {
			grown := a.Grow(n)
			each(func(x, y int) {
				near := x >= a.X-n && x < a.X+a.W+n && y >= a.Y-n && y < a.Y+a.H+n
				if grown.has(x, y) != near {
					t.Fatalf("%v grown by %d is %v", a, n, grown)
				}
			})
		}
	})
}

func TestPixelsBeyond31Bits(t *testing.T) {
	w := Window{W: 100_000, H: 90_000}
	if w.Pixels() != 9_000_000_000 || (Grid{W: w.W, H: w.H}).Pixels() != w.Pixels() {
		t.Errorf("%v has %d pixels", w, w.Pixels())
	}
	if (Window{W: -3, H: -4}).Pixels() != 0 {
		t.Error("negative sizes hold pixels")
	}
}

// The cores part the grid; a tile reads what is within the halo of its core, as far as there is a grid.
func TestTilesPartTheGrid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := Grid{W: rapid.IntRange(1, 24).Draw(t, "w"), H: rapid.IntRange(1, 17).Draw(t, "h")}
		size, halo := rapid.IntRange(-1, 30).Draw(t, "size"), rapid.IntRange(0, 40).Draw(t, "halo")
		seen := make([]int, g.Pixels())
		x0, y0 := rapid.IntRange(-40, 40).Draw(t, "x"), rapid.IntRange(-40, 40).Draw(t, "y")
		tiles := TilesAt(g, size, halo, x0, y0)
		if x0 == 0 && y0 == 0 && !slices.Equal(tiles, Tiles(g, size, halo)) {
			t.Fatal("other tiles without a corner of their own")
		}
		for i, tile := range tiles {
			c, r := tile.Core, tile.Read
			if size > 0 && (c.X > 0 && (c.X-x0)%size != 0 || c.Y > 0 && (c.Y-y0)%size != 0) {
				t.Fatalf("%v has no corner in the lattice of %d at %d, %d", c, size, x0, y0)
			}
			if tile.Index != i {
				t.Fatalf("tile %d is numbered %d", i, tile.Index)
			}
			if c.Empty() || size > 0 && (c.W > size || c.H > size) {
				t.Fatalf("tile %d of size %d is %v", i, size, c)
			}
			if i > 0 {
				if p := tiles[i-1].Core; c.Y < p.Y || c.Y == p.Y && c.X <= p.X {
					t.Fatalf("%v comes after %v", c, p)
				}
			}
			for y := c.Y; y < c.Y+c.H; y++ {
				for x := c.X; x < c.X+c.W; x++ {
					seen[y*g.W+x]++
				}
			}
			for y := range g.H {
				for x := range g.W {
					near := x >= c.X-halo && x < c.X+c.W+halo && y >= c.Y-halo && y < c.Y+c.H+halo
					if r.has(x, y) != near {
						t.Fatalf("core %v, halo %d: reads %v", c, halo, r)
					}
				}
			}
			if !g.Window().Contains(r) {
				t.Fatalf("%v leaves the grid", r)
			}
		}
		for i, n := range seen {
			if n != 1 {
				t.Fatalf("pixel %d, %d is in %d tiles", i%g.W, i/g.W, n)
			}
		}
		if size <= 0 && len(tiles) != 1 {
			t.Fatalf("size %d makes %d tiles", size, len(tiles))
		}
	})
	if tiles := Tiles(Grid{W: 0, H: 3}, 4, 1); tiles != nil {
		t.Errorf("a grid without pixels has tiles %v", tiles)
	}
}
