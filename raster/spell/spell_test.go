package spell

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestNearest(t *testing.T) {
	known := []string{"ndvi", "ndwi", "gndvi", "brightness", "耕地", "林地", "GF-2"}
	for _, c := range []struct {
		word string
		want []string
	}{
		{"ndvl", []string{"ndvi"}},
		{"nvdi", []string{"ndvi"}},
		{"brightnes", []string{"brightness"}},
		{"gf-2", []string{"GF-2"}},
		{"耕", []string{"耕地"}},
		{"湖", nil},
		{"草地", []string{"耕地"}},
		{"swimming", nil},
		{"", nil},
	} {
		if got := Nearest(c.word, known, 1); !slices.Equal(got, c.want) {
			t.Errorf("Nearest(%q) = %q, want %q", c.word, got, c.want)
		}
	}
	if got := Hint("ndxi", known); got != ` (did you mean "ndvi" or "ndwi"?)` {
		t.Errorf("Hint = %s", got)
	}
}

func TestDistanceIsSymmetricAndZeroOnlyForEqual(t *testing.T) {
	word := rapid.StringOfN(rapid.RuneFrom([]rune("abc耕")), 0, 6, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := []rune(word.Draw(t, "a")), []rune(word.Draw(t, "b"))
		d := distance(a, b)
		if d != distance(b, a) {
			t.Fatalf("distance %q %q: %d, back %d", string(a), string(b), d, distance(b, a))
		}
		if (d == 0) != slices.Equal(a, b) {
			t.Fatalf("distance %q %q = %d", string(a), string(b), d)
		}
		if d > max(len(a), len(b)) {
			t.Fatalf("distance %q %q = %d", string(a), string(b), d)
		}
	})
}
