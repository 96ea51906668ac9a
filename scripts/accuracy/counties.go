package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"tuban/classify/accuracy"
)

// usual is the way that the run file itself says.
var usual = variant{name: "default"}

// countyScenarios are those in which land changed, in the order of the table.
var countyScenarios = []string{"summer", "stretched", "dodged", "rgb", "autumn", "mixed", "plain"}

// furtherTypes are the changes that need two dates in luck rather than a limit: measured, without an aim.
var furtherTypes = []string{"greenhouse", "pv", "pond", "planting", "removed", "regreened", "cleared", "sand"}

// mainTypes are the changes that the aims are about, and by which kind each should be found.
const (
	mainTypes = "built,ground,water,trees"
	sameKind  = "built=built,ground=ground,water=water,trees=trees_lost"
	// The kinds of furtherTypes whose code is another name.
	sameFurther = "pv=photovoltaic,pond=water,cleared=grass_lost,sand=river_sand"
)

// countyScore is how well a county was found, or several together.
type countyScore struct {
	large     tally // changes of 400 m² and more
	small     tally // new construction of 200 to 400 m²
	trees     tally // woodland of 400 m² and more that went
	treesTrue tally // patches that say so, and are
	patches   tally // published patches, and those on a change
	// areaError is the median error of area over what was found; of several counties, the worst.
	areaError  accuracy.Ratio
	upper      ranking
	further    map[string]*furtherScore
	unobserved tally // pixels where no kind could be decided
	// undecided is the land in m² where one kind or more could not be decided.
	undecided, square float64
}

// ranking is the share of the true candidates that stand in the upper half of them, and the most that it can be: where more than half
// of the candidates are true, not all have room there. Of several counties, it is that of the one which is furthest from its most.
type ranking struct{ upper, most accuracy.Ratio }

// part is what was reached of what can be.
func (r ranking) part() float64 { return float64(r.upper) / float64(r.most) }

// String is the share and its most in percent.
func (r ranking) String() string {
	if !r.upper.Defined() {
		return "–"
	}
	return percent(r.upper) + " of " + percent(r.most)
}

// noRanking is that of no candidates.
var noRanking = ranking{accuracy.Quotient(0, 0), accuracy.Quotient(0, 0)}

// rankingOf reads it from a curve; a product without scores has none.
func rankingOf(c *accuracy.Curve) ranking {
	if c == nil || c.CandidatesTrue == 0 {
		return noRanking
	}
	return ranking{c.UpperHalf, min(1, accuracy.Quotient(float64(c.Candidates), float64(2*c.CandidatesTrue)))}
}

// furtherScore counts changes of a further type: found by any patch, and as what they are.
type furtherScore struct{ found, same tally }

// add puts the counts of another county to s, and keeps the worse of what cannot be added.
func (s *countyScore) add(o *countyScore) {
	for _, pair := range [][2]*tally{
		{&s.large, &o.large}, {&s.small, &o.small}, {&s.trees, &o.trees}, {&s.treesTrue, &o.treesTrue}, {&s.patches, &o.patches}, {&s.unobserved, &o.unobserved},
	} {
		pair[0].add(pair[1].hits, pair[1].of)
	}
	if !s.upper.upper.Defined() || o.upper.part() < s.upper.part() {
		s.upper = o.upper
	}
	if !s.areaError.Defined() || o.areaError > s.areaError {
		s.areaError = o.areaError
	}
	s.square += o.square
	s.undecided += o.undecided
	for name, f := range o.further {
		if s.further[name] == nil {
			s.further[name] = &furtherScore{}
		}
		s.further[name].found.add(f.found.hits, f.found.of)
		s.further[name].same.add(f.same.hits, f.same.of)
	}
}

// falsePerKM2 is how many patches lie on no change, per square kilometre.
func (s *countyScore) falsePerKM2() float64 { return float64(s.patches.of-s.patches.hits) / s.square }

// measureCounty compares a product with what was injected.
func (w *workshop) measureCounty(ctx context.Context, t *task) (*countyScore, error) {
	truth := filepath.Join(t.folder, "truth.gpkg")
	ask := func(same, types, least string) []string {
		return []string{"--layer", "truth", "--type-field", "type", "--same", same, "--types", types, "--min-area", least}
	}
	large, err := w.tuban.assessed(ctx, t.product(), truth, ask(sameKind, mainTypes, "400")...)
	if err != nil {
		return nil, err
	}
	small, err := w.tuban.assessed(ctx, t.product(), truth, ask(sameKind, "built", "200")...)
	if err != nil {
		return nil, err
	}
	further, err := w.tuban.assessed(ctx, t.product(), truth, ask(sameFurther, strings.Join(furtherTypes, ","), "400")...)
	if err != nil {
		return nil, err
	}
	all := findRow([]accuracy.ObjectRow{large.Objects.All}, large.Objects.All.Name)
	built := findRow(small.Objects.BySize, "200-400")
	trees, felled := findRow(large.Objects.ByType, "trees"), findRow(large.Objects.ByKind, "trees_lost")
	s := &countyScore{
		large: tally{all.Hits, all.Objects}, small: tally{built.Hits, built.Objects}, patches: tally{all.True, all.Patches},
		trees: tally{trees.Hits, trees.Objects}, treesTrue: tally{felled.True, felled.Patches},
		upper: rankingOf(large.Curve), areaError: all.MedianAreaError,
		unobserved: tally{int(large.Pixels.Unobserved), int(large.Pixels.Labelled)},
		further:    map[string]*furtherScore{},
	}
	for _, name := range furtherTypes {
		r := findRow(further.Objects.ByType, name)
		s.further[name] = &furtherScore{tally{r.Hits, r.Objects}, tally{r.HitsSameKind, r.Objects}}
	}
	m, err := readSummary(t.product())
	if err != nil {
		return nil, err
	}
	s.square = m.squareKilometres()
	for _, area := range m.Unobserved {
		s.undecided += area
	}
	return s, nil
}

// pooled is the score of one scenario under one variant, over all seeds.
func (w *workshop) pooled(ctx context.Context, scenario string, v variant) (*countyScore, []*countyScore, error) {
	sum := &countyScore{upper: noRanking, areaError: accuracy.Quotient(0, 0), further: map[string]*furtherScore{}}
	var each []*countyScore
	for _, c := range countiesOf(w.o, scenario) {
		s, err := w.measureCounty(ctx, w.simulated(c, v))
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", c.name(), err)
		}
		each = append(each, s)
		sum.add(s)
	}
	return sum, each, nil
}

func (w *workshop) countyTasks(v variant, scenarios ...string) []*task {
	var out []*task
	for _, c := range countiesOf(w.o, scenarios...) {
		out = append(out, w.simulated(c, v))
	}
	return out
}
