package track

import (
	"slices"
	"testing"
)

// What was decided between two runs is told of a candidate that the second one does not find.
func TestLostCarriesWhatPeopleSaidSince(t *testing.T) {
	k := Known{CID: "c1", GV: "g1", Verdict: "defer", Released: []string{"3"}}
	for _, c := range []struct {
		name     string
		list     []Judgement
		issued   map[string][]string
		verdict  string
		released []string
	}{
		{"nothing", nil, nil, "defer", []string{"3"}},
		{"about another", []Judgement{{CID: "c2", GV: "g1", Verdict: "pass"}}, map[string][]string{"c2": {"1"}}, "defer", []string{"3"}},
		{"judged and released", []Judgement{{CID: "c1", GV: "g1", Verdict: "pass"}}, map[string][]string{"c1": {"1", "3"}}, "pass", []string{"1", "3"}},
		{"the last counts", []Judgement{{CID: "c1", GV: "g1", Verdict: "pass"}, {CID: "c1", GV: "g1", Verdict: "reject"}}, nil, "reject", []string{"3"}},
		{"an older version", []Judgement{{CID: "c1", GV: "g0", Verdict: "pass"}}, nil, "defer", []string{"3"}},
	} {
		got := Lost(k, c.list, c.issued)
		if got.Verdict != c.verdict || !slices.Equal(got.Released, c.released) {
			t.Errorf("%s: verdict %q, released %v, want %q, %v", c.name, got.Verdict, got.Released, c.verdict, c.released)
		}
	}
	if !slices.Equal(k.Released, []string{"3"}) {
		t.Errorf("the candidate itself was changed: %v", k.Released)
	}
}
