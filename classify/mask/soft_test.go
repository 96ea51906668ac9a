package mask

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Looking at the columns around cores finds what looking at all of them finds.
func TestRegionIsThatOfTheWhole(t *testing.T) {
	var s soft // shared on purpose: what an earlier plane left must not matter
	rapid.Check(t, func(t *rapid.T) {
		s.o = Options{Pixel: rapid.SampledFrom([]float64{2, 2, 1.3}).Draw(t, "pixel"), Bright: 1}
		s.w, s.h = rapid.IntRange(300, 900).Draw(t, "w"), rapid.IntRange(1, 60).Draw(t, "h")
		v := make([]int32, s.w*s.h)
		for range rapid.IntRange(1, 6).Draw(t, "things") {
			// Clouds with soft borders, roofs with sharp ones, gaps; small ones, so that closed gaps and edges matter.
			x, y := rapid.IntRange(0, s.w).Draw(t, "x"), rapid.IntRange(0, s.h).Draw(t, "y")
			rx, ry := rapid.IntRange(2, 60).Draw(t, "rx"), rapid.IntRange(2, 60).Draw(t, "ry")
			soft := rapid.SampledFrom([]int{1, 1, 10, 20}).Draw(t, "soft")
			level := rapid.SampledFrom([]int32{300, 600, 1000, 3000, missing}).Draw(t, "level")
			for cy := max(0, y-ry); cy < min(s.h, y+ry); cy++ {
				for cx := max(0, x-rx); cx < min(s.w, x+rx); cx++ {
					inside := min(rx-max(cx-x, x-cx), ry-max(cy-y, y-cy), soft)
					if level == missing {
						v[cy*s.w+cx] = missing
					} else if old := v[cy*s.w+cx]; old != missing {
						v[cy*s.w+cx] = max(old, level*int32(inside)/int32(soft))
					}
				}
			}
		}
		k := rapid.SampledFrom([]likeness{cloudLike, shadowLike}).Draw(t, "likeness")
		want, got := make([]bool, len(v)), make([]bool, len(v))
		for i := range got {
			got[i] = true // is overwritten
		}
		s.within(want, slices.Clone(v), k)
		s.region(got, v, k)
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("column %d, row %d: %v, of the whole %v", i%s.w, i/s.w, got[i], want[i])
			}
		}
	})
}
