package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"tuban/classify/accuracy"
)

// ablation is one thing switched off.
type ablation struct {
	what, how string
	variant
}

// wholeYear says that every day is like every other.
const wholeYear = "01-01..12-31"

var ablations = []ablation{
	{"normalisation", "`normalise: none`", variant{name: "no-normalisation", set: yaml.MapSlice{{Key: "normalise", Value: "none"}}}},
	{"registration", "`registration: none`", variant{name: "no-registration", set: yaml.MapSlice{{Key: "registration", Value: "none"}}}},
	{"textures", "rules in which every texture is 0", variant{name: "no-textures", rewrite: withoutTextures}},
	{"guess of clouds", "`clouds: none`", variant{name: "no-clouds", set: yaml.MapSlice{{Key: "clouds", Value: "none"}}}},
	{"limits and models from the survey", "rules with each such limit at its default, and each such model at 0.5", variant{name: "no-training", rewrite: withoutTraining}},
	{"season", "a calendar in which crops grow and trees are in leaf all year, and snow never lies", variant{name: "no-season",
		set: yaml.MapSlice{{Key: "season", Value: yaml.MapSlice{{Key: "growing", Value: wholeYear}, {Key: "leaf", Value: wholeYear}, {Key: "snow", Value: "never"}}}}}},
}

// ablatedScenarios are the counties that each is tried on.
var ablatedScenarios = []string{"summer", "dodged", "autumn"}

func (w *workshop) ablationTasks() ([]*task, error) {
	out := w.countyTasks(usual, ablatedScenarios...)
	for _, a := range ablations {
		out = append(out, w.countyTasks(a.variant, ablatedScenarios...)...)
	}
	if w.o.data == "" {
		return out, nil
	}
	for _, v := range append([]variant{usual}, variantsOf(ablations)...) {
		real, err := w.ablatedPairs(v)
		if err != nil {
			return nil, err
		}
		out = append(out, real...)
	}
	return out, nil
}

func variantsOf(list []ablation) []variant {
	out := make([]variant, len(list))
	for i, a := range list {
		out[i] = a.variant
	}
	return out
}

// writeAblation writes what each part of the measuring is worth: tasks are those that were made.
func (w *workshop) writeAblation(ctx context.Context, b *strings.Builder, tasks []*task) error {
	b.WriteString(`## What each part is worth

The same counties and pairs, with one thing switched off at a time. In parentheses, the difference from the default run. A row of
dashes: the default rules do not use it there, so that there is nothing to switch off.

| switched off | how |
|---|---|
`)
	for _, a := range ablations {
		fmt.Fprintf(b, "| %s | %s%s |\n", a.what, a.how, touched(a.variant, tasks))
	}
	b.WriteByte('\n')
	for _, scenario := range ablatedScenarios {
		if err := w.ablatedCounty(ctx, b, scenario, tasks); err != nil {
			return err
		}
	}
	if w.o.data == "" {
		b.WriteString(missing("taizhou and oscd"))
		return nil
	}
	return w.ablatedReal(ctx, b, tasks)
}

// touched says what a variant that rewrites rules changed in them, by the tasks that were made.
func touched(v variant, tasks []*task) string {
	for _, t := range tasks {
		if t.variant.name == v.name && t.county != nil && len(t.remarks) > 0 {
			return ": " + strings.Join(t.remarks, ", ")
		}
	}
	return ""
}

// idle says that a variant had nothing to change in the rules of a run of this folder.
func idle(v variant, folder string, tasks []*task) bool {
	for _, t := range tasks {
		if t.variant.name == v.name && t.folder == folder {
			return t.idle
		}
	}
	return false
}

func (w *workshop) ablatedCounty(ctx context.Context, b *strings.Builder, scenario string, tasks []*task) error {
	fmt.Fprintf(b, "Simulated counties, `%s`, all seeds together, in percent; false patches per km².\n\n", scenario)
	t := &table{head: []string{"switched off", "recall, ≥ 400 m²", "new construction, 200–400 m²", "woodland lost", "precision", "false per km²", "error of area"}}
	full, _, err := w.pooled(ctx, scenario, usual)
	if err != nil {
		return err
	}
	row := func(what string, s *countyScore) {
		cells := []string{what}
		for _, pick := range []func(*countyScore) accuracy.Ratio{
			func(s *countyScore) accuracy.Ratio { return s.large.share() }, func(s *countyScore) accuracy.Ratio { return s.small.share() },
			func(s *countyScore) accuracy.Ratio { return s.trees.share() }, func(s *countyScore) accuracy.Ratio { return s.patches.share() },
		} {
			cells = append(cells, against(percent(pick(s)), s == full, 100*float64(pick(s)), 100*float64(pick(full)), 1))
		}
		cells = append(cells, against(fmt.Sprintf("%.1f", s.falsePerKM2()), s == full, s.falsePerKM2(), full.falsePerKM2(), 1))
		cells = append(cells, against(percent(s.areaError), s == full, 100*float64(s.areaError), 100*float64(full.areaError), 1))
		t.add(cells...)
	}
	row("nothing", full)
	for _, a := range ablations {
		if idle(a.variant, w.simulated(countiesOf(w.o, scenario)[0], a.variant).folder, tasks) {
			t.add(a.what, "–", "–", "–", "–", "–", "–")
			continue
		}
		s, _, err := w.pooled(ctx, scenario, a.variant)
		if err != nil {
			return err
		}
		row(a.what, s)
	}
	b.WriteString(t.String())
	return nil
}

// against is a text of the default run as it is, and with the difference from it of any other.
func against(text string, isDefault bool, got, usual float64, decimals int) string {
	if isDefault {
		return text
	}
	return versus(text, got, usual, decimals)
}
