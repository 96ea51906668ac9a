package pipeline

import (
	"cmp"
	"slices"

	"tuban/pipeline/overlay"
	"tuban/pipeline/report"
)

// tally is a table of totals under construction.
type tally struct {
	rows  []report.Total
	index map[string]int
}

func (t *tally) add(code string, name report.Text, area float64) {
	if t.index == nil {
		t.index = map[string]int{}
	}
	i, ok := t.index[code]
	if !ok {
		i = len(t.rows)
		t.index[code] = i
		t.rows = append(t.rows, report.Total{Code: code, Name: name})
	}
	t.rows[i].Count++
	t.rows[i].AreaM2 += area
}

// largest returns the rows by falling area.
func (t *tally) largest() []report.Total {
	slices.SortStableFunc(t.rows, func(a, b report.Total) int {
		return cmp.Or(cmp.Compare(b.AreaM2, a.AreaM2), cmp.Compare(a.Code, b.Code))
	})
	return t.rows
}

// reportTotals fills the totals and returns the published patches in the order in which a reviewer works through them.
func (r *result) reportTotals(rep *report.Report) []*Patch {
	p := r.plan
	var order []*Patch
	var kinds, categories, classes, units, states tally
	for _, q := range r.patches {
		if q.Dropped != "" {
			rep.Dropped++
			continue
		}
		order = append(order, q)
		rep.Published++
		rep.PublishedM2 += q.Area
		kinds.add(p.Rules.Kinds[q.Kind].Code, rep.Kinds[q.Kind].Name, q.Area)
		if len(q.Categories) == 0 {
			categories.add("", report.Text{ZH: "未归类", EN: "No category"}, q.Area)
		}
		for _, c := range q.Categories {
			categories.add(p.Rules.Categories[c].Code, p.categoryText(c), q.Area)
		}
		state := p.Triage.States[q.Triage.State]
		states.add(string(q.Triage.State), report.Text{ZH: state.ZH, EN: state.EN}, q.Area)
		for _, s := range q.Shares {
			classes.add(s.Code, p.classText(s.Code), s.Area)
		}
		if p.Survey != nil && p.Survey.Unit != "" {
			units.add(p.unit(q), report.Text{ZH: p.mainValue(q, "ZLDWMC")}, q.Area)
		}
	}
	rep.ByKind, rep.ByCategory, rep.ByClass, rep.ByUnit = kinds.largest(), categories.largest(), classes.largest(), units.largest()
	for _, a := range r.layerAreas() {
		kind, _ := overlay.Lookup(a.Kind)
		rep.ByLayer = append(rep.ByLayer, report.Total{Name: report.Text{ZH: kind.ZH, EN: kind.EN}, Count: a.Patches, AreaM2: a.AreaM2})
	}
	rep.Approvals, rep.ByApproval = len(p.approvalKinds()) > 0, states.largest()
	for i := range rep.ByApproval {
		rep.ByApproval[i].Code = "" // the words say it
	}
	slices.SortFunc(order, func(a, b *Patch) int { return cmp.Compare(a.Triage.Place, b.Triage.Place) })
	return order
}

func (p *Plan) categoryText(c int) report.Text {
	n := p.Rules.Categories[c].Name
	return report.Text{ZH: n.ZH, EN: n.EN}
}

func (p *Plan) classText(code string) report.Text {
	if p.Survey != nil {
		if c, ok := p.Survey.System.Lookup(code); ok {
			return report.Text{ZH: c.Name, EN: c.NameEN}
		}
	}
	return report.Text{ZH: "编码未知", EN: "unknown code"}
}
