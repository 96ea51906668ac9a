package pipeline

import (
	"testing"

	"pgregory.net/rapid"

	"tuban/raster"
)

// The windows hold every marked cell, stay in the area, and cost no more than a window for each cell.
func TestOpenWindows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &tileScanner{tile: &tile{area: raster.Window{
			X: rapid.IntRange(0, 50).Draw(t, "x"), Y: rapid.IntRange(0, 50).Draw(t, "y"),
			W: rapid.IntRange(1, 400).Draw(t, "w"), H: rapid.IntRange(1, 400).Draw(t, "h"),
		}}}
		cols := s.closeCells()
		halo, one := rapid.IntRange(0, 60).Draw(t, "halo"), rapid.IntRange(1, 20).Draw(t, "one in")
		var cells []raster.Window
		apart := 0
		for at := range s.open {
			if s.open[at] = rapid.IntRange(1, one).Draw(t, "open") == 1; s.open[at] {
				w := raster.Window{X: s.area.X + at%cols*cell, Y: s.area.Y + at/cols*cell, W: cell, H: cell}.Intersect(s.area)
				cells = append(cells, w)
				apart += windowCost(w, halo)
			}
		}
		windows := s.openWindows(halo)
		cost := 0
		for _, w := range windows {
			if cost += windowCost(w, halo); !s.area.Contains(w) {
				t.Fatalf("%v leaves the area %v", w, s.area)
			}
		}
		if cost > apart {
			t.Fatalf("%d windows cost %d, %d cells by themselves %d", len(windows), cost, len(cells), apart)
		}
	cell:
		for _, c := range cells {
			for _, w := range windows {
				if w.Contains(c) {
					continue cell
				}
			}
			t.Fatalf("the cell %v is in none of %v", c, windows)
		}
	})
}
