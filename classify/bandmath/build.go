package bandmath

import (
	"math"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// term is what a piece of syntax became: a node and what is known of its text.
type term struct {
	id        int
	condition bool
	size      int // operators, names and numbers after expansion
}

// scope is where a piece of syntax stands.
type scope struct {
	text  text
	date  Date // what bare names belong to
	bare  bool // bare names are allowed, dated ones are not
	depth int
}

// builder turns syntax into nodes of one graph.
type builder struct {
	g        *graph
	names    names
	trees    map[string]ast.Node // of index formulas
	expanded map[dated]term
	open     []string       // indices being expanded, outermost first
	autos    map[string]int // what each automatic limit is found from
}

type dated struct {
	date Date
	name string
}

func (b *builder) build(n ast.Node, s scope) (term, error) {
	if s.depth++; s.depth > maxDepth {
		return term{}, s.text.errorf(at(n), "the expression is nested more than %d deep: move parts of it into indices or use fewer parentheses", maxDepth)
	}
	t, err := b.node(n, s)
	if err == nil && (t.size > maxNodes || b.g.nodes[t.id].height > maxDepth) {
		if t.size > maxNodes {
			return term{}, s.text.errorf(at(n), "the expression has more than %d operations once its indices are written out: split it", maxNodes)
		}
		return term{}, s.text.errorf(at(n), "the expression is nested more than %d deep once its indices are written out: split it", maxDepth)
	}
	return t, err
}

func (b *builder) node(n ast.Node, s scope) (term, error) {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return b.number(float64(n.Value), n, s)
	case *ast.FloatNode:
		return b.number(n.Value, n, s)
	case *ast.BoolNode:
		k := isFalse
		if n.Value {
			k = isTrue
		}
		return term{b.g.truth(k), true, 1}, nil
	case *ast.IdentifierNode, *ast.MemberNode:
		return b.name(n, nil, n, s)
	case *ast.UnaryNode:
		return b.unary(n, s)
	case *ast.BinaryNode:
		return b.binary(n, s)
	case *ast.ConditionalNode:
		return b.conditional(n, s)
	case *ast.BuiltinNode:
		// The parser has a mean of its own; here it is a texture.
		if _, texture := textures[n.Name]; texture {
			name := &ast.IdentifierNode{Value: n.Name}
			call := &ast.CallNode{Callee: name, Arguments: n.Arguments}
			name.SetLocation(n.Location())
			call.SetLocation(n.Location())
			return b.node(call, s)
		}
		return b.call(n.Name, n.Arguments, n, s)
	case *ast.CallNode:
		if f, ok := n.Callee.(*ast.IdentifierNode); ok {
			if _, texture := textures[strings.ToLower(f.Value)]; !texture {
				return b.call(f.Value, n.Arguments, n, s)
			}
		}
		return b.name(n.Callee, n.Arguments, n, s)
	case *ast.StringNode:
		return term{}, s.text.errorf(at(n), "text has no meaning here: write names without quotes, numbers without units")
	}
	return term{}, s.text.errorf(at(n), "this construct is not part of the language: use names, numbers, + - * / **, comparisons, and, or, not, ?: and functions")
}

func (b *builder) number(v float64, n ast.Node, s scope) (term, error) {
	f := float32(v)
	if math.IsInf(float64(f), 0) || math.IsNaN(float64(f)) {
		return term{}, s.text.errorf(at(n), "the number is too large: values are 32-bit floating point, up to 3.4e38")
	}
	return term{b.g.constant(f), false, 1}, nil
}

func (b *builder) value(n ast.Node, s scope, of string) (term, error) {
	t, err := b.build(n, s)
	if err == nil && t.condition {
		err = s.text.errorf(at(n), "%s needs a number, but this is a condition (true or false): write condition ? number : number to make one of it%s", of, notHint(n))
	}
	return t, err
}

func (b *builder) condition(n ast.Node, s scope, of string) (term, error) {
	t, err := b.build(n, s)
	if err == nil && !t.condition {
		err = s.text.errorf(at(n), "%s needs a condition (true or false), but this is a number: compare it with something, as in %s > 0", of, shortest(n))
	}
	return t, err
}

// notHint catches "not a < b", which the grammar reads as "(not a) < b".
func notHint(n ast.Node) string {
	if u, ok := n.(*ast.UnaryNode); ok && (u.Operator == "not" || u.Operator == "!") {
		return "; not binds tighter than a comparison: write not (a < b)"
	}
	return ""
}

func shortest(n ast.Node) string {
	if m, ok := n.(*ast.MemberNode); ok {
		return m.String()
	}
	return "x"
}

