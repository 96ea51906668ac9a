package bandmath

import (
	"fmt"
	"math"
	"strings"

	"github.com/expr-lang/expr/ast"

	"tuban/classify/index"
)

// twin evaluates an expression pixel by pixel on its syntax tree: no graph, no folding, no sharing, no laziness.
type twin struct {
	formulas map[string]string
	pixel    map[Input]float32
	options  Options
	params   map[string]float32
}

// param is the value of a parameter: NaN when it has none.
func (w twin) param(name string) float32 {
	if v, ok := w.params[name]; ok {
		return settle(v)
	}
	return nan
}

// eval returns a float32 or a uint8. Wrong expressions panic: the compiler has to refuse them first.
func (w twin) eval(n ast.Node, date Date) any {
	number := func(n ast.Node) float32 { return w.eval(n, date).(float32) }
	truth := func(n ast.Node) uint8 { return w.eval(n, date).(uint8) }
	switch n := n.(type) {
	case *ast.IntegerNode:
		return float32(n.Value)
	case *ast.FloatNode:
		return float32(n.Value)
	case *ast.BoolNode:
		if n.Value {
			return uint8(2)
		}
		return uint8(0)
	case *ast.IdentifierNode:
		return w.name(date, n.Value, nil)
	case *ast.MemberNode:
		if strings.EqualFold(n.Node.String(), "limit") {
			return w.param("limit." + strings.ToLower(n.Property.(*ast.StringNode).Value))
		}
		return w.name(dateOf(n), n.Property.(*ast.StringNode).Value, nil)
	case *ast.UnaryNode:
		switch n.Operator {
		case "-":
			return settle(-number(n.Node))
		case "+":
			return number(n.Node)
		}
		return 2 - truth(n.Node)
	case *ast.ConditionalNode:
		switch c := truth(n.Cond); {
		case c == 2:
			return w.eval(n.Exp1, date)
		case c == 0:
			return w.eval(n.Exp2, date)
		}
		if _, ok := w.eval(n.Exp1, date).(uint8); ok {
			return uint8(1)
		}
		return nan
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&":
			return min(truth(n.Left), truth(n.Right))
		case "or", "||":
			return max(truth(n.Left), truth(n.Right))
		}
		switch {
		case strings.EqualFold(n.Left.String(), "auto"):
			return binaryTwin(n.Operator, w.param("auto("+strings.ToLower(n.Right.String())+")"), number(n.Right))
		case strings.EqualFold(n.Right.String(), "auto"):
			return binaryTwin(n.Operator, number(n.Left), w.param("auto("+strings.ToLower(n.Left.String())+")"))
		}
		return binaryTwin(n.Operator, number(n.Left), number(n.Right))
	case *ast.BuiltinNode:
		return w.call(n.Name, n.Arguments, number)
	case *ast.CallNode:
		switch f := n.Callee.(type) {
		case *ast.MemberNode:
			return w.name(dateOf(f), f.Property.(*ast.StringNode).Value, n.Arguments)
		case *ast.IdentifierNode:
			if _, ok := textures[strings.ToLower(f.Value)]; ok {
				return w.name(date, f.Value, n.Arguments)
			}
			return w.call(f.Value, n.Arguments, number)
		}
	}
	panic(fmt.Sprintf("twin: %T", n))
}

func dateOf(n *ast.MemberNode) Date {
	return map[string]Date{"before": Before, "after": After}[strings.ToLower(n.Node.(*ast.IdentifierNode).Value)]
}

func (w twin) name(date Date, name string, args []ast.Node) any {
	name = strings.ToLower(name)
	size := textures[name]
	if len(args) == 1 {
		switch a := args[0].(type) {
		case *ast.IntegerNode:
			size = float64(a.Value)
		case *ast.FloatNode:
			size = a.Value
		}
	}
	if v, ok := w.pixel[Input{date, name, size}]; ok {
		return v
	}
	if size > 0 || isRole(name) || name == "growing" || name == "snow" || name == "change" {
		return float32(0.25) // no program reads it, so it cannot matter
	}
	for _, m := range w.options.Models {
		if name == m.Probability() && m.Raster {
			return float32(0.25) // no program reads it either
		}
		if name == m.Probability() {
			return w.model(m, date)
		}
	}
	formula, ok := w.formulas[name]
	if !ok {
		formula, ok = w.options.Pairs[name]
	}
	if !ok {
		x, _ := index.Lookup(name)
		formula = x.Formula
	}
	tree, err := parse(text{body: formula})
	if err != nil {
		panic(err)
	}
	return w.eval(tree, date)
}

// model is the logistic function, saturated where its exponential is still finite.
func (w twin) model(m Model, date Date) float32 {
	z := w.param(m.Params()[0])
	for i, f := range m.Features {
		tree, err := parse(text{body: f})
		if err != nil {
			panic(err)
		}
		product := settle(w.eval(tree, date).(float32) * w.param(m.Params()[i+1]))
		z = settle(z + product)
	}
	return 1 / (1 + float32(math.Exp(float64(-min(max(z, -80), 80)))))
}

func binaryTwin(operator string, a, b float32) any {
	nans := a != a || b != b
	kleene := func(holds bool) uint8 {
		switch {
		case nans:
			return 1
		case holds:
			return 2
		}
		return 0
	}
	switch operator {
	case "<":
		return kleene(a < b)
	case "<=":
		return kleene(a <= b)
	case ">":
		return kleene(a > b)
	case ">=":
		return kleene(a >= b)
	case "==":
		return kleene(a == b)
	case "!=":
		return kleene(a != b)
	}
	var r float32
	switch operator {
	case "+":
		r = a + b
	case "-":
		r = a - b
	case "*":
		r = a * b
	case "/":
		r = a / b
	case "**", "^":
		switch {
		case nans:
			r = nan
		case b == 2:
			r = a * a
		case b == 3:
			r = settle(a*a) * a
		case b == 0.5:
			r = float32(math.Sqrt(float64(a)))
		default:
			r = float32(math.Pow(float64(a), float64(b)))
		}
	}
	return settle(r)
}

func (w twin) call(name string, args []ast.Node, number func(ast.Node) float32) any {
	x := make([]float32, len(args))
	for i, a := range args {
		x[i] = number(a)
	}
	r := x[0]
	switch strings.ToLower(name) {
	case "isknown":
		if r == r {
			return uint8(2)
		}
		return uint8(0)
	case "abs":
		r = float32(math.Abs(float64(r)))
	case "sqrt":
		r = float32(math.Sqrt(float64(r)))
	case "log":
		r = float32(math.Log(float64(r)))
	case "exp":
		r = float32(math.Exp(float64(r)))
	case "min":
		for _, v := range x[1:] {
			r = settle(min(r, v))
		}
	case "max":
		for _, v := range x[1:] {
			r = settle(max(r, v))
		}
	case "clamp":
		r = min(settle(max(r, x[1])), x[2])
	default:
		panic("twin: " + name)
	}
	return settle(r)
}

// settle makes NaN of what is infinite.
func settle(r float32) float32 {
	if math.IsInf(float64(r), 0) {
		return nan
	}
	return r
}
