package main

import (
	"testing"

	"tuban/classify/accuracy"
)

func TestPooledCountiesAddCounts(t *testing.T) {
	nan := accuracy.Quotient(0, 0)
	further := func(found, same, of int) map[string]*furtherScore {
		return map[string]*furtherScore{"pv": {tally{found, of}, tally{same, of}}}
	}
	sum := &countyScore{upper: noRanking, areaError: nan, further: map[string]*furtherScore{}}
	for _, s := range []*countyScore{
		{large: tally{9, 10}, patches: tally{20, 24}, upper: ranking{0.8, 1}, areaError: 0.04, square: 2, further: further(1, 0, 2)},
		{large: tally{30, 30}, patches: tally{40, 40}, upper: ranking{0.6, 0.6}, areaError: 0.09, square: 2, further: further(3, 2, 3)},
		{large: tally{0, 0}, patches: tally{0, 0}, upper: noRanking, areaError: nan, square: 1, further: further(0, 0, 0)},
	} {
		sum.add(s)
	}
	if sum.large != (tally{39, 40}) || sum.patches != (tally{60, 64}) {
		t.Errorf("found %v of changes, %v of patches", sum.large, sum.patches)
	}
	// What is no count is that of the worst county; one that has none says nothing. The second reached all that it could.
	if sum.upper != (ranking{0.8, 1}) || sum.areaError != 0.09 {
		t.Errorf("upper half %v, error of area %v: want the worse of two", sum.upper, sum.areaError)
	}
	if got := sum.falsePerKM2(); got != 0.8 {
		t.Errorf("%v false patches per km², want 4 on 5", got)
	}
	if got := *sum.further["pv"]; got != (furtherScore{tally{4, 5}, tally{2, 5}}) {
		t.Errorf("pv: %v", got)
	}
}

func TestWorstIsShownWhereSeedsDiffer(t *testing.T) {
	pick := func(s *countyScore) tally { return s.large }
	one := func(hits, of int) *countyScore { return &countyScore{large: tally{hits, of}} }
	for _, c := range []struct {
		each []*countyScore
		want string
	}{
		{[]*countyScore{one(9, 10), one(30, 30)}, "97.5 (39/40); 90.0"},
		{[]*countyScore{one(3, 4), one(3, 4)}, "75.0 (6/8)"},
		{[]*countyScore{one(0, 0), one(1, 1)}, "100.0 (1/1)"},
		{[]*countyScore{one(0, 0)}, "–"},
	} {
		var sum tally
		for _, s := range c.each {
			sum.add(s.large.hits, s.large.of)
		}
		if got := worst(sum, c.each, pick); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

func TestQuietScoreAddsAreas(t *testing.T) {
	s := &quietScore{hidden: map[string]float64{}}
	for published, hidden := range []map[string]float64{{"cloud": 5000, "outside": 100}, {"not-judgeable": 20000, "outside": 100}} {
		var m summary
		m.Grid.Transform, m.Grid.W, m.Grid.H = [6]float64{0, 0.5, 0, 0, 0, -0.5}, 2000, 1000
		m.Counts.Published, m.Unobserved = published, hidden
		s.add(m)
	}
	if s.square != 1 || s.published != 1 || s.worst != 2 {
		t.Errorf("%d published on %v km², at worst %v: want 1 on 1, at worst 2", s.published, s.square, s.worst)
	}
	for _, c := range []struct {
		want    float64
		reasons []string
	}{{2, []string{"not-judgeable"}}, {0.5, []string{"cloud", "shadow"}}, {0.02, s.others("not-judgeable", "cloud", "shadow")}} {
		if got := s.share(c.reasons...); got != c.want {
			t.Errorf("%v: %v %%, want %v", c.reasons, got, c.want)
		}
	}
}

func TestRankingKnowsItsMost(t *testing.T) {
	for _, c := range []struct {
		curve *accuracy.Curve
		want  string
	}{
		{&accuracy.Curve{Candidates: 100, CandidatesTrue: 20, UpperHalf: 0.9}, "90.0 of 100.0"},
		{&accuracy.Curve{Candidates: 100, CandidatesTrue: 80, UpperHalf: 0.6}, "60.0 of 62.5"},
		{&accuracy.Curve{Candidates: 4, UpperHalf: accuracy.Quotient(0, 0)}, "–"},
		{nil, "–"},
	} {
		if got := rankingOf(c.curve).String(); got != c.want {
			t.Errorf("%+v: %s, want %s", c.curve, got, c.want)
		}
	}
}
