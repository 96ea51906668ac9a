package bandmath

import (
	"fmt"
	"strings"
)

// MaxFeatures is the most features of a model.
const MaxFeatures = 24

// maxLogit is where the logistic function is 1 or 0 to a float32, and exp is finite still.
const maxLogit = 80

// Model gives a name, p_NAME, to a logistic function of features with weights that are not known when compiling:
//
//	1 / (1 + exp(-(w0 + w1·f1 + … + wn·fn)))
//
// It is a name of one date (after.p_NAME) or, for a pair, a name without a date where there are two (p_NAME). Where a
// feature has no value, the model has none.
type Model struct {
	Name string
	// Pair says that the features are over both dates (before.red - after.red), else over the bare names of one.
	Pair bool
	// Features are values, one to MaxFeatures. They must not depend on limits or other models.
	Features []string
	// Raster says that the probability was computed elsewhere and is an input; the model has neither features nor weights.
	Raster bool
}

// Probability returns the name that the model gives.
func (m Model) Probability() string { return probability + strings.ToLower(m.Name) }

// Params lists the parameters that are the model's weights: w0, then one for each feature; none for a raster.
func (m Model) Params() []string {
	if m.Raster {
		return nil
	}
	params := make([]string, len(m.Features)+1)
	for i := range params {
		params[i] = fmt.Sprintf("model.%s.%d", strings.ToLower(m.Name), i)
	}
	return params
}

// model builds the formula of a model for one date, or for the pair.
func (b *builder) model(m Model, date Date, s scope) (term, error) {
	if m.Raster {
		return term{b.g.input(Input{Date: date, Name: m.Probability()}), false, 1}, nil
	}
	s = scope{date: date, bare: !m.Pair, depth: s.depth, text: text{source: s.text.source, index: m.Probability()}}
	params := m.Params()
	sum := term{id: b.g.param(params[0]), size: 1}
	for i, f := range m.Features {
		s.text.body = f
		tree, err := parse(s.text)
		if err != nil {
			return term{}, err
		}
		x, err := b.value(tree, s, "a feature")
		if err != nil {
			return term{}, err
		}
		if _, on := b.g.reads(x.id); len(on) > 0 {
			return term{}, s.text.errorf(0, "a feature must not depend on %s: models and limits are found from pixels alone", on[0])
		}
		sum.id = b.g.arith(opAdd, b.g.arith(opMul, x.id, b.g.param(params[i+1])), sum.id)
		sum.size += x.size + 3
	}
	one, most := b.g.constant(1), b.g.constant(maxLogit)
	z := b.g.arith(opMin, b.g.arith(opMax, sum.id, b.g.constant(-maxLogit)), most)
	e := b.g.arith(opExp, b.g.arith(opMul, z, b.g.constant(-1)))
	return term{b.g.arith(opDiv, one, b.g.arith(opAdd, e, one)), false, sum.size + 8}, nil
}

// addModels takes the models into the names, or says what is wrong with them.
func (n *names) addModels(models []Model) []error {
	n.models = make(map[string]Model, len(models))
	var wrong []error
	for _, m := range models {
		name := m.Probability()
		t := text{source: m.Name, index: m.Name, body: m.Name}
		switch why := n.taken(name); {
		case !isWord(name):
			wrong = append(wrong, t.errorf(0, "a model cannot be called %q: use letters, digits and _", m.Name))
		case why != "":
			wrong = append(wrong, t.errorf(0, "a model cannot be called %s: %s %s; choose another name", m.Name, name, why))
		case m.Raster && len(m.Features) > 0:
			wrong = append(wrong, t.errorf(0, "the model is a raster and has %d features: give either", len(m.Features)))
		case m.Raster:
			n.models[name] = m
		case len(m.Features) == 0 || len(m.Features) > MaxFeatures:
			wrong = append(wrong, t.errorf(0, "the model has %d features: give 1 to %d", len(m.Features), MaxFeatures))
		default:
			n.models[name] = m
		}
	}
	return wrong
}
