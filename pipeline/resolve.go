package pipeline

import (
	"context"
	"fmt"
	"math"
	"slices"

	"tuban/classify/bandmath"
	"tuban/classify/limit"
	"tuban/classify/rules"
	"tuban/classify/train"
	"tuban/pipeline/report"
	"tuban/pipeline/survey"
)

// ResolvedLimit is a limit of the rules, as this run's pixels put it.
type ResolvedLimit struct {
	// Name is that of the rules' parameter: limit.green, auto(change).
	Name string `json:"name"`
	// Value is nil where the limit is unknown: what depends on it is not judgeable.
	Value *float64 `json:"value"`
	// How says how it was found, or why not.
	How string `json:"how"`
	// Low and High are how many values of either side it was found from; for a limit without classes, Low is of all.
	Low  int `json:"low,omitempty"`
	High int `json:"high,omitempty"`
	// Error is the balanced error with which it tells the classes apart, 0 to 0.5.
	Error float64 `json:"error,omitempty"`
}

// ResolvedModel is the weights of a model of the rules.
type ResolvedModel struct {
	Name string `json:"name"`
	// Weights are of the constant and of each feature; empty where the model is unknown.
	Weights []float64 `json:"weights,omitempty"`
	How     string    `json:"how"`
	// Report says how well the model tells its examples apart; nil where the weights were given.
	Report *train.Report `json:"report,omitempty"`
}

