package pipeline

import "slices"

// unreadable is what could not be read of the imagery, by the tiles or for the watch list; both can have met the same.
func (r *result) unreadable() []ReadFailure {
	return gather(slices.Concat(r.scan.failures, r.watchFailures))
}

func (r *result) manifest(o Options) *Manifest {
	p := r.plan
	failures := slices.Concat(p.Skipped, r.edgeFailures, r.unreadable())
	m := &Manifest{
		Name: p.Name, Key: p.Key, Asked: p.Asked, Version: o.Version, Created: o.Clock, Complete: len(failures) == 0 && !r.measured.CloudsPartly,
		Grid: p.Grid, Inputs: p.Sources, Imagery: p.imageryRecord(), Rules: string(p.RulesText), Measured: r.measured, Judging: p.Judging, Survey: r.survey, Tracking: r.tracking(), Watched: r.watchCounts(),
		Counts:     Counts{ByKind: map[string]int{}, ByCategory: map[string]int{}},
		Unobserved: map[string]float64{}, Failures: failures,
	}
	for _, q := range r.patches {
		if q.Dropped != "" {
			m.Counts.Dropped++
			continue
		}
		m.Counts.Published++
		m.Counts.AreaM2 += q.Area
		m.Counts.ByKind[p.Rules.Kinds[q.Kind].Code]++
		for _, c := range q.Categories {
			m.Counts.ByCategory[p.Rules.Categories[c].Code]++
		}
	}
	m.Counts.AreaM2 = cents(m.Counts.AreaM2)
	m.Layers, m.LayerAreas, m.Triage = r.legal.reports, r.layerAreas(), r.triageReport()
	for _, g := range r.gaps {
		m.Unobserved[g.reason.String()] = cents(m.Unobserved[g.reason.String()] + g.area)
	}
	return m
}
