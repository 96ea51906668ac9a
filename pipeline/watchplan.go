package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"

	"tuban/classify/rules"
	"tuban/classify/watch"
	"tuban/pipeline/runfile"
	"tuban/pipeline/survey"
)

// watchKey is what of the watch list decides the product: the settings without the place, which a fingerprint stands for.
func watchKey(f *runfile.File, sources []Source) []any {
	if f.Watch == nil {
		return nil
	}
	w := *f.Watch
	w.Source = ""
	embedded := sha256.Sum256(watch.EmbeddedText())
	key := []any{w, hex.EncodeToString(embedded[:])}
	for _, s := range sources {
		if s.Role == "watch" {
			key = append(key, s.Fingerprint)
		}
	}
	return key
}

// watching is the plan of a run that was measured, with the rules of watched places in the place of its own: the dates are brought to
// each other as for the run. Limits that both rules define alike are those of the run; others are found as the run's were.
func (p *Plan) watching(ctx context.Context, d Drivers, store *survey.Store, m *Measured, o Options) (*Plan, error) {
	q := *p
	var err error
	if q.Rules, err = watch.Pixels().Compile(p.Rules.System, rules.Scenes{Before: p.Before, After: p.After}); err != nil {
		return nil, fmt.Errorf("compiling the rules of watched places: %w", err)
	}
	q.Planes, q.Roles, q.TextureHalo, q.Probabilities = nil, nil, 0, nil
	if err := q.planes(q.Rules.Program); err != nil {
		return nil, err
	}
	q.adjust.pairs = slices.Clone(p.adjust.pairs)
	for i := range q.adjust.pairs {
		a := &q.adjust.pairs[i]
		a.change, a.bands = nil, nil
		if a.scaling == nil {
			continue
		}
		a.scaling = nil
		for _, r := range q.Roles {
			a.scaling = append(a.scaling, a.measured.scalingOf(r))
		}
	}
	values, all := p.sharedLimits(q.Rules, m)
	if all {
		q.Rules = q.Rules.Bind(values)
		return &q, nil
	}
	at, err := q.places(ctx, d, store)
	if err != nil {
		return nil, err
	}
	return &q, q.resolve(ctx, d, store, at, &Measured{}, o)
}

// sharedLimits are the limits of r that the run has found already; all says that r has no others.
func (p *Plan) sharedLimits(r *rules.Rules, m *Measured) (values map[string]float64, all bool) {
	values, all = map[string]float64{}, true
	for _, l := range r.Limits {
		same := slices.ContainsFunc(p.Rules.Limits, func(own rules.CompiledLimit) bool { return reflect.DeepEqual(own.Limit, l.Limit) })
		i := slices.IndexFunc(m.Limits, func(f ResolvedLimit) bool { return f.Name == l.Param })
		switch {
		case !same || i < 0:
			all = false
		case m.Limits[i].Value != nil:
			values[l.Param] = *m.Limits[i].Value
		}
	}
	return values, all
}
