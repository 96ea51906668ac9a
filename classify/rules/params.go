package rules

import (
	"slices"

	"tuban/classify/bandmath"
)

// Autos lists the automatic limits that the run depends on.
func (r *Rules) Autos() []bandmath.Auto { return r.Program.Autos() }

// Bind returns the rules with parameters of the program set to values: limits, weights of models, automatic limits.
// Others keep what they had. All but the program is the same.
func (r *Rules) Bind(values map[string]float64) *Rules {
	bound := *r
	bound.Program = bind(r.Program, values)
	return &bound
}

func bind(p *bandmath.Program, values map[string]float64) *bandmath.Program {
	single := make(map[string]float32, len(values))
	for name, v := range values {
		single[name] = float32(v)
	}
	return p.Bind(single)
}

// program compiles the sources of the kinds, and behind them what the limits and models are found from on which these depend.
func (r *Rules) program(f *File, sources []bandmath.Source, scenes Scenes) error {
	o := f.options()
	decided, err := bandmath.Compile(sources, o)
	if err != nil {
		return err
	}
	m := measures{Rules: r, options: o, scenes: scenes, sources: sources, reads: decided.Inputs(), known: map[string]float64{}}
	for _, l := range f.Limits {
		if slices.Contains(decided.Params(), bandmath.LimitParam(l.Name)) {
			if err := m.limit(l); err != nil {
				return err
			}
		}
	}
	for _, x := range f.Models {
		if !x.Raster && slices.Contains(decided.Params(), x.math().Params()[0]) {
			if err := m.model(x); err != nil {
				return err
			}
		}
	}
	p, err := bandmath.Compile(m.sources, o)
	if err != nil {
		return err
	}
	r.Program = bind(p, m.known)
	return nil
}

// measures collects what a run evaluates on a sample.
type measures struct {
	*Rules
	options bandmath.Options
	scenes  Scenes
	sources []bandmath.Source
	reads   []bandmath.Input   // what the kinds read
	known   map[string]float64 // parameters that need not be found
}

func (m *measures) limit(l Limit) error {
	c := CompiledLimit{Limit: l, Param: bandmath.LimitParam(l.Name), Source: -1}
	if l.Default != nil {
		m.known[c.Param] = *l.Default
	}
	var err error
	if m.System != "" {
		if c.low, err = selections(m.System, l.Low); err != nil {
			return err
		}
		if c.high, err = selections(m.System, l.High); err != nil {
			return err
		}
	}
	inputs, err := m.inputs(l.source())
	switch {
	case err != nil:
		return err
	case l.trained() && m.System == "":
		c.Lacking = NoSurvey
	case !m.scenes.seen(inputs):
		c.Lacking = NoBands
	default:
		c.Source = m.add(l.source())
	}
	m.Limits = append(m.Limits, c)
	return nil
}

func (m *measures) model(x Model) error {
	c := CompiledModel{Model: x, Params: x.math().Params()}
	for i, w := range x.Weights {
		m.known[c.Params[i]] = w
	}
	var err error
	if m.System != "" {
		if c.yes, err = selections(m.System, x.Yes); err != nil {
			return err
		}
		if c.no, err = selections(m.System, x.No); err != nil {
			return err
		}
	}
	before, after := x.sources(bandmath.Before), x.sources(bandmath.After)
	inputs, err := m.inputs(before...)
	if err != nil {
		return err
	}
	others, err := m.inputs(after...)
	if err != nil {
		return err
	}
	switch {
	case x.trained() && m.System == "":
		c.Lacking = NoSurvey
	case x.trained() && !m.scenes.seen(inputs):
		c.Lacking = NoBands
	case x.trained() || within(inputs, m.reads):
		c.Sources[0] = m.addAll(before)
	}
	if c.Lacking == "" && !x.Pair && within(others, m.reads) {
		c.Sources[1] = m.addAll(after)
	}
	m.Models = append(m.Models, c)
	return nil
}

func (m Model) sources(d bandmath.Date) []bandmath.Source {
	var out []bandmath.Source
	for i := range m.Features {
		out = append(out, m.source(i, d))
	}
	return out
}

// inputs are what sources read.
func (m *measures) inputs(sources ...bandmath.Source) ([]bandmath.Input, error) {
	p, err := bandmath.Compile(sources, m.options)
	if err != nil {
		return nil, err
	}
	return p.Inputs(), nil
}

func (m *measures) add(s bandmath.Source) int {
	m.sources = append(m.sources, s)
	return len(m.sources) - 1
}

func (m *measures) addAll(list []bandmath.Source) []int {
	var out []int
	for _, s := range list {
		out = append(out, m.add(s))
	}
	return out
}

func within(some, all []bandmath.Input) bool {
	return !slices.ContainsFunc(some, func(in bandmath.Input) bool { return !slices.Contains(all, in) })
}
