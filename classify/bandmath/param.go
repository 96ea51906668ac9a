package bandmath

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"tuban/classify/kernel"
)

// Auto is a limit that the program leaves to whoever knows the pixels: the word auto on one side of a comparison.
type Auto struct {
	// Param is the parameter's name, auto(…) with the other side's text.
	Param string
	// Source is a value source, behind those that were compiled, that evaluates the other side.
	Source int
}

// LimitParam returns the parameter that limit.name stands for.
func LimitParam(name string) string { return "limit." + strings.ToLower(name) }

// Params lists the parameters that the program depends on, sorted: limits, weights of models, automatic limits.
// The caller must not change the slice.
func (p *Program) Params() []string { return p.params }

// Autos lists the automatic limits that the program depends on, sorted by parameter. The caller must not change the slice.
func (p *Program) Autos() []Auto { return p.autos }

// Bind returns the program with the parameters that values names set; others keep what they had. A parameter that was
// never set is NaN, as is one that is set to what is not finite: what depends on it is unknown. Inputs, sources and
// what each of them reads are the same. Names that the program does not depend on are ignored.
func (p *Program) Bind(values map[string]float32) *Program {
	bound := *p
	bound.nodes = slices.Clone(p.nodes)
	for i, n := range bound.nodes {
		if n.op != opParam {
			continue
		}
		if v, ok := values[p.params[n.input]]; ok {
			bound.nodes[i].value = kernel.Finite(v)
		}
	}
	return &bound
}

// param returns the node of a parameter.
func (g *graph) param(name string) int {
	i := slices.Index(g.params, name)
	if i < 0 {
		i = len(g.params)
		g.params = append(g.params, name)
	}
	return g.add(opParam, nan, i)
}

// limit resolves limit.NAME.
func (b *builder) limit(m *ast.MemberNode, s scope) (term, error) {
	property, ok := m.Property.(*ast.StringNode)
	if !ok || m.Optional {
		return term{}, s.text.errorf(at(m), "a limit is written limit.NAME")
	}
	word := strings.ToLower(property.Value)
	if slices.Contains(b.names.limits, word) {
		return term{b.g.param(LimitParam(word)), false, 1}, nil
	}
	hint := "define it as a limit"
	if near := nearest(word, b.names.limits); near != "" {
		hint = "did you mean limit." + near + "?"
	}
	return term{}, s.text.errorf(at(m), "unknown limit %s: %s", word, hint)
}

func isAuto(n ast.Node) bool {
	id, ok := n.(*ast.IdentifierNode)
	return ok && strings.EqualFold(id.Value, "auto")
}

// auto resolves the word auto as the limit that other is compared with.
func (b *builder) auto(n *ast.BinaryNode, x term, other ast.Node, s scope) (term, error) {
	if s.bare || s.text.index != "" {
		return term{}, s.text.errorf(at(n), "automatic limits are not available here: give a number")
	}
	if n.Operator == "==" || n.Operator == "!=" {
		return term{}, s.text.errorf(at(n), "an automatic limit is a threshold, to which nothing is equal: compare with < or >")
	}
	switch inputs, params := b.g.reads(x.id); {
	case len(params) > 0:
		return term{}, s.text.errorf(at(other), "what is compared with an automatic limit must not depend on %s: limits and models are found first, from pixels alone", params[0])
	case len(inputs) == 0:
		return term{}, s.text.errorf(at(other), "an automatic limit is found from pixels, but this reads none: give a number")
	}
	name := "auto(" + strings.ToLower(other.String()) + ")"
	if id, ok := b.autos[name]; ok && id != x.id {
		return term{}, s.text.errorf(at(other), "two automatic limits would be called %s: write one of them differently", name)
	}
	b.autos[name] = x.id
	return term{b.g.param(name), false, 1}, nil
}

// automatic appends a source for each automatic limit that the sources so far depend on.
func (p *Program) automatic(b *builder) {
	var used []string
	for _, r := range p.roots {
		_, params := b.g.reads(r)
		used = append(used, params...)
	}
	slices.Sort(used)
	for _, name := range slices.Compact(used) {
		id, ok := b.autos[name]
		if !ok {
			continue
		}
		p.autos = append(p.autos, Auto{Param: name, Source: len(p.sources)})
		p.sources = append(p.sources, Source{Name: name, Text: name[len("auto(") : len(name)-1]})
		p.roots = append(p.roots, id)
	}
}

func isLimit(m *ast.MemberNode) bool {
	id, ok := m.Node.(*ast.IdentifierNode)
	return ok && strings.EqualFold(id.Value, "limit")
}
