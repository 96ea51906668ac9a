package bandmath

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// namesOf returns the names that the user defines, or what is wrong with them.
func namesOf(o Options) (names, error) {
	n := names{formulas: map[string]string{}, pairs: map[string]string{}}
	wrong := n.define(n.formulas, "an index", "index", o.Indices)
	wrong = append(wrong, n.define(n.pairs, "a pair formula", "pair formula", o.Pairs)...)
	wrong = append(wrong, n.addModels(o.Models)...)
	for _, l := range o.Limits {
		n.limits = append(n.limits, strings.ToLower(l))
	}
	slices.Sort(n.limits)
	return n, errors.Join(wrong...)
}

// defined lists the names of what the user defined, sorted: indices, pair formulas, models.
func (n names) defined() []string {
	list := slices.Collect(maps.Keys(n.formulas))
	list = slices.AppendSeq(list, maps.Keys(n.pairs))
	list = slices.AppendSeq(list, maps.Keys(n.models))
	slices.Sort(list)
	return list
}

// define takes formulas into a map of the names, by lower-case name.
func (n names) define(into map[string]string, a, what string, formulas map[string]string) []error {
	var wrong []error
	for _, name := range slices.Sorted(maps.Keys(formulas)) {
		lower := strings.ToLower(name)
		t := text{source: name, index: name, body: formulas[name]}
		_, twice := into[lower]
		switch why := conflict(lower); {
		case why == "" && !isWord(name):
			wrong = append(wrong, t.errorf(0, "%s cannot be called %q: it is not a name: use letters, digits and _, a letter first", a, name))
		case !isWord(name):
			wrong = append(wrong, t.errorf(0, "%s cannot be called %q: it %s", a, name, why))
		case twice:
			wrong = append(wrong, t.errorf(0, "the %s %s is defined twice: upper and lower case are the same", what, name))
		default:
			if why == "" {
				why = n.taken(lower)
			}
			if why != "" {
				wrong = append(wrong, t.errorf(0, "%s cannot be called %s: it %s; choose another name", a, name, why))
				continue
			}
			into[lower] = formulas[name]
		}
	}
	return wrong
}

// taken says why the user may not give a name (lower case) to something more; empty when it is free.
func (n names) taken(name string) string {
	_, isFormula := n.formulas[name]
	_, isPair := n.pairs[name]
	_, isModel := n.models[name]
	switch {
	case isFormula:
		return "is an index of the file"
	case isPair:
		return "is a pair formula of the file"
	case isModel:
		return "is the probability of another model"
	}
	return conflict(name)
}

// isWord reports whether the grammar takes name for a name.
func isWord(name string) bool {
	tree, err := parse(text{body: name})
	id, ok := tree.(*ast.IdentifierNode)
	return err == nil && ok && id.Value == name
}
