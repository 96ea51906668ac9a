package pipeline

import (
	"fmt"
	"slices"
	"time"

	"tuban/classify/triage"
	"tuban/pipeline/overlay"
)

// Triaged is what the rules of triage say of a patch.
type Triaged struct {
	triage.Match
	// Place is 1 for the published patch to look at first, 0 for one that is not published.
	Place int
	// Why says in Chinese what it is ranked by.
	Why string
	// Labels are the exclusions that it is in, by position in the rules.
	Labels []int
}

// triage compares the patches with their approvals, labels them, and ranks those that are published.
func (r *result) triage() error {
	p := r.plan
	loaded := p.approvalKinds()
	var published []*Patch
	var severities []triage.Severity
	var cids []string
	for _, q := range r.patches {
		facts := p.facts(q)
		list := q.Legal.approvals(p.Triage)
		cover := func(some []int) (float64, error) {
			return q.Legal.Covered(func(i int) bool { return slices.Contains(some, i) }), nil
		}
		var err error
		t := &q.Triage
		if t.Match, err = p.Triage.Match(facts, p.interval(q), loaded, list, cover); err != nil {
			return fmt.Errorf("triage of the patch %s: %w", q.CID, err)
		}
		if t.Labels, err = p.Triage.Labels(facts); err != nil {
			return fmt.Errorf("labelling the patch %s: %w", q.CID, err)
		}
		severity, err := p.Triage.Severity(facts)
		if err != nil {
			return fmt.Errorf("ranking the patch %s: %w", q.CID, err)
		}
		t.Why = p.Triage.Why(severity)
		for _, m := range t.Marks {
			q.Hints = append(q.Hints, p.Triage.Marks[m].ZH)
		}
		if q.Dropped == "" {
			published, severities, cids = append(published, q), append(severities, severity), append(cids, q.CID)
		}
	}
	for i, place := range p.Triage.Rank(severities, cids) {
		published[i].Triage.Place = place
	}
	return nil
}

// facts are what the rules of triage look at in a patch. What of it is in a layer by no more than slivers is not in it.
func (p *Plan) facts(q *Patch) triage.Facts {
	kind := p.Rules.Kinds[q.Kind]
	f := triage.Facts{
		CID: q.CID, Kind: kind.Code, After: kind.Type, Verdict: q.Fate.Verdict, Area: q.Area, Score: q.Score,
		Width: meanWidth(q.Geom, p.Pixel.X, p.Pixel.Y, p.Grid.Transform), Classes: q.classes(), Layers: map[string]float64{},
	}
	for _, c := range q.Categories {
		f.Categories = append(f.Categories, p.Rules.Categories[c].Code)
	}
	for _, g := range p.Layers {
		if g.Kind.Use != overlay.ForOverlay {
			continue
		}
		f.Layers[g.Kind.Code] = 0
		if w := q.Legal.Within[g.Kind.Code]; w.Real {
			f.Layers[g.Kind.Code] = w.Area
		}
	}
	return f
}

// interval is when the patch can have changed, and the day on which this run or an earlier one first saw it.
func (p *Plan) interval(q *Patch) triage.Interval {
	first, _ := time.Parse("20060102", q.Fate.First) // the zero day, where none is known
	return triage.Interval{Before: p.BeforeOrigins[q.Before].Date, After: p.AfterOrigins[q.After].Date, First: first}
}

// approvalKinds are the kinds of approvals that the run was given, "" for a layer that leaves them to its features.
func (p *Plan) approvalKinds() (kinds []string) {
	for _, g := range p.Layers {
		if g.Kind.Use != overlay.ForApprovals {
			continue
		}
		for _, l := range g.Layers {
			kinds = append(kinds, l.Type.Code)
		}
	}
	return kinds
}

// approvals are those on a patch in the words of triage. The days of effect of the run file stand in for those that a layer lacks.
func (l *Legal) approvals(rules *triage.Rules) []triage.Approval {
	out := make([]triage.Approval, len(l.Approvals))
	or := func(text string, day time.Time) string {
		if text == "" && !day.IsZero() {
			return day.Format(time.DateOnly)
		}
		return text
	}
	for i, a := range l.Approvals {
		kind := a.Type.Code
		if rules.Approval(kind) < 0 {
			kind = "" // a layer of several kinds has one that the rules do not know
		}
		out[i] = triage.Approval{
			Kind: kind, Number: a.Number, Name: a.Name, Purpose: a.Purpose,
			Date: or(a.Date, a.Effect.Since), Expires: or(a.Expires, a.Effect.Until), Area: a.Area, Sliver: a.Sliver,
		}
	}
	return out
}

// TriageReport sums up the triage of the published patches.
type TriageReport struct {
	// Version is that of the rules, Rules their text.
	Version string `json:"version"`
	Rules   string `json:"rules"`
	// States counts patches by state, Marks by what is to mind about their approvals, Labels by exclusion.
	States map[triage.State]int `json:"states"`
	Marks  map[triage.Mark]int  `json:"marks"`
	Labels map[string]int       `json:"labels"`
}

func (r *result) triageReport() *TriageReport {
	rules := r.plan.Triage
	t := &TriageReport{
		Version: rules.Version, Rules: string(r.plan.TriageText),
		States: map[triage.State]int{}, Marks: map[triage.Mark]int{}, Labels: map[string]int{},
	}
	for _, q := range r.patches {
		if q.Dropped != "" {
			continue
		}
		t.States[q.Triage.State]++
		for _, m := range q.Triage.Marks {
			t.Marks[m]++
		}
		for _, i := range q.Triage.Labels {
			t.Labels[rules.Exclusions[i].Code]++
		}
	}
	return t
}
