package pipeline

import (
	"tuban/classify/rules"
	"tuban/classify/train"
)

// ResolvedModel is the weights of a model of the rules.
type ResolvedModel struct {
	Name string `json:"name"`
	// Weights are of the constant and of each feature; empty where the model is unknown.
	Weights []float64 `json:"weights,omitempty"`
	How     string    `json:"how"`
	// Report says how well the model tells its examples apart; nil where the weights were given.
	Report *train.Report `json:"report,omitempty"`
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
