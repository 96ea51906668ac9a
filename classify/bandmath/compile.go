package bandmath

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"tuban/raster"
)

// Compile turns sources into one program, in which what they have in common is computed once.
//
// A source with Colour decides a pixel by Colour where some date has a visible band but lacks a further band that Text
// reads of that date, and by Text everywhere else. So a pixel without data stays with Text, which is unknown there, or
// false because of the other date: a missing date never passes for a missing band.
//
// Behind the sources come those of the automatic limits (Program.Autos).
//
// The error joins (errors.Join) an *Error for each source and each index, pair formula and model of Options that is
// wrong, so that all can be shown at once; these are checked even where no source uses them.
func Compile(sources []Source, o Options) (*Program, error) {
	own, err := namesOf(o)
	if err != nil {
		return nil, err
	}
	b := &builder{
		g:        newGraph(),
		names:    own,
		trees:    make(map[string]ast.Node),
		expanded: make(map[dated]term),
		autos:    make(map[string]int),
	}
	var wrong []error
	for _, name := range own.defined() {
		if _, err := b.expand(None, name, 0, scope{text: text{source: name, body: name}}); err != nil {
			wrong = append(wrong, err)
		}
		b.open = b.open[:0]
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	p := &Program{sources: slices.Clone(sources)}
	for _, src := range sources {
		root, err := b.source(src, o)
		if err != nil {
			wrong = append(wrong, err)
		}
		p.roots = append(p.roots, root)
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	p.automatic(b)
	p.schedule(b.g)
	if len(p.nodes) > maxProgram {
		return nil, fmt.Errorf("the expressions have %d distinct operations together, more than %d: use fewer of them", len(p.nodes), maxProgram)
	}
	return p, nil
}

func (b *builder) source(src Source, o Options) (int, error) {
	t := text{source: src.Name, body: src.Text}
	tree, err := parse(t)
	if err != nil {
		return 0, err
	}
	s := scope{text: t, date: src.Date, bare: o.SingleDate || src.Date != None}
	var x term
	if src.Condition {
		x, err = b.condition(tree, s, "this place")
		if err == nil && src.Colour != "" {
			x, err = b.colour(src, x, s)
		}
	} else {
		x, err = b.value(tree, s, "this place")
	}
	return x.id, err
}

// schedule takes from the graph what the roots need, in an order in which operands come first, numbers the inputs in
// an order that does not depend on the text, and gives a slot to every result that is asked for more than once.
func (p *Program) schedule(g *graph) {
	live := make([]bool, len(g.nodes))
	uses := make([]int, len(g.nodes))
	for _, r := range p.roots {
		live[r] = true
		uses[r] += 2 // the caller may keep a root's result until the next chunk, so no scratch may hold it
	}
	for id := len(g.nodes) - 1; id >= 0; id-- {
		for _, a := range g.nodes[id].args {
			if live[id] {
				live[a] = true
				uses[a]++
			}
		}
	}

	renumbered := make([]int, len(g.nodes))
	for id, n := range g.nodes {
		if !live[id] {
			continue
		}
		n.args = slices.Clone(n.args)
		for i, a := range n.args {
			n.args[i] = renumbered[a]
		}
		n.slot = -1
		switch {
		case n.op == opInput:
			p.inputs = append(p.inputs, g.inputs[n.input])
		case n.op == opParam:
			p.params = append(p.params, g.params[n.input])
		}
		switch {
		case n.op == opInput:
		case uses[id] < 2:
		case n.op.condition():
			n.slot = p.slots.conditions
			p.slots.conditions++
		case !n.op.fixed() || slices.Contains(p.roots, id):
			n.slot = p.slots.values
			p.slots.values++
		}
		renumbered[id] = len(p.nodes)
		p.nodes = append(p.nodes, n)
	}
	for i, r := range p.roots {
		p.roots[i] = renumbered[r]
	}
	slices.SortFunc(p.inputs, compareInputs)
	slices.Sort(p.params)
	for i, n := range p.nodes {
		switch n.op {
		case opInput:
			p.nodes[i].input = slices.Index(p.inputs, g.inputs[n.input])
		case opParam:
			p.nodes[i].input = slices.Index(p.params, g.params[n.input])
		}
	}
	p.measure()
}

func compareInputs(a, b Input) int {
	place := func(in Input) int {
		if r, ok := in.Role(); ok {
			return slices.Index(raster.Roles, r)
		}
		return len(raster.Roles)
	}
	return cmp.Or(cmp.Compare(a.Date, b.Date), place(a)-place(b), strings.Compare(a.Name, b.Name), cmp.Compare(a.Size, b.Size))
}

// slots counts the buffers of a machine.
type slots struct {
	values, conditions int // results that are kept for the chunk
	scratch            int // levels of intermediate results
}

// measure finds the scratch levels that evaluation needs and what each source reads.
func (p *Program) measure() {
	levels := make([]int, len(p.nodes))
	reads := make([][]bool, len(p.nodes))
	for id, n := range p.nodes {
		levels[id] = 1
		reads[id] = make([]bool, len(p.inputs))
		if n.op == opInput {
			reads[id][n.input] = true
		}
		for i, a := range n.args {
			if n.op == opAll || n.op == opAny {
				i = min(i, 1) // later terms reuse the level of the second
			}
			levels[id] = max(levels[id], i+levels[a])
			for k, r := range reads[a] {
				reads[id][k] = reads[id][k] || r
			}
		}
		p.slots.scratch = max(p.slots.scratch, levels[id])
	}
	for _, r := range p.roots {
		var needs []Input
		for k, in := range p.inputs {
			if reads[r][k] {
				needs = append(needs, in)
			}
		}
		p.needs = append(p.needs, needs)
	}
}
