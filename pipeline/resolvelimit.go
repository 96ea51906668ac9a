package pipeline

import (
	"fmt"
	"math"

	"tuban/classify/limit"
	"tuban/classify/rules"
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

// defaulted begins the words for a limit that stays at its default.
const defaulted = "default, for: "

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
		out.Value, out.How = &v, defaulted+out.How
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
		if v-v == 0 {
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
