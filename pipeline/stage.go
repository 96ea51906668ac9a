package pipeline

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"tuban/pipeline/survey"
)

// SurveyReport says what reading the survey met.
type SurveyReport struct {
	System  string       `json:"system"`
	Parcels int          `json:"parcels"`
	Stats   survey.Stats `json:"stats"`
}

// stage opens the staged survey of an earlier start, or makes it.
func (p *Plan) stage(ctx context.Context, d Drivers, scratch string, o Options) (*survey.Store, *SurveyReport, error) {
	path := filepath.Join(scratch, "survey.stage")
	store, err := survey.Open(path)
	if err != nil {
		o.Progress.Stage("survey", max(0, p.Survey.Info.Features))
		store, err = survey.Stage(ctx, path, d.Vectors, survey.Options{
			Layer: p.Survey.Layer, Grid: p.Grid,
			Known:    func(code string) bool { _, ok := p.Survey.System.Lookup(code); return ok },
			Repairer: func() survey.Repairer { return d.Geometry() },
			Progress: o.Progress.Advance,
		})
		if err != nil {
			return nil, nil, err
		}
	}
	r := &SurveyReport{System: string(p.Survey.System), Parcels: store.Len(), Stats: store.Stats()}
	if err := p.checkSurvey(r); err != nil {
		store.Close()
		return nil, nil, err
	}
	for _, w := range r.warnings() {
		o.Log.Warn(w)
	}
	return store, r, nil
}

// checkSurvey refuses a survey that cannot be what the run file says.
func (p *Plan) checkSurvey(r *SurveyReport) error {
	source := p.Survey.Layer.Source
	if r.Parcels == 0 {
		return badInput("survey: %s: none of its %d features touches the run's area: check its coordinate reference system and the region", source, r.Stats.Features)
	}
	if err := p.Survey.System.Check(r.Stats.Codes); err != nil {
		return badInput("survey: %s: %w", source, err)
	}
	var unknown int64
	for _, n := range r.Stats.Unknown {
		unknown += n
	}
	if unknown == int64(r.Parcels) {
		return badInput("survey: %s: no parcel has a class code of %s in field %s: check `class:` and `system:`", source, p.Survey.System, p.Survey.Layer.Fields[0])
	}
	return nil
}

// warnings says what a user should know of the survey.
func (r *SurveyReport) warnings() []string {
	var out []string
	st := r.Stats
	for _, reason := range slices.Sorted(maps.Keys(st.Repaired)) {
		out = append(out, fmt.Sprintf("survey: repaired %d parcels: %s", st.Repaired[reason], reason))
	}
	if st.Lost > 0 {
		out = append(out, fmt.Sprintf("survey: %d parcels had no area left after repair", st.Lost))
	}
	if st.Empty > 0 {
		out = append(out, fmt.Sprintf("survey: %d features have no polygon", st.Empty))
	}
	if st.Outside > 0 {
		out = append(out, fmt.Sprintf("survey: %d of %d parcels lie outside the run's area", st.Outside, st.Features))
	}
	for _, code := range slices.Sorted(maps.Keys(st.Unknown)) {
		out = append(out, fmt.Sprintf("survey: %d parcels have the class code %q, which %s does not know", st.Unknown[code], code, r.System))
	}
	return out
}
