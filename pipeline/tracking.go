package pipeline

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"tuban/pipeline/track"
)

// Tracking counts what candidates are to those of earlier runs.
type Tracking struct {
	// Known are the candidates of the last product.
	Known int `json:"known"`
	// Relations counts published patches by relation, Gone earlier candidates by why they are not found; what was gone before is
	// counted again. Forgotten were never published, and are not found any more.
	Relations map[track.Relation]int `json:"relations"`
	Gone      map[track.Reason]int   `json:"gone"`
	Forgotten int                    `json:"forgotten"`
	// Standing counts published patches for which an earlier verdict holds, by verdict.
	Standing map[string]int `json:"standing"`
}

// String says it in a line.
func (t *Tracking) String() string {
	words := track.Default().Words
	var parts, gone []string
	for _, r := range track.Relations {
		if n := t.Relations[r]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, words[string(r)].EN))
		}
	}
	for _, r := range track.Reasons {
		if n := t.Gone[r]; n > 0 {
			gone = append(gone, fmt.Sprintf("%d %s", n, words[string(r)].EN))
		}
	}
	for _, v := range slices.Sorted(maps.Keys(t.Standing)) {
		gone = append(gone, fmt.Sprintf("%d judged %s before", t.Standing[v], v))
	}
	return fmt.Sprintf("beside %d candidates of earlier runs: %s", t.Known, strings.Join(append(parts, gone...), ", "))
}

// gonePatch is an earlier candidate that is not found any more.
type gonePatch struct {
	track.Known
	reason track.Reason
}

// ruler is track.Measure on the geometry of a run.
type ruler struct{ *describer }

func (r ruler) Divide(a, b orb.MultiPolygon) (in, out orb.MultiPolygon, err error) {
	pieces, out, err := r.engine.Overlay(a, []orb.MultiPolygon{b})
	for _, p := range pieces {
		in = append(in, p.Geom...)
	}
	return in, out, err
}

func (r ruler) Area(mp orb.MultiPolygon) (float64, error) { return r.area(mp) }

func (r ruler) Width(p orb.Polygon) float64 {
	pixel := r.plan.Pixel
	return meanWidth(orb.MultiPolygon{p}, pixel.X, pixel.Y, r.plan.Grid.Transform) / ((pixel.X + pixel.Y) / 2)
}

// follow gives the patches their identities, and finds the earlier candidates that are gone.
func (r *result) follow(d Drivers, o Options) error {
	p := r.plan
	found := make([]track.Found, len(r.patches))
	for i, q := range r.patches {
		kind := p.Rules.Kinds[q.Kind]
		found[i] = track.Found{
			GV: q.GV, Kind: kind.Code, Type: kind.Type, Geom: q.Geom, Area: q.Area,
			Day: p.AfterOrigins[q.After].Date.Format("20060102"), Published: q.Dropped == "",
		}
	}
	past := r.past
	if past == nil {
		past = &Past{}
	}
	geo, err := d.Coordinates.Geographer(p.Grid.CRS)
	if err != nil {
		return err
	}
	defer geo.Close()
	m := ruler{&describer{plan: p, engine: d.Geometry(), geo: geo}}
	s := track.Default()
	if err := p.measureDrawn(past.Known, m); err != nil {
		return err
	}
	fates, unseen, err := track.Follow(m, s, past.Known, found)
	if err != nil {
		return err
	}
	if p.Register == "" {
		track.Carried(past.Known, found, fates)
	} else if err := track.Judged(m, s, past.Known, found, fates, past.Judgements); err != nil {
		return err
	}
	track.Issued(fates, past.Issued)
	for i, q := range r.patches {
		q.Fate, q.CID = fates[i], fates[i].CID
		q.Hints = append(q.Hints, fates[i].Hints...)
	}
	r.warnOfOrder(o)
	return r.lose(m, s, unseen)
}

