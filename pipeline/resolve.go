package pipeline

import (
	"context"

	"tuban/classify/rules"
	"tuban/pipeline/survey"
)

// resolve finds the limits and the weights that the rules leave to the pixels of the run, and binds them.
func (p *Plan) resolve(ctx context.Context, d Drivers, store *survey.Store, at spots, m *Measured, o Options) error {
	r := p.Rules
	if len(r.Program.Params()) == 0 {
		return nil
	}
	s, err := p.survey(ctx, d, store, at, o)
	if err != nil {
		return err
	}
	m.Unread += s.unread
	values := map[string]float64{}
	for _, a := range r.Autos() {
		method := rules.Otsu
		if a.Param == autoChange {
			method = ofChange
		}
		m.Limits = append(m.Limits, split(a.Param, s.values[a.Source], method))
	}
	for _, l := range r.Limits {
		m.Limits = append(m.Limits, s.limit(l))
	}
	for _, l := range m.Limits {
		if l.Value != nil {
			values[l.Name] = *l.Value
		}
	}
	for _, x := range r.Models {
		found := s.model(x)
		for i, w := range found.Weights {
			values[x.Params[i]] = w
		}
		m.Models = append(m.Models, found)
	}
	p.Rules = r.Bind(values)
	return nil
}
