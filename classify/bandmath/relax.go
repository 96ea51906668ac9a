package bandmath

import "slices"

// Relax returns what the conditions of p say when only some inputs are looked at: where a condition is false or true whatever
// the others hold, it is that; elsewhere it is unknown. So what the relaxed program denies need not be asked of p.
//
// It rests on Kleene's logic being monotone: a verdict that stands with an operand unknown stands for any value of that operand.
// Inputs keep their order and number; those that are not available may be anything of full length. Values are all NaN.
func (p *Program) Relax(available func(Input) bool) *Program {
	r := relaxing{p: p, g: newGraph(), ids: make([]int, len(p.nodes)), known: make([]bool, len(p.nodes)), pure: make([]bool, len(p.nodes))}
	r.g.inputs, r.g.params = p.inputs, p.params
	for _, in := range p.inputs {
		r.inputs = append(r.inputs, available(in))
	}
	for id := range p.nodes {
		r.node(id)
	}
	q := &Program{sources: p.sources, autos: p.autos}
	for i, root := range p.roots {
		if p.sources[i].Condition {
			q.roots = append(q.roots, r.ids[root])
		} else {
			q.roots = append(q.roots, r.g.constant(nan))
		}
	}
	q.schedule(r.g)
	for i, n := range q.nodes {
		if n.op == opInput {
			q.nodes[i].input = slices.Index(p.inputs, q.inputs[n.input])
		}
	}
	q.inputs = p.inputs
	return q
}

// Decides reports whether a condition can be anything but unknown.
func (p *Program) Decides(source int) bool {
	n := p.nodes[p.roots[source]]
	return n.op != opTruth || uint8(n.value) != unknown
}

// relaxing carries the nodes of p over to another graph.
type relaxing struct {
	p      *Program
	g      *graph
	inputs []bool // available
	ids    []int  // by node of p: the node that stands for it, of values when known
	known  []bool // by node of p: something stands for it; for conditions always
	pure   []bool // by node of p: it does not depend on what is not available
}

func (r *relaxing) node(id int) {
	n := &r.p.nodes[id]
	args, known, pure := make([]int, len(n.args)), true, true
	for i, a := range n.args {
		args[i], known, pure = r.ids[a], known && r.known[a], pure && r.pure[a]
	}
	if n.op == opInput {
		known, pure = r.inputs[n.input], r.inputs[n.input]
	}
	r.known[id], r.pure[id] = known || n.op.condition(), pure
	switch {
	case n.op == opAll, n.op == opAny:
		r.ids[id] = r.g.join(n.op, args...)
	case n.op == opNot:
		r.ids[id] = r.g.not(args[0])
	case n.op == opDecide:
		r.ids[id] = r.g.choose(n.op, args[0], args[1], args[2])
	case n.op == opKnown && !pure:
		// A choice between values may be open here and made there: then it is missing here, and not there.
		r.ids[id] = r.g.truth(unknown)
	case known:
		r.ids[id] = r.g.add(n.op, n.value, n.input, args...)
	case n.op.condition():
		r.ids[id] = r.g.truth(unknown)
	}
}
