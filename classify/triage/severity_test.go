package triage

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"tuban/classify/landclass"
)

func TestWhy(t *testing.T) {
	r := must(t, "")
	for _, c := range []struct {
		facts Facts
		want  string
	}{
		{Facts{Area: 2000, Score: 78}, "面积 3.00 亩"},
		{Facts{Area: 2000, Layers: map[string]float64{"basic_farmland": 820, "red_line": 0}}, "占永久基本农田 1.23 亩；面积 3.00 亩"},
		{Facts{Area: 2000, Layers: map[string]float64{"basic_farmland": 820, "red_line": 266.67}}, "占永久基本农田 1.23 亩；占生态保护红线 0.40 亩；面积 3.00 亩"},
	} {
		s, err := r.Severity(c.facts)
		if got := r.Why(s); err != nil || got != c.want {
			t.Errorf("%q (%v), want %q", got, err, c.want)
		}
	}
}

func TestRankByEachKeyInTurn(t *testing.T) {
	r := must(t, "")
	// The worst first.
	list := []Facts{
		{CID: "h", Area: 10, Layers: map[string]float64{"basic_farmland": 9}},
		{CID: "g", Area: 99, Layers: map[string]float64{"basic_farmland": 8, "red_line": 2}},
		{CID: "f", Area: 99, Layers: map[string]float64{"basic_farmland": 8, "red_line": 1}},
		{CID: "e", Area: 90, Layers: map[string]float64{"red_line": 3}},
		{CID: "d", Area: 99, Score: 70},
		{CID: "c", Area: 99, Score: 60},
		{CID: "a", Area: 98, Score: 90},
		{CID: "b", Area: 98, Score: 90},
	}
	if got, want := fmt.Sprint(places(t, r, list)), "[1 2 3 4 5 6 7 8]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	least := must(t, "")
	for i := range least.Order {
		least.Order[i].Least = true
	}
	if got, want := fmt.Sprint(places(t, least, list)[:6]), "[8 7 6 5 4 3]"; got != want {
		t.Errorf("least first: %s, want %s", got, want)
	}
}

func places(t interface {
	Helper()
	Fatal(...any)
}, r *Rules, list []Facts) []int {
	t.Helper()
	var numbers []Severity
	var cids []string
	for _, f := range list {
		s, err := r.Severity(f)
		if err != nil {
			t.Fatal(err)
		}
		numbers, cids = append(numbers, s), append(cids, f.CID)
	}
	return r.Rank(numbers, cids)
}

// The order is total, and does not depend on the order in which patches come.
func TestRankIsTotal(t *testing.T) {
	r := must(t, landclass.TD1055)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "patches")
		few := rapid.SampledFrom([]float64{0, 1, 2})
		var list []Facts
		for i := range n {
			list = append(list, Facts{
				CID: fmt.Sprintf("%03d", i), Area: 100 + few.Draw(t, "area"), Score: few.Draw(t, "score"),
				Layers: map[string]float64{"basic_farmland": few.Draw(t, "farmland"), "red_line": few.Draw(t, "red line")},
			})
		}
		of := map[string]int{}
		for i, p := range places(t, r, list) {
			of[list[i].CID] = p
		}
		seen := make([]bool, n)
		for _, p := range of {
			if seen[p-1] {
				t.Fatalf("place %d is taken twice", p)
			}
			seen[p-1] = true
		}
		turned := rapid.Permutation(list).Draw(t, "order")
		for i, p := range places(t, r, turned) {
			if of[turned[i].CID] != p {
				t.Fatalf("patch %s is at place %d, in another order at %d", turned[i].CID, of[turned[i].CID], p)
			}
		}
	})
}

func TestLabels(t *testing.T) {
	r := must(t, landclass.TD1055)
	for _, c := range []struct {
		name  string
		facts Facts
		want  string
	}{
		{"a shed amid fields", Facts{After: "JZ", Area: 1000, Width: 20, Layers: map[string]float64{"village_boundary": 0}}, "[]"},
		{"in a village", Facts{After: "JZ", Area: 1000, Width: 20, Layers: map[string]float64{"village_boundary": 951}}, "[village]"},
		{"at the edge of one", Facts{After: "JZ", Area: 1000, Width: 20, Layers: map[string]float64{"village_boundary": 949}}, "[]"},
		{"no villages loaded", Facts{After: "JZ", Area: 1000, Width: 20}, "[]"},
		{"in town, decided before", Facts{After: "JZ", Area: 1000, Width: 20, Layers: map[string]float64{"urban_boundary": 1000, "decided": 900}}, "[urban decided]"},
		{"a field road", Facts{After: "DT", Area: 1000, Width: 4}, "[field_road]"},
		{"a short one", Facts{After: "DT", Area: 150, Width: 4}, "[]"},
		{"a ditch", Facts{After: "SM", Area: 1000, Width: 4}, "[]"},
		{"judged before", Facts{After: "JZ", Area: 1000, Width: 20, Verdict: "unchanged"}, "[judged]"},
		{"passed before", Facts{After: "JZ", Area: 1000, Width: 20, Verdict: "pass"}, "[]"},
		{"a thread", Facts{After: "JZ", Area: 100, Width: 1.9}, "[sliver]"},
	} {
		labels, err := r.Labels(c.facts)
		codes := []string{}
		for _, i := range labels {
			codes = append(codes, r.Exclusions[i].Code)
		}
		if got := fmt.Sprint(codes); err != nil || got != c.want {
			t.Errorf("%s: %s (%v), want %s", c.name, got, err, c.want)
		}
	}
}

// What is not loaded is not known, and what is not known labels nothing; nothing there is known.
func TestLayerThatIsNotLoaded(t *testing.T) {
	r, err := Parse("f", []byte(changed(`layer_share("decided") >= 0.8`, `layer("decided") == 0`)), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		layers map[string]float64
		want   int
	}{{nil, 0}, {map[string]float64{"decided": 0}, 1}, {map[string]float64{"decided": 1}, 0}} {
		labels, err := r.Labels(Facts{After: "JZ", Area: 1000, Width: 20, Layers: c.layers})
		if err != nil || len(labels) != c.want {
			t.Errorf("%v: %d labels (%v), want %d", c.layers, len(labels), err, c.want)
		}
	}
}

func TestWhatHasNoValueComesLast(t *testing.T) {
	r, err := Parse("f", []byte(changed(`{of: layer("basic_farmland")`, `{of: score / layer("red_line")`)), "")
	if err != nil {
		t.Fatal(err)
	}
	list := []Facts{{CID: "a", Area: 100}, {CID: "b", Area: 1, Score: 1, Layers: map[string]float64{"red_line": 5}}, {CID: "c", Area: 1, Score: 1}}
	if got, want := fmt.Sprint(places(t, r, list)), "[3 2 1]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	r.Order[0].Least = true
	if got, want := fmt.Sprint(places(t, r, list)), "[2 1 3]"; got != want {
		t.Errorf("least first: %s, want %s", got, want)
	}
	s, err := r.Severity(list[0])
	if err != nil || r.Why(s) != "面积 0.15 亩" {
		t.Errorf("%q (%v)", r.Why(s), err)
	}
}
