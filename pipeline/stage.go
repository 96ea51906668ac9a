package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
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
	// Files are the same file by file, in the order in which they count; left out when there is one.
	Files []survey.FileStats `json:"files,omitempty"`
	// Overlaps are the pairs of files with parcels on the same land.
	Overlaps []SurveyOverlap `json:"overlaps,omitempty"`
}

// SurveyOverlap is land on which parcels of two files lie. There the parcels of First, which is earlier in the list, count.
type SurveyOverlap struct {
	First  string  `json:"first"`
	Second string  `json:"second"`
	AreaM2 float64 `json:"area_m2"`
}

// stage opens the staged survey of an earlier start, or makes it.
func (p *Plan) stage(ctx context.Context, d Drivers, scratch string, o Options) (*survey.Store, *SurveyReport, error) {
	o.Account.Stage("survey")
	path := filepath.Join(scratch, "survey.stage")
	store, err := survey.Open(path)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			o.Log.Warn("the staged survey of an earlier start cannot be used: staging it again", "error", err)
		}
		so := survey.Options{
			Fields: p.Survey.Fields, Grid: p.Grid,
			Known:    func(code string) bool { _, ok := p.Survey.System.Lookup(code); return ok },
			Repairer: func() survey.Repairer { return d.Geometry() },
			Progress: o.Progress.Advance,
		}
		for _, f := range p.Survey.Files {
			so.Layers = append(so.Layers, f.Layer)
		}
		o.Progress.Stage("survey", p.Survey.features())
		if store, err = survey.Stage(ctx, path, d.Vectors, so); err != nil {
			return nil, nil, err
		}
	}
	r := &SurveyReport{System: string(p.Survey.System), Parcels: store.Len(), Stats: store.Stats()}
	if files := store.Files(); len(files) > 1 {
		r.Files = files
	}
	for _, v := range store.Overlaps() {
		r.Overlaps = append(r.Overlaps, SurveyOverlap{v.First, v.Second, cents(float64(v.Pixels) * p.Pixel.X * p.Pixel.Y)})
	}
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
	source := p.Survey.sources()
	if lost := r.Stats.Lost + r.Stats.Empty; r.Parcels == 0 && lost > 0 && lost == r.Stats.Features {
		return badInput("survey: %s: none of its %d features has a polygon that can be used: repair the file, or give another layer with `layer:`", source, r.Stats.Features)
	}
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
		return badInput("survey: %s: no parcel has a class code of %s in field %s: check `class:` and `system:`", source, p.Survey.System, p.Survey.Fields[0])
	}
	return nil
}

// warnings says what a user should know of the survey.
func (r *SurveyReport) warnings() []string {
	var out []string
	st := r.Stats
	for _, reason := range slices.Sorted(maps.Keys(st.Repaired)) {
		out = append(out, fmt.Sprintf("survey: %d parcels had to be repaired: %s", st.Repaired[reason], reason))
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
	for _, f := range r.Files {
		if f.Parcels == 0 {
			out = append(out, fmt.Sprintf("survey: none of the %d features of %s touches the run's area", f.Stats.Features, f.Source))
		}
	}
	for _, v := range r.Overlaps {
		out = append(out, fmt.Sprintf("survey: parcels of %s and %s overlap on about %.0f m²: those of the first file count there", v.First, v.Second, v.AreaM2))
	}
	for _, code := range slices.Sorted(maps.Keys(st.Unknown)) {
		out = append(out, fmt.Sprintf("survey: %d parcels have the class code %q, which %s does not know", st.Unknown[code], code, r.System))
	}
	return out
}
