package pipeline

import (
	"context"
	"slices"

	"tuban/classify/bandmath"
	"tuban/pipeline/survey"
)

// surveyed is what the kept pixels of the spots have of the rules' value sources, once the dates are brought to each other.
type surveyed struct {
	// values has, by source of the program, the kept pixels inside the run's region.
	values map[int][]float64
	// class is the survey class of each, −1 on no parcel.
	class   []int
	classes []string
	// unread counts the windows that could not be read.
	unread int
}

// sampledSources lists the program's sources whose values decide limits and weights.
func (p *Plan) sampledSources() []int {
	var out []int
	for _, a := range p.Rules.Autos() {
		out = append(out, a.Source)
	}
	for _, l := range p.Rules.Limits {
		if l.Lacking == "" {
			out = append(out, l.Source)
		}
	}
	for _, m := range p.Rules.Models {
		if m.Lacking == "" && len(m.Weights) == 0 {
			out = append(out, m.Sources[0]...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// survey evaluates the sources at the kept pixels of the spots.
func (p *Plan) survey(ctx context.Context, d Drivers, store *survey.Store, at spots, o Options) (*surveyed, error) {
	out := &surveyed{values: map[int][]float64{}}
	sources := p.sampledSources()
	if len(sources) == 0 {
		return out, nil
	}
	elig, err := p.eligibility(store)
	if err != nil {
		return nil, err
	}
	if store != nil {
		out.classes = store.Classes()
	}
	var dates [2]*dated
	for i := range dates {
		if dates[i], err = p.openDate(d.Imagery, i, p.Roles, 16<<20); err != nil {
			return nil, err
		}
		defer dates[i].Close()
	}
	o.Progress.Stage("measure limits", int64(len(at.windows)))
	warn, unread := warnOnce(o)
	parts := make([]surveyed, len(at.windows))
	err = eachSpot(ctx, len(at.windows), p.Workers, func(ctx context.Context, next func() (int, bool)) error {
		mosaics := [2]*mosaic{dates[0].mosaic(), dates[1].mosaic()}
		mosaics[0].failed, mosaics[1].failed = warn, warn
		mosaics[0].strict, mosaics[1].strict = o.Strict, o.Strict
		s := newTileScanner(p, elig, mosaics[0], mosaics[1])
		for i, ok := next(); ok; i, ok = next() {
			w := at.windows[i]
			if _, err := s.burn(w); err != nil {
				return err
			}
			if err := s.loadTextured(ctx, w); err != nil {
				return err
			}
			read := s.view.Window
			part := surveyed{values: map[int][]float64{}}
			// One row at a time: the pixels of a row that are kept, in order, source by source.
			kept := make([][]int, w.H)
			at.thin(w, func(k int) {
				// Values that cannot be compared say nothing of those that can.
				at := (k/w.W+w.Y-read.Y)*read.W + k%w.W + w.X - read.X
				if s.isInside(k) && !(p.adjust.refuses && s.view.adjuster.refused[at] != alikeEnough) {
					kept[k/w.W] = append(kept[k/w.W], k%w.W)
				}
			})
			for y, row := range kept {
				for _, x := range row {
					class := -1
					if id := s.parcel[y*w.W+x]; id > 0 {
						class = store.Class(id)
					}
					part.class = append(part.class, class)
				}
				for x0 := 0; x0 < w.W; x0 += bandmath.Chunk {
					n := min(bandmath.Chunk, w.W-x0)
					s.view.hand(s.whole.machine, w.X+x0, w.Y+y, n)
					for _, source := range sources {
						v := s.whole.machine.Value(source)
						for _, x := range row {
							if x >= x0 && x < x0+n {
								part.values[source] = append(part.values[source], float64(v[x-x0]))
							}
						}
					}
				}
			}
			parts[i] = part
			o.Progress.Advance(1)
		}
		return nil
	})
	out.unread = *unread
	for i, part := range parts {
		parts[i] = surveyed{} // so that the values are not held twice
		out.class = append(out.class, part.class...)
		for _, source := range sources {
			out.values[source] = append(out.values[source], part.values[source]...)
		}
	}
	return out, err
}

// on returns the values of a source on the classes that has says yes to.
func (s *surveyed) on(source int, has func(string) bool) []float64 {
	var out []float64
	for k, v := range s.values[source] {
		if c := s.class[k]; c >= 0 && v-v == 0 && has(s.classes[c]) {
			out = append(out, v)
		}
	}
	return out
}
