package redraw

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tuban/pipeline"
)

// Every field of the table is a column, and every column that the table leaves out is one that only pixels, the past, the
// product as a whole or a release can say.
func TestEveryColumnIsDecided(t *testing.T) {
	unknown := []string{
		"JCBH", "JCMJ", "MJ", "MJM", "JSYDXZ", "YXJ", "YXJYY", "PDJL", "evidence1", "evidence2", "evidence3", "evidence4", "TS", "LON", "LAT",
	}
	var columns []string
	for _, f := range pipeline.PatchFields() {
		columns = append(columns, f.Name)
		if _, ok := how[f.Name]; ok == slices.Contains(unknown, f.Name) {
			t.Errorf("%s: in the table %v, unknown for another outline %v", f.Name, ok, !ok)
		}
	}
	for f, h := range how {
		if !slices.Contains(columns, f) || !slices.Contains([]string{"keep", "land", "either"}, h) {
			t.Errorf("%s, %s: no column, or no way to have it", f, h)
		}
	}
}

// What was asked of the land replaces what is of the land, and nothing else.
func TestAsk(t *testing.T) {
	values := map[string]string{"HSX": "20250820", "XMC": "甲县", "GDMJ": "1", "score": "80"}
	Ask(values, map[string]string{"HSX": "x", "XMC": "乙县", "YNMJ": "2", "score": "1"})
	if want := map[string]string{"HSX": "20250820", "XMC": "乙县", "YNMJ": "2", "score": "80"}; !maps.Equal(values, want) {
		t.Errorf("%v, want %v", values, want)
	}
}

// A note is there once, first, and all fits the column.
func TestNote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		notes := strings.Repeat("旧", rapid.IntRange(0, noteWidth).Draw(t, "notes"))
		note := strings.Repeat("新", rapid.IntRange(1, noteWidth).Draw(t, "note"))
		got := Note(notes, note)
		if !strings.HasPrefix(got, "新") || utf8.RuneCountInString(got) > noteWidth || Note(got, "新") != got {
			t.Fatalf("%s", got)
		}
	})
}
