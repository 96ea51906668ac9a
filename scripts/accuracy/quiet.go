package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// quietScenarios are those in which nothing changed but what the images see it through.
var quietScenarios = []string{"quiet-season", "quiet-light", "quiet-sensor", "quiet-shift", "quiet-all"}

// quietVariants are the ways that they are run in.
var quietVariants = []variant{usual, {name: "no-survey", noSurvey: true}}

func (w *workshop) quietTasks() []*task {
	var out []*task
	for _, v := range quietVariants {
		out = append(out, w.countyTasks(v, quietScenarios...)...)
	}
	return out
}

// quietScore is what was published of land on which nothing changed.
type quietScore struct {
	published int
	square    float64            // km²
	worst     float64            // published per km², of the worst seed
	hidden    map[string]float64 // m² by reason
}

func (s *quietScore) add(m summary) {
	s.published += m.Counts.Published
	s.square += m.squareKilometres()
	s.worst = max(s.worst, float64(m.Counts.Published)/m.squareKilometres())
	for reason, area := range m.Unobserved {
		s.hidden[reason] += area
	}
}

// share is the part of the land on which some kind could not be decided for one of the reasons, in percent.
func (s *quietScore) share(reasons ...string) float64 {
	sum := 0.0
	for _, r := range reasons {
		sum += s.hidden[r]
	}
	return sum / s.square / 1e4
}

// others are the reasons that are not among those, in order.
func (s *quietScore) others(not ...string) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(s.hidden)), func(r string) bool { return slices.Contains(not, r) })
}

// writeQuiet writes what is found where nothing changed.
func (w *workshop) writeQuiet(_ context.Context, b *strings.Builder) error {
	fmt.Fprintf(b, `## Land on which nothing changed

%s of %d × %d pixels of 0.5 m per scenario, with the same land at both dates: every published patch is false. The aim is at most 0.4 per km².
What a run declares not judgeable it cannot report falsely either, so that share stands beside it. The areas are those of the layer `+"`unobserved`"+`, where one
kind or more could not be decided.

`, seeds(w.o), w.o.size, w.o.size)
	t := &table{head: []string{"scenario", "", "published", "per km²", "per km², worst seed", "not judgeable, % of land", "cloud, shadow, % of land", "other reasons, % of land"}}
	for _, v := range quietVariants {
		with := "with survey"
		if v.noSurvey {
			with = "without survey"
		}
		for _, scenario := range quietScenarios {
			s := &quietScore{hidden: map[string]float64{}}
			for _, c := range countiesOf(w.o, scenario) {
				m, err := readSummary(w.simulated(c, v).product())
				if err != nil {
					return err
				}
				s.add(m)
			}
			named := []string{"not-judgeable", "cloud", "shadow"}
			t.add(scenario, with, fmt.Sprint(s.published), fmt.Sprintf("%.2f", float64(s.published)/s.square), fmt.Sprintf("%.2f", s.worst),
				fmt.Sprintf("%.2f", s.share(named[0])), fmt.Sprintf("%.2f", s.share(named[1:]...)), fmt.Sprintf("%.2f", s.share(s.others(named...)...)))
		}
	}
	b.WriteString(t.String())
	return nil
}
