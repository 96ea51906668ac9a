package pipeline

import (
	"context"
	"fmt"
	"slices"

	"tuban/classify/landclass"
	"tuban/classify/rules"
	"tuban/classify/triage"
	"tuban/pipeline/runfile"
	"tuban/raster/spell"
)

// loadTriage reads the rules of triage for the survey's code system. What they name is looked for in the rules of the run.
func (p *Plan) loadTriage(ctx context.Context, d Drivers, f *runfile.File, of *rules.File) error {
	name := "the default rules of triage"
	p.TriageText = triage.Default()
	if f.Triage != "" && f.Triage != triage.DefaultName {
		name = f.Triage
		var err error
		if p.TriageText, err = d.readFile(ctx, f.Triage, triage.MaxBytes); err != nil {
			return badInput("triage: %w", err)
		}
	}
	var sys landclass.System
	if p.Survey != nil {
		sys = p.Survey.System
	}
	var err error
	if p.Triage, err = triage.Parse(name, p.TriageText, sys); err != nil {
		return badInput("%w", err)
	}
	var kinds, categories []string
	for _, k := range of.Kinds {
		kinds = append(kinds, k.Code)
	}
	for _, c := range of.Categories {
		categories = append(categories, c.Code)
	}
	for _, n := range []struct {
		what        string
		named, have []string
	}{{"kind", p.Triage.Kinds(), kinds}, {"category", p.Triage.Categories(), categories}} {
		for _, code := range n.named {
			if !slices.Contains(n.have, code) {
				p.Warnings = append(p.Warnings, fmt.Sprintf("triage: %s names the %s %q, which the rules of the run do not have%s: what is said of it holds for no patch", name, n.what, code, spell.Hint(code, n.have)))
			}
		}
	}
	return nil
}
