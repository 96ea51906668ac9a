package pipeline

import (
	"context"
	"fmt"
	"slices"

	"tuban/pipeline/runfile"
	"tuban/raster"
)

// recordedScenes gives the plan the scenes of the run: where the manifest says, or where a run file does.
func (p *Plan) recordedScenes(ctx context.Context, d Drivers, m *Manifest, moved *runfile.File) error {
	if moved != nil {
		if err := p.openDates(ctx, d, moved, true); err != nil {
			return err
		}
		return p.sameScenes(m)
	}
	if m.Imagery == nil {
		return badInput("the product was made by version %s of the program, which does not record how its imagery was read: name the run file that it was made with (--imagery RUNFILE), or run again", m.Version)
	}
	for date, list := range [2][]SceneRecord{m.Imagery.Before, m.Imagery.After} {
		to := [2]*[]raster.Scene{&p.Before, &p.After}[date]
		for _, r := range list {
			s, entry, err := r.scene()
			if err != nil {
				return fmt.Errorf("%s: %w: the product is damaged, run again with --force", ManifestName, err)
			}
			*to = append(*to, s)
			p.besides[date].entries = append(p.besides[date].entries, entry)
		}
	}
	return nil
}

// sameScenes makes sure that a run file names the scenes of the product.
func (p *Plan) sameScenes(m *Manifest) error {
	if m.Imagery == nil {
		return nil
	}
	for date, list := range [2][]SceneRecord{m.Imagery.Before, m.Imagery.After} {
		var want, have []string
		for _, r := range list {
			want = append(want, r.ID)
		}
		for _, s := range p.scenes(date) {
			have = append(have, s.ID)
		}
		if !slices.Equal(want, have) {
			return badInput("%s: the run file names the scenes %v, the product was made from %v: name the run file that it was made with", dateNames[date], have, want)
		}
	}
	return nil
}

// compareInputs compares the files of the scenes with what the run recorded of them, and returns the URIs of those that are of
// the recorded size, but not the recorded files: of a copy, the time of modification may be another.
func (p *Plan) compareInputs(ctx context.Context, d Drivers, m *Manifest) (changed []string, err error) {
	for date := range dateNames {
		var recorded []Source
		for _, s := range m.Inputs {
			if s.Role == dateNames[date] {
				recorded = append(recorded, s)
			}
		}
		for i, s := range p.scenes(date) {
			size, sum, err := d.fingerprint(ctx, s.URI)
			if err != nil {
				return nil, badInput("%s: %w: put the imagery back, or name a run file that says where it is (--imagery RUNFILE)", dateNames[date], err)
			}
			switch {
			case i >= len(recorded) || size != recorded[i].Bytes:
				return nil, badInput("%s: %s is not the file that the product was made from (%d bytes): put that one back, or run again", dateNames[date], s.URI, size)
			case sum != recorded[i].Fingerprint:
				changed = append(changed, s.URI)
			}
		}
	}
	return changed, nil
}