// surveyed is what the kept pixels of the spots have of the rules' value sources, once the dates are brought to each other.
type surveyed struct {
	// values has, by source of the program, the kept pixels inside the run's region.
	values map[int][]float64
	// class is the survey class of each, −1 on no parcel.
	class   []int
	classes []string
}

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
	warn := warnOnce(o)
	parts := make([]surveyed, len(at.windows))
	err = eachSpot(ctx, len(at.windows), o.Workers, func(ctx context.Context, next func() (int, bool)) error {
		mosaics := [2]*mosaic{dates[0].mosaic(), dates[1].mosaic()}
		mosaics[0].failed, mosaics[1].failed = warn, warn
		s := newTileScanner(p, elig, mosaics[0], mosaics[1])
		for i, ok := next(); ok; i, ok = next() {
			w := at.windows[i]
			if _, err := s.burn(w); err != nil {
				return err
			}
			read := w.Grow(p.TextureHalo).Intersect(p.Grid.Window())
			if err := s.load(ctx, read); err != nil {
				return err
			}
			s.derive(read)
			part := surveyed{values: map[int][]float64{}}
			// One row at a time: the pixels of a row that are kept, in order, source by source.
			kept := make([][]int, w.H)
			at.thin(w, func(k int) {
				if s.inside[k] != 0 {
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
					s.begin(read, w.X+x0, w.Y+y, n)
					for _, source := range sources {
						v := s.machine.Value(source)
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
	for _, part := range parts {
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
		if c := s.class[k]; c >= 0 && v == v && has(s.classes[c]) {
			out = append(out, v)
		}
	}
	return out
}

// leastValues is how many values of a class say where it lies.
const leastValues = 200

// limit finds one limit of the rules.
func (s *surveyed) limit(l rules.CompiledLimit) ResolvedLimit {
	out := ResolvedLimit{Name: l.Param}
	switch {
	case l.Lacking != "":
		out.How = string(l.Lacking)
	case l.Method != "":
		out = split(l.Param, s.values[l.Source], l.Method)
	default:
		low, high := s.on(l.Source, l.LowHas), s.on(l.Source, l.HighHas)
		out.Low, out.High = len(low), len(high)
		if min(len(low), len(high)) < leastValues {
			out.How = fmt.Sprintf("too few pixels on its classes: %d and %d, %d needed of each", len(low), len(high), leastValues)
			break
		}
		v, e := limit.Separate(low, high)
		out.Error = e
		if !(e < limit.Inseparable) {
			out.How = fmt.Sprintf("its classes look alike: any limit errs on %.0f %% of the pixels", 100*e)
			break
		}
		out.How = "survey classes"
		out.Value = &v
	}
	if out.Value == nil && l.Default != nil {
		v := *l.Default
		out.Value, out.How = &v, "default, for: "+out.How
		return out
	}
	if out.Value != nil {
		v := *out.Value
		if l.Least != nil && v < *l.Least {
			v, out.How = *l.Least, out.How+fmt.Sprintf(" (%.4g, raised to the least)", *out.Value)
		}
		if l.Most != nil && v > *l.Most {
			v, out.How = *l.Most, out.How+fmt.Sprintf(" (%.4g, lowered to the most)", *out.Value)
		}
		out.Value = &v
	}
	return out
}

const (
	// autoChange is the automatic limit of the change statistic, whose values are not those of two normal classes.
	autoChange = "auto(change)"
	ofChange   = rules.Method("change")
)

// split finds a limit without classes.
func split(name string, values []float64, method rules.Method) ResolvedLimit {
	known := make([]float64, 0, len(values))
	for _, v := range values {
		if v == v {
			known = append(known, v)
		}
	}
	out := ResolvedLimit{Name: name, Low: len(known), How: string(method)}
	if len(known) < leastValues {
		out.How = fmt.Sprintf("too few pixels: %d of %d have a value, %d needed", len(known), len(values), leastValues)
		return out
	}
	var v float64
	separated := true
	switch method {
	case ofChange:
		out.How = "no-change distribution"
		v, separated = limit.Change(known)
	case rules.Kittler:
		v, separated = limit.KittlerIllingworth(known)
	case rules.Outlier:
		v, separated = limit.Outlier(known)
	default:
		v = limit.Otsu(known)
	}
	if !separated {
		out.How += ", though the values are not of two groups"
	}
	if math.IsNaN(v) {
		out.How = "the values do not fall into two groups"
		return out
	}
	out.Value = &v
	return out
}

// model finds the weights of a model of the rules.
func (s *surveyed) model(m rules.CompiledModel) ResolvedModel {
	out := ResolvedModel{Name: m.Probability()}
	switch {
	case m.Lacking != "":
		out.How = string(m.Lacking)
		return out
	case len(m.Weights) > 0:
		out.How, out.Weights = "given", m.Weights
		return out
	}
	features := make([][]float64, len(m.Features))
	var yes []bool
	for k, c := range s.class {
		if c < 0 {
			continue
		}
		is, not := m.YesHas(s.classes[c]), m.NoHas(s.classes[c])
		if is == not {
			continue
		}
		whole := true
		for i := range features {
			v := s.values[m.Sources[0][i]][k]
			whole = whole && v == v
		}
		if !whole {
			continue
		}
		yes = append(yes, is)
		for i := range features {
			features[i] = append(features[i], s.values[m.Sources[0][i]][k])
		}
	}
	w, rep, err := train.Logistic(features, yes, train.Options{})
	if err != nil {
		out.How = err.Error()
		return out
	}
	out.Weights, out.Report, out.How = w, &rep, "trained on survey classes"
	return out
}

// resolvedValues is what is printed and stored of limits and models.
func (m *Measured) resolvedValues() []MeasuredValue {
	var out []MeasuredValue
	for _, l := range m.Limits {
		v := "unknown: " + l.How
		if l.Value != nil {
			v = fmt.Sprintf("%.5g (%s, n = %d", *l.Value, l.How, l.Low)
			if l.High > 0 {
				v += fmt.Sprintf(" and %d, error %.1f %%", l.High, 100*l.Error)
			}
			v += ")"
		}
		out = append(out, MeasuredValue{l.Name, v})
	}
	for _, x := range m.Models {
		v := "unknown: " + x.How
		if len(x.Weights) > 0 {
			v = x.How + ":"
			for _, w := range x.Weights {
				v += fmt.Sprintf(" %.5g", w)
			}
		}
		out = append(out, MeasuredValue{x.Name, v})
	}
	return out
}

// unresolved warns of limits and models that stay unknown.
func (m *Measured) unresolved() []report.Text {
	var out []report.Text
	warn := func(name, how string) {
		out = append(out, report.Text{
			ZH: fmt.Sprintf("规则参数 %s 无法由本次影像确定（%s），依赖它的判定均列为无法判定。", name, how),
			EN: fmt.Sprintf("The pixels of this run do not tell %s (%s); what depends on it is not judgeable.", name, how),
		})
	}
	for _, l := range m.Limits {
		// Which kinds lack bands is said of the kinds.
		if l.Value == nil && l.How != string(rules.NoBands) {
			warn(l.Name, l.How)
		}
	}
	for _, x := range m.Models {
		if len(x.Weights) == 0 && x.How != string(rules.NoBands) {
			warn(x.Name, x.How)
		}
	}
	return out
}
