package rules

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

// where is a compiled condition on a patch.
type where struct {
	program *vm.Program
	// selectors are the arguments of area and share, each once, sorted.
	selectors []string
	// needsClasses says that the answer depends on the survey.
	needsClasses bool
}

const (
	maxWhereBytes = 4096
	maxWhereNodes = 256
)

// whereNames are the words of the language, to suggest from.
var whereNames = []string{"area", "share", "patch_area", "uncovered"}

// whereOperators are the binary operators of the language.
var whereOperators = []string{"+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "and", "or", "&&", "||"}

// whereEnv is what the words mean for one patch.
func whereEnv(area, share func(string) float64, patch, uncovered float64) map[string]any {
	return map[string]any{"area": area, "share": share, "patch_area": patch, "uncovered": uncovered}
}

// parseWhere compiles text; selector judges each class selector in it.
func parseWhere(text string, selector func(string) error) (*where, error) {
	if len(text) > maxWhereBytes {
		return nil, fmt.Errorf("the condition has %d bytes, at most %d are allowed", len(text), maxWhereBytes)
	}
	tree, err := parser.Parse(text)
	if err != nil {
		return nil, whereError(text, err)
	}
	w := &where{}
	v := &whereVisitor{text: text, selector: selector, where: w}
	ast.Walk(&tree.Node, v)
	if v.err != nil {
		return nil, v.err
	}
	slices.Sort(w.selectors)
	w.selectors = slices.Compact(w.selectors)
	nothing := func(string) float64 { return 0 }
	w.program, err = expr.Compile(text, expr.Env(whereEnv(nothing, nothing, 0, 0)), expr.AsBool(), expr.DisableAllBuiltins(),
		expr.MaxNodes(maxWhereNodes))
	if err != nil {
		if strings.HasPrefix(err.Error(), "expected bool") {
			err = errors.New(`this is a value, not a condition: compare it, such as area("01") >= 100`)
		}
		return nil, whereError(text, err)
	}
	return w, nil
}

// eval runs the condition. An arithmetic accident (0/0) makes a comparison false, never an error.
func (w *where) eval(env map[string]any) (bool, error) {
	out, err := expr.Run(w.program, env)
	if err != nil {
		return false, err
	}
	yes, _ := out.(bool)
	return yes, nil
}

// whereVisitor admits the small part of the expression library's language that conditions need: what is not there cannot
// loop, allocate or surprise.
type whereVisitor struct {
	text     string
	selector func(string) error
	where    *where
	nodes    int
	err      error
}

func (v *whereVisitor) Visit(node *ast.Node) {
	v.nodes++
	if v.err != nil {
		return
	}
	if v.nodes > maxWhereNodes {
		v.err = fmt.Errorf("the condition has more than %d parts: split the category", maxWhereNodes)
		return
	}
	switch n := (*node).(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.ConditionalNode:
	case *ast.StringNode:
		// A string is welcome as the argument of area and share only; anywhere else the type check refuses it.
	case *ast.IdentifierNode:
		if !slices.Contains(whereNames, n.Value) {
			v.fail(n, "unknown name %q%s: a condition on a patch knows area(\"01\"), share(\"01\"), patch_area and uncovered", n.Value, spell.Hint(n.Value, whereNames))
		}
		if n.Value == "uncovered" {
			v.where.needsClasses = true
		}
	case *ast.UnaryNode:
		if !slices.Contains([]string{"-", "+", "not", "!"}, n.Operator) {
			v.fail(n, "operator %s is not part of the language", n.Operator)
		}
	case *ast.BinaryNode:
		if !slices.Contains(whereOperators, n.Operator) {
			v.fail(n, "operator %s is not part of the language, which has %s", n.Operator, strings.Join(whereOperators, " "))
		}
	case *ast.CallNode:
		v.call(n)
	case *ast.BuiltinNode:
		v.fail(n, "unknown function %q: a condition on a patch knows area(\"01\") and share(\"01\")", n.Name)
	default:
		v.fail(*node, "this is not part of the language of conditions on a patch: compare area(\"01\"), share(\"01\"), patch_area and uncovered with numbers")
	}
}

func (v *whereVisitor) call(n *ast.CallNode) {
	name, ok := n.Callee.(*ast.IdentifierNode)
	if !ok || name.Value != "area" && name.Value != "share" {
		v.fail(n, "only area(\"01\") and share(\"01\") can be called")
		return
	}
	var arg *ast.StringNode
	if len(n.Arguments) == 1 {
		arg, _ = n.Arguments[0].(*ast.StringNode)
	}
	if arg == nil {
		v.fail(n, `%s wants one class selector in quotes, such as %s("01")`, name.Value, name.Value)
		return
	}
	if err := v.selector(arg.Value); err != nil {
		v.fail(arg, "%v", err)
		return
	}
	v.where.selectors = append(v.where.selectors, arg.Value)
	v.where.needsClasses = true
}

func (v *whereVisitor) fail(n ast.Node, format string, args ...any) {
	if v.err == nil {
		v.err = whereError(v.text, &file.Error{Location: n.Location(), Message: fmt.Sprintf(format, args...)})
	}
}

// whereError is the library's error with the excerpt that it makes of the text.
func whereError(text string, err error) error {
	var at *file.Error
	if !errors.As(err, &at) {
		return err
	}
	if at.Snippet == "" {
		at = at.Bind(file.NewSource(text))
	}
	return errors.New(at.Error())
}
