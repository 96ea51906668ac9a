package pipeline

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"tuban/pipeline/survey"
)

// Outline is one that a person drew, or a part of a patch.
type Outline struct {
	CID  string
	Kind string // its code
	// Before and After are the days of the imagery, First that of the first sight, YYYYMMDD; First may be "".
	Before, After, First string
	Geom                 orb.MultiPolygon
}

// Remeasure says of outlines what the run p would say of patches there, by the names of columns: what the survey, the legal
// layers, the units and the approvals have below them. It reads no pixel; what only pixels, the past or the whole product can
// tell means nothing in the result. m is the manifest of the product that the outlines belong to: an input that is another now is
// an error.
func Remeasure(ctx context.Context, d Drivers, p *Plan, o Options, m *Manifest, list []Outline) ([]map[string]string, error) {
	if err := p.sameLand(m); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	o.Progress = &oneAtATime{p: o.Progress, account: o.Account}
	scratch, err := os.MkdirTemp("", "tuban-remeasure-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	d = d.fetchingInto(scratch)
	var store *survey.Store
	if p.Survey != nil {
		if store, _, err = p.stage(ctx, d, scratch, o); err != nil {
			return nil, err
		}
		defer store.Close()
	}
	r := &result{plan: p}
	if r.legal, err = p.stageLayers(ctx, d, scratch, o); err != nil {
		return nil, err
	}
	defer r.legal.Close()
	geo, err := d.Coordinates.Geographer(p.Grid.CRS)
	if err != nil {
		return nil, err
	}
	defer geo.Close()
	dr := &describer{plan: p, store: store, legal: r.legal, engine: d.Geometry(), geo: geo}
	o.Progress.Stage("outlines", int64(len(list)))
	for _, x := range list {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		q, err := dr.outlined(x)
		if err != nil {
			return nil, fmt.Errorf("measuring the outline of %s: %w", x.CID, err)
		}
		r.patches = append(r.patches, q)
		o.Progress.Advance(1)
	}
	if err := r.triage(); err != nil {
		return nil, err
	}
	out := make([]map[string]string, len(list))
	for i, q := range r.patches {
		out[i] = p.texts(q)
	}
	return out, nil
}

// outlined is a patch with the outline of a person.
func (d *describer) outlined(x Outline) (*Patch, error) {
	q := &Patch{CID: x.CID, GV: x.CID, Raw: x.Geom, Geom: x.Geom, Kind: -1}
	for i, k := range d.plan.Rules.Kinds {
		if k.Code == x.Kind {
			q.Kind = i
		}
	}
	if q.Kind < 0 {
		return nil, fmt.Errorf("the rules have no kind %q", x.Kind)
	}
	q.Fate.First = x.First
	for _, date := range []struct {
		name, day string
		origins   []Origin
		at        *int
	}{{"QSX", x.Before, d.plan.BeforeOrigins, &q.Before}, {"HSX", x.After, d.plan.AfterOrigins, &q.After}} {
		*date.at = slices.IndexFunc(date.origins, func(o Origin) bool { return o.Date.Format("20060102") == date.day })
		if *date.at < 0 {
			return nil, badInput("no imagery of the run is of the day %s (%s)", date.day, date.name)
		}
	}
	area, err := d.area(q.Geom)
	if err != nil {
		return nil, err
	}
	q.Area = cents(area)
	if q.Lon, q.Lat, err = d.centroid(q.Geom); err != nil {
		return nil, err
	}
	return q, d.settle(q, area)
}

// texts are the columns of a patch that are not null, as a reader of the product gets them.
func (p *Plan) texts(q *Patch) map[string]string {
	out := map[string]string{}
	for _, c := range p.columns() {
		switch v := c.value(q).(type) {
		case nil:
		case float64:
			out[c.Name] = strconv.FormatFloat(v, 'f', -1, 64)
		case string:
			out[c.Name] = v
		default:
			out[c.Name] = fmt.Sprint(v)
		}
	}
	return out
}

// sameLand makes sure that the run of the product m lay on the same survey and layers, by the same rules.
func (p *Plan) sameLand(m *Manifest) error {
	if p.Grid != m.Grid || string(p.RulesText) != m.Rules {
		return badInput("the run file is not that of the product %s: its grid or its rules differ", m.Key)
	}
	onLand := func(s Source) bool { return s.Role == "survey" || strings.HasPrefix(s.Role, "layer ") }
	prints := func(list []Source) (out []string) {
		for _, s := range list {
			if onLand(s) {
				out = append(out, s.Role+" "+s.Fingerprint)
			}
		}
		slices.Sort(out)
		return out
	}
	if !slices.Equal(prints(p.Sources), prints(m.Inputs)) {
		return badInput("the survey or the layers that the run file names are not those of the product %s: run again, or give the run file that made it", m.Key)
	}
	return nil
}
