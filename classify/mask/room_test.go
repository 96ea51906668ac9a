package mask

import (
	"testing"

	"pgregory.net/rapid"
)

// Where nothing is missing, there is room exactly where boxes leave a core; else there is at least where they do.
func TestRoom(t *testing.T) {
	var m room // shared on purpose: what an earlier plane left must not matter
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 200).Draw(t, "w"), rapid.IntRange(1, 70).Draw(t, "h")
		fill, solid := rapid.IntRange(1, 7).Draw(t, "fill"), rapid.IntRange(1, 29).Draw(t, "solid")
		const least = 500
		v := make([]int32, w*h)
		box := func(name string, edge int, level int32) {
			x0, y0 := rapid.IntRange(-edge, w).Draw(t, name+" x"), rapid.IntRange(-edge, h).Draw(t, name+" y")
			for y := max(0, y0); y < min(h, y0+edge); y++ {
				for x := max(0, x0); x < min(w, x0+edge); x++ {
					v[y*w+x] = level
				}
			}
		}
		for range rapid.IntRange(0, 4).Draw(t, "bright") {
			// About as large as what is looked for, and one level above or below it.
			box("bright", 2*solid+1+rapid.IntRange(-1, 1).Draw(t, "more"), least+int32(rapid.IntRange(-1, 1).Draw(t, "level")))
		}
		for range rapid.IntRange(0, 4).Draw(t, "dark") {
			box("dark", rapid.IntRange(1, 2*fill+2).Draw(t, "dark"), 0)
		}
		gaps := rapid.IntRange(0, 3).Draw(t, "gaps")
		for range gaps {
			box("gap", rapid.IntRange(1, 40).Draw(t, "gap"), missing)
		}
		b := boxes{w: w, h: h}
		core := make([]int32, len(v))
		b.greatest(core, v, fill)
		b.least(core, core, fill)
		b.least(core, core, solid)
		x0, x1 := w, 0
		for i, c := range core {
			if c >= least && c != missing {
				x0, x1 = min(x0, i%w), max(x1, i%w+1)
			}
		}
		from, to := m.columns(v, w, least, fill, solid)
		if from < 0 || to > w || x0 < x1 && (x0 < from || to < x1) {
			t.Fatalf("columns %d to %d, boxes leave a core from %d to %d", from, to, x0, x1)
		}
		if gaps == 0 && (from < to) != (x0 < x1) || gaps == 0 && from < to && (from != x0 || to != x1) {
			t.Fatalf("columns %d to %d, those of boxes are %d to %d", from, to, x0, x1)
		}
	})
}