// measureDrawn completes what the register does not know of patches that people drew.
func (p *Plan) measureDrawn(known []track.Known, m track.Measure) error {
	for i := range known {
		k := &known[i]
		if !k.Drawn {
			continue
		}
		for _, kind := range p.Rules.Kinds {
			if kind.Code == k.Kind {
				k.Type = kind.Type
			}
		}
		var err error
		if k.Area, err = m.Area(k.Geom); err != nil {
			return err
		}
	}
	return nil
}

// warnOfOrder says when the last product is of a later day than this run.
func (r *result) warnOfOrder(o Options) {
	if r.past == nil {
		return
	}
	last, day := "", ""
	for _, k := range r.past.Known {
		last = max(last, k.Last)
	}
	for _, a := range r.plan.AfterOrigins {
		day = max(day, a.Date.Format("20060102"))
	}
	if last > day {
		o.Log.Warn(fmt.Sprintf("the earlier product is of %s, after the %s of this run: what appeared and what vanished is told the wrong way round", last, day))
	}
}

// lose finds why each unseen candidate is not there.
func (r *result) lose(m ruler, s track.Settings, unseen []int) error {
	p := r.plan
	pixels := p.Region
	if pixels == nil {
		w, h := float64(p.Grid.W), float64(p.Grid.H)
		pixels = orb.MultiPolygon{{{{0, 0}, {w, 0}, {w, h}, {0, h}, {0, 0}}}}
	}
	run := toCRS(p.Grid, pixels)
	for _, i := range unseen {
		k := r.past.Known[i]
		if k.Drawn {
			continue
		}
		if !k.Published {
			r.forgotten++
			continue
		}
		inside, err := m.on(k, run)
		if err != nil {
			return err
		}
		hidden := 0.0
		for _, gap := range r.gapsFor(k) {
			part, err := m.on(k, gap)
			if err != nil {
				return err
			}
			hidden += part
		}
		r.gone = append(r.gone, gonePatch{track.Lost(k, r.past.Judgements, r.past.Issued), track.Missed(s, k, inside, hidden)})
	}
	return nil
}

// on is the m² of an earlier candidate that lie in an area, which may have far more vertices than need be looked at.
func (r ruler) on(k track.Known, in orb.MultiPolygon) (float64, error) {
	switch at, certain := alone(k.Geom.Bound(), r.plan.pixelSize()/64, []orb.MultiPolygon{in}); {
	case certain && at < 0:
		return 0, nil
	case certain:
		return k.Area, nil
	}
	part, _, err := r.Divide(k.Geom, in)
	if err != nil {
		return 0, fmt.Errorf("finding the earlier candidate %s: %w", k.CID, err)
	}
	return r.Area(part)
}

// gapsFor are the gaps near a candidate in which its kind of change could not be decided; all land, where the rules no longer have it.
func (r *result) gapsFor(k track.Known) (out []orb.MultiPolygon) {
	at := -1
	for i, kind := range r.plan.Rules.Kinds {
		if kind.Code == k.Kind {
			at = i
		}
	}
	if at < 0 {
		return []orb.MultiPolygon{k.Geom}
	}
	b := k.Geom.Bound()
	for _, g := range r.gaps {
		if g.undecided&(1<<at) != 0 && g.geom.Bound().Intersects(b) {
			out = append(out, g.geom)
		}
	}
	return out
}

// tracking sums the fates up; nil for a run without a past.
func (r *result) tracking() *Tracking {
	if r.past == nil {
		return nil
	}
	t := &Tracking{Known: len(r.past.Known), Relations: map[track.Relation]int{}, Gone: map[track.Reason]int{}, Forgotten: r.forgotten, Standing: map[string]int{}}
	for _, q := range r.patches {
		if q.Dropped != "" {
			continue
		}
		t.Relations[q.Fate.Relation]++
		if q.Fate.Verdict != "" {
			t.Standing[q.Fate.Verdict]++
		}
	}
	for _, g := range r.gone {
		t.Gone[g.reason]++
	}
	return t
}
