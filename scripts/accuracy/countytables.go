package main

import (
	"context"
	"fmt"
	"math"
	"strings"

	"tuban/classify/accuracy"
)

// writeCounties writes what is found in simulated counties.
func (w *workshop) writeCounties(ctx context.Context, b *strings.Builder) error {
	fmt.Fprintf(b, `## Simulated counties

%s of %d × %d pixels of 0.5 m (%.2f km²) per scenario. The default run, with survey. Recall counts a change as found when published patches
of any kind cover half of it; a patch is true when changes of any type and size cover half of it. Counts of all seeds are added. Where
seeds differ, the worst single one stands behind the semicolon. A clean simulation is easier than a county: these figures say what the program
misses where the conditions are known, not what yours will show.

What the scenarios are: `+"`tuban demo --help`"+`. All but `+"`plain`"+` have haze, a lean of buildings, local shifts of up to 1.5 pixels, mulch film,
ploughed and fallow fields, and wrong classes in the survey.

`, seeds(w.o), w.o.size, w.o.size, math.Pow(float64(w.o.size)*0.5/1000, 2))
	t := &table{head: []string{
		"scenario", "recall, ≥ 400 m²", "recall of new construction, 200–400 m²", "recall of woodland lost, ≥ 400 m²", "precision of woodland lost",
		"precision", "true ones in the upper half, of the most possible", "median error of area", "no kind decided", "not every kind decided",
	}}
	further := &table{head: append([]string{"scenario"}, furtherTypes...)}
	for _, scenario := range countyScenarios {
		sum, each, err := w.pooled(ctx, scenario, usual)
		if err != nil {
			return err
		}
		with := func(pick func(*countyScore) tally) string { return worst(pick(sum), each, pick) }
		t.add(scenario,
			with(func(s *countyScore) tally { return s.large }), with(func(s *countyScore) tally { return s.small }),
			with(func(s *countyScore) tally { return s.trees }), with(func(s *countyScore) tally { return s.treesTrue }),
			with(func(s *countyScore) tally { return s.patches }),
			sum.upper.String(), percent(sum.areaError), percent(sum.unobserved.share()),
			fmt.Sprintf("%.1f", sum.undecided/sum.square/1e4))
		row := []string{scenario}
		for _, name := range furtherTypes {
			f := sum.further[name]
			if f.found.of == 0 {
				row = append(row, "–")
				continue
			}
			row = append(row, fmt.Sprintf("%d, %d of %d", f.found.hits, f.same.hits, f.same.of))
		}
		further.rows = append(further.rows, row)
	}
	t.add("*aim: in season, with near infrared*", "≥ 95", "≥ 90", "≥ 95", "≥ 90", "≥ 80", "≥ 90", "≤ 10", "", "")
	b.WriteString(`All in percent. The median error of area is that over the changes found of 400 m² and more. The upper half is that of the ranking of all
candidates by score, published or kept apart below the operating point: the share of the true ones that stands in it. Where more than half of the
candidates are true, not all have room there, so the most that it can be stands behind it. Of these two, the worst seed. The last two columns
are the land on which no kind could be decided, and on which one or more could not, for whatever reason: water never can be without near
infrared, and where the dates of a part cannot be brought to one scale, nothing that compares them.

`)
	b.WriteString(t.String())
	b.WriteString("Further kinds of change, of 400 m² and more: how many some patch found, how many of these as what they are, of how many. There is no aim " +
		"for them; kinds that two dates do not support are off in the default rules, and are then found as another kind, or not at all.\n\n")
	b.WriteString(further.String())
	return nil
}

// worst is a tally of all seeds, and the least share of a single one where that differs.
func worst(sum tally, each []*countyScore, pick func(*countyScore) tally) string {
	least := accuracy.Ratio(math.Inf(1))
	for _, s := range each {
		if v := pick(s).share(); v < least {
			least = v
		}
	}
	if least < sum.share() {
		return sum.String() + "; " + percent(least)
	}
	return sum.String()
}

// seeds names the seeds of the options.
func seeds(o options) string {
	var list []string
	for _, s := range o.seeds {
		list = append(list, fmt.Sprint(s))
	}
	if len(list) == 1 {
		return "A county (seed " + list[0] + ")"
	}
	return fmt.Sprintf("%d counties (seeds %s)", len(list), strings.Join(list, ", "))
}
