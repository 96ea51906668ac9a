package pipeline

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"tuban/classify/landclass"
	"tuban/classify/rules"
	"tuban/classify/triage"
	"tuban/pipeline/overlay"
	"tuban/pipeline/runfile"
	"tuban/pipeline/track"
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
	}{{"kind", p.Triage.Kinds(), kinds}, {"category", p.Triage.Categories(), categories}, {"verdict", p.Triage.Verdicts(), slices.Sorted(maps.Keys(track.Default().Verdicts))}} {
		for _, code := range n.named {
			if !slices.Contains(n.have, code) {
				p.Warnings = append(p.Warnings, fmt.Sprintf("triage: %s names the %s %q, which this run does not have%s: what is said of it holds for no patch", name, n.what, code, spell.Hint(code, n.have)))
			}
		}
	}
	return nil
}

// checkApprovals refuses layers of a kind of approval that the rules of triage do not have.
func (p *Plan) checkApprovals() error {
	var known []string
	for _, a := range p.Triage.Approvals {
		known = append(known, a.Code)
	}
	for _, g := range p.Layers {
		if g.Kind.Use != overlay.ForApprovals {
			continue
		}
		for _, l := range g.Layers {
			if code := l.Type.Code; code != "" && p.Triage.Approval(code) < 0 {
				return badInput("triage: the rules have no approvals of the type %q%s, of which %s is: add it, or leave the layer out", code, spell.Hint(code, known), l.Spec.Source)
			}
		}
	}
	return nil
}
