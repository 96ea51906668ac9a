package synth

import (
	"strings"
	"testing"
)

// What a perfect interpreter would write down of each night.
func TestLineage(t *testing.T) {
	for _, c := range []struct {
		name, nights string
		hidden       int
		want         string
	}{
		{"stays", "gggggggggg gggggggggg gggggggggg gggggggggg", 0,
			"a new | a same | a same | a same"},
		{"comes late", ".......... .......... bbbbbbbbbb bbbbbbbbbb", 0,
			" |  | a new | a same"},
		{"grows and shrinks", "ggggg..... gggggggggg gggggggggg ..ggg.....", 0,
			"a new | a grown | a same | a shrunk"},
		{"splits: the longer part keeps the identity", "gggggggggg gggg..gggg ggg..ggggg ggg..ggggg", 0,
			"a new | a split, b split from a | a shrunk, b grown | a same, b same"},
		{"merges into the longer part", "ggggg..ggg ggggg..ggg gggggggggg gggggggggg", 0,
			"a new, b new | a same, b same | a merged from b | a same"},
		{"goes", "bbbbbbbbbb .......... .......... ..........", 0,
			"a new | a gone not_seen | a gone not_seen | a gone not_seen"},
		{"returns", "bbbbbbbbbb .......... bbbbbbbbbb bbbbbbbbbb", 0,
			"a new | a gone not_seen | a same returned | a same"},
		{"is hidden", "gggggggggg gggggggggg gggggggggg gggggggggg", 2,
			"a new | a gone unobserved | a same | a same"},
		{"is built upon", "gggggggggg gggggggggg bbbbbbbbbb bbbbbbbbbb", 0,
			"a new | a same | a grown | a same"},
	} {
		l := life{name: c.name, nights: [Nights]string(strings.Fields(c.nights)), hidden: c.hidden}
		var got []string
		for _, night := range l.lineage("") {
			var s []string
			for _, n := range night {
				s = append(s, n.String())
			}
			got = append(got, strings.Join(s, ", "))
		}
		if s := strings.Join(got, " | "); s != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, s, c.want)
		}
	}
}

// The approval state by date, cover and validity, on each night.
func TestTriageOfALife(t *testing.T) {
	before := date(2024, 8, 14)
	for _, c := range []struct {
		name string
		p    []permit
		want string
	}{
		{"none", nil, "unmatched unmatched unmatched unmatched"},
		{"before", []permit{{cover: whole, age: 100, listed: 1}}, "matched matched matched matched"},
		{"listed late", []permit{{cover: whole, age: 100, listed: 3}}, "unmatched unmatched matched matched"},
		{"after the first sight", []permit{{cover: whole, since: 1, listed: 2}}, "unmatched later later later"},
		{"half", []permit{{cover: "#####.....", age: 9, listed: 1}}, "partial partial partial partial"},
		{"two years ended before", []permit{{cover: whole, age: 700, valid: 2, listed: 1}}, "expired expired expired expired"},
		{"a year ends in August", []permit{{cover: whole, age: 0, valid: 1, listed: 1}}, "matched matched expired expired"},
		{"expired, and another counts", []permit{{cover: whole, age: 700, valid: 2, listed: 1}, {cover: whole, age: 10, listed: 2}},
			"expired matched matched matched"},
	} {
		var got []string
		for night := 1; night <= Nights; night++ {
			got = append(got, life{permits: c.p}.triage(stretch{0, 10}, 1, night, before))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", c.name, s, c.want)
		}
	}
}
