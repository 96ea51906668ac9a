package rules

import (
	"fmt"
	"strings"

	"tuban/classify/bandmath"
	"tuban/classify/landclass"
	"tuban/classify/ruletext"
)

// Model is a logistic function of features: conditions name its value p_NAME. See bandmath.Model.
type Model struct {
	Name string
	// Pair says that the features are over both dates, else over the bare names of one.
	Pair     bool
	Features []string
	// Yes and No are selectors of the survey classes that the weights are trained to tell apart.
	Yes, No []string
	// Weights are given instead: that of the constant, then one for each feature.
	Weights []float64
	// Raster says that there is nothing to compute: the run names a raster of the probability.
	Raster bool
}

// trained says that the weights are found from survey classes.
func (m Model) trained() bool { return len(m.Weights) == 0 }

func (m Model) math() bandmath.Model {
	return bandmath.Model{Name: m.Name, Pair: m.Pair, Features: m.Features, Raster: m.Raster}
}

// Probability returns the name that conditions use, p_NAME.
func (m Model) Probability() string { return m.math().Probability() }

// source is a feature, for a model of one date on date d.
func (m Model) source(i int, d bandmath.Date) bandmath.Source {
	if m.Pair {
		d = bandmath.None
	}
	return bandmath.Source{Name: fmt.Sprintf("model %s: feature %d", m.Name, i+1), Text: m.Features[i], Date: d}
}

// CompiledModel is a Model that the run depends on.
type CompiledModel struct {
	Model
	// Params are the program's parameters: the weight of the constant, then one for each feature.
	Params []string
	// Sources are the program's value sources of the features on the before and the after date; for a pair, and where
	// the run reads the features of the before date only, just the first. None when Lacking.
	Sources [2][]int
	// Lacking says why the weights cannot be found; "" when they are given. The model is then unknown everywhere.
	Lacking Lacking

	yes, no []landclass.Selection
}

// YesHas reports whether the model is to be high on a survey class.
func (m CompiledModel) YesHas(code string) bool { return anyHas(m.yes, code) }

// NoHas reports whether the model is to be low on a survey class.
func (m CompiledModel) NoHas(code string) bool { return anyHas(m.no, code) }

func (r *reader) model(name string, raw rawModel) Model {
	path := "models." + name
	r.Place(path, raw.Pair, raw.Raster)
	for _, list := range [][]ruletext.Scalar{raw.Features, raw.Yes, raw.No, raw.Weights} {
		r.Place(path, list...)
	}
	m := Model{
		Name:     name,
		Features: r.List(path+".features", raw.Features),
		Yes:      r.List(path+".yes", raw.Yes),
		No:       r.List(path+".no", raw.No),
	}
	for i, w := range raw.Weights {
		v := r.Number(fmt.Sprintf("%s.weights[%d]", path, i), w)
		if v == nil {
			m.Weights = append(m.Weights, 0)
			continue
		}
		m.Weights = append(m.Weights, *v)
	}
	m.Pair = r.flag(path, "pair", raw.Pair)
	m.Raster = r.flag(path, "raster", raw.Raster)
	return m
}

// flag reads a key of path that is true or false; false where it is left out.
func (r *reader) flag(path, key string, s ruletext.Scalar) bool {
	switch text := strings.ToLower(r.Text(path+"."+key, s)); text {
	case "true":
		return true
	case "false", "":
	default:
		r.Add(path+"."+key, key+" is true or false")
	}
	return false
}

// modelOf checks a model by itself, and reports whether the others may use it.
func (c *checker) modelOf(m Model) bool {
	path, before := "models."+m.Name, len(c.problems)
	c.name(path, m.Name)
	if m.Raster {
		if len(m.Features)+len(m.Yes)+len(m.No)+len(m.Weights) > 0 {
			c.add(path+".raster", "the model is read from a raster, and computed from features too: remove one; a run can give a raster for any model that is computed")
			return false
		}
		return len(c.problems) == before
	}
	if len(m.Features) == 0 || len(m.Features) > bandmath.MaxFeatures {
		c.add(path+".features", "the model has %d features: give 1 to %d", len(m.Features), bandmath.MaxFeatures)
	}
	for i := range m.Features {
		c.measured(fmt.Sprintf("%s.features[%d]", path, i), m.source(i, bandmath.Before), "the model")
	}
	sound := len(c.problems) == before
	classes := len(m.Yes)+len(m.No) > 0
	switch {
	case m.trained() && !classes:
		c.add(path, "the model has neither classes nor weights: give yes and no, survey classes to train it on, or weights")
	case !m.trained() && classes:
		c.add(path+".weights", "survey classes and weights exclude each other: remove one")
	case !m.trained() && len(m.Weights) != len(m.Features)+1:
		c.add(path+".weights", "there are %d weights for %d features: give one for the constant, then one for each feature", len(m.Weights), len(m.Features))
	case m.trained() && m.Pair:
		c.add(path+".yes", "a survey knows one date and cannot train a model of a pair: give weights")
	case m.trained() && (len(m.Yes) == 0 || len(m.No) == 0):
		c.add(path, "give both yes and no: the classes where the model is to be high and those where it is to be low")
	case m.trained():
		c.classes(path, "yes", m.Yes, "no", m.No)
	}
	return sound
}