func (b *builder) unary(n *ast.UnaryNode, s scope) (term, error) {
	switch n.Operator {
	case "not", "!":
		t, err := b.build(n.Node, s)
		if err == nil && !t.condition {
			err = s.text.errorf(at(n), "not needs a condition, but what follows is a number: not binds tighter than a comparison, so write not (a < b)")
		}
		if err != nil {
			return term{}, err
		}
		return term{b.g.not(t.id), true, t.size + 1}, nil
	case "-", "+":
		t, err := b.value(n.Node, s, "the sign "+n.Operator)
		if err != nil || n.Operator == "+" {
			return t, err
		}
		return term{b.g.arith(opMul, t.id, b.g.constant(-1)), false, t.size + 1}, nil
	}
	return term{}, s.text.errorf(at(n), "the operator %s is not part of the language", n.Operator)
}

var arithmetic = map[string]op{"+": opAdd, "-": opSub, "*": opMul, "/": opDiv, "**": opPow, "^": opPow}

var comparisons = map[string]op{"<": opLess, "<=": opLessEq, ">": opMore, ">=": opMoreEq, "==": opEqual, "!=": opEqual}

func (b *builder) binary(n *ast.BinaryNode, s scope) (term, error) {
	if logical(n.Operator) != 0 {
		return b.logic(n, s)
	}
	o, isArithmetic := arithmetic[n.Operator]
	c, isComparison := comparisons[n.Operator]
	if !isArithmetic && !isComparison {
		return term{}, s.text.errorf(at(n), "the operator %s is not part of the language: there are + - * / **, < <= > >= == !=, and, or, not, ?:", n.Operator)
	}
	x, y, err := b.operands(n, isComparison, s)
	if err != nil {
		return term{}, err
	}
	t := term{size: x.size + y.size + 1, condition: isComparison}
	switch {
	case isComparison:
		if t.id = b.g.compare(c, x.id, y.id); n.Operator == "!=" {
			t.id = b.g.not(t.id)
		}
	case o == opPow:
		t.id = b.g.power(x.id, y.id)
	default:
		t.id = b.g.arith(o, x.id, y.id)
	}
	return t, nil
}

// operands builds the two sides of an operator. One side of a comparison may be the word auto.
func (b *builder) operands(n *ast.BinaryNode, isComparison bool, s scope) (x, y term, err error) {
	left, right := isComparison && isAuto(n.Left), isComparison && isAuto(n.Right)
	if !left || right {
		if x, err = b.value(n.Left, s, n.Operator); err != nil {
			return x, y, err
		}
	}
	if !right {
		if y, err = b.value(n.Right, s, n.Operator); err != nil {
			return x, y, err
		}
	}
	switch {
	case left:
		x, err = b.auto(n, y, n.Right, s)
	case right:
		y, err = b.auto(n, x, n.Left, s)
	}
	return x, y, err
}

func logical(operator string) op {
	switch operator {
	case "and", "&&":
		return opAll
	case "or", "||":
		return opAny
	}
	return 0
}

// logic takes a whole chain "a and b and c" at once, so that its length does not count as depth.
func (b *builder) logic(n *ast.BinaryNode, s scope) (term, error) {
	o := logical(n.Operator)
	operands := []ast.Node{n.Right}
	left := n.Left
	for {
		l, ok := left.(*ast.BinaryNode)
		if !ok || logical(l.Operator) != o {
			break
		}
		operands = append(operands, l.Right)
		left = l.Left
	}
	operands = append(operands, left)
	slices.Reverse(operands)

	t := term{condition: true, size: len(operands) - 1}
	var ids []int
	for _, operand := range operands {
		x, err := b.condition(operand, s, n.Operator)
		if err != nil {
			return term{}, err
		}
		t.size += x.size
		ids = append(ids, x.id)
	}
	t.id = b.g.join(o, ids...)
	return t, nil
}

func (b *builder) conditional(n *ast.ConditionalNode, s scope) (term, error) {
	c, err := b.condition(n.Cond, s, "the part before ?")
	if err != nil {
		return term{}, err
	}
	x, err := b.build(n.Exp1, s)
	if err != nil {
		return term{}, err
	}
	y, err := b.build(n.Exp2, s)
	if err != nil {
		return term{}, err
	}
	if x.condition != y.condition {
		return term{}, s.text.errorf(at(n.Exp2), "both sides of : must be numbers or both conditions")
	}
	o := opChoose
	if x.condition {
		o = opDecide
	}
	return term{b.g.choose(o, c.id, x.id, y.id), x.condition, c.size + x.size + y.size + 1}, nil
}

// at returns the place of n in its text, in characters. The parser puts some nodes behind what they begin with.
func at(n ast.Node) int {
	switch n := n.(type) {
	case *ast.ConditionalNode:
		return at(n.Cond)
	case *ast.CallNode:
		return at(n.Callee)
	}
	return n.Location().From
}
