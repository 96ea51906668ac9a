package where

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"tuban/raster/spell"
)

// Expression is a compiled condition or value of one patch.
type Expression struct {
	program *vm.Program
	// arguments are those of each function, each once, sorted.
	arguments map[string][]string
	values    []string
}

const (
	maxBytes = 4096
	maxNodes = 256
)

// operators are the binary operators of the language.
var operators = []string{"+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "and", "or", "&&", "||"}

// Condition compiles what is true or false of a patch.
func (l Language) Condition(text string) (*Expression, error) {
	e, err := l.compile(text, expr.AsBool())
	if err != nil && strings.HasPrefix(err.Error(), "expected bool") {
		value := "a value"
		if calls := l.calls(); len(calls) > 0 {
			value = calls[0]
		}
		err = fmt.Errorf(`this is a value, not a condition: compare it, such as %s >= 100`, value)
	}
	return e, err
}

// Value compiles a number of a patch.
func (l Language) Value(text string) (*Expression, error) {
	e, err := l.compile(text, expr.AsFloat64())
	if err != nil && strings.HasPrefix(err.Error(), "expected float64") {
		err = errors.New("this is a condition, not a value: name a number, such as " + list(l.words()))
	}
	return e, err
}

func (l Language) compile(text string, kind expr.Option) (*Expression, error) {
	if len(text) > maxBytes {
		return nil, fmt.Errorf("the condition has %d bytes, at most %d are allowed", len(text), maxBytes)
	}
	tree, err := parser.Parse(text)
	if err != nil {
		return nil, located(text, err)
	}
	e := &Expression{arguments: map[string][]string{}}
	v := &visitor{text: text, language: l, Expression: e}
	ast.Walk(&tree.Node, v)
	if v.err != nil {
		return nil, v.err
	}
	for name, list := range e.arguments {
		slices.Sort(list)
		e.arguments[name] = slices.Compact(list)
	}
	e.program, err = expr.Compile(text, expr.Env(map[string]any(l.Meaning(Numbers{}))), kind, expr.DisableAllBuiltins(), expr.MaxNodes(maxNodes))
	if err != nil {
		return nil, located(text, err)
	}
	return e, nil
}

// Arguments are those that the function of this name is called with, each once, sorted.
func (e *Expression) Arguments(call string) []string { return e.arguments[call] }

// Uses reports whether the expression names a value or calls a function.
func (e *Expression) Uses(name string) bool {
	return slices.Contains(e.values, name) || len(e.arguments[name]) > 0
}

// Holds runs a condition on what its language means for a patch. An arithmetic accident (0/0) makes a comparison false, never an error.
func (e *Expression) Holds(m Meaning) (bool, error) {
	out, err := expr.Run(e.program, map[string]any(m))
	if err != nil {
		return false, err
	}
	yes, _ := out.(bool)
	return yes, nil
}

// Number runs a value likewise; it can be NaN or infinite where the text divides by zero.
func (e *Expression) Number(m Meaning) (float64, error) {
	out, err := expr.Run(e.program, map[string]any(m))
	if err != nil {
		return 0, err
	}
	v, _ := out.(float64)
	return v, nil
}

// visitor admits the small part of the expression library's language that is needed: what is not there cannot loop, allocate or
// surprise.
type visitor struct {
	text     string
	language Language
	*Expression
	nodes int
	err   error
}

func (v *visitor) Visit(node *ast.Node) {
	v.nodes++
	if v.err != nil {
		return
	}
	if v.nodes > maxNodes {
		v.err = fmt.Errorf("the condition has more than %d parts: split the category", maxNodes)
		return
	}
	l := v.language
	switch n := (*node).(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.ConditionalNode:
	case *ast.StringNode:
		// A string is welcome as the argument of a function only; anywhere else the type check refuses it.
	case *ast.IdentifierNode:
		if names := l.names(); !slices.Contains(names, n.Value) {
			v.fail(n, "unknown name %q%s: a condition on a patch knows %s", n.Value, spell.Hint(n.Value, names), list(l.words()))
		}
		v.values = append(v.values, n.Value)
	case *ast.UnaryNode:
		if !slices.Contains([]string{"-", "+", "not", "!"}, n.Operator) {
			v.fail(n, "operator %s is not part of the language", n.Operator)
		}
	case *ast.BinaryNode:
		if !slices.Contains(operators, n.Operator) {
			v.fail(n, "operator %s is not part of the language, which has %s", n.Operator, strings.Join(operators, " "))
		}
	case *ast.CallNode:
		v.call(n)
	case *ast.BuiltinNode:
		v.fail(n, "unknown function %q: a condition on a patch knows %s", n.Name, list(l.calls()))
	default:
		v.fail(*node, "this is not part of the language of conditions on a patch: compare %s with numbers", list(l.words()))
	}
}

func (v *visitor) call(n *ast.CallNode) {
	name, ok := n.Callee.(*ast.IdentifierNode)
	var judge func(string) error
	if ok {
		judge, ok = v.language.Calls[name.Value]
	}
	if !ok {
		v.fail(n, "only %s can be called", list(v.language.calls()))
		return
	}
	var arg *ast.StringNode
	if len(n.Arguments) == 1 {
		arg, _ = n.Arguments[0].(*ast.StringNode)
	}
	if arg == nil {
		v.fail(n, `%s wants one name in quotes, such as %s`, name.Value, v.language.call(name.Value))
		return
	}
	if err := judge(arg.Value); err != nil {
		v.fail(arg, "%v", err)
		return
	}
	v.arguments[name.Value] = append(v.arguments[name.Value], arg.Value)
}

func (v *visitor) fail(n ast.Node, format string, args ...any) {
	if v.err == nil {
		v.err = located(v.text, &file.Error{Location: n.Location(), Message: fmt.Sprintf(format, args...)})
	}
}

// located is the library's error with the excerpt that it makes of the text.
func located(text string, err error) error {
	var at *file.Error
	if !errors.As(err, &at) {
		return err
	}
	if at.Snippet == "" {
		at = at.Bind(file.NewSource(text))
	}
	return errors.New(at.Error())
}
