package bandmath

import (
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

const (
	maxText    = 4096 // bytes of one expression
	maxNodes   = 512  // operators, names and numbers of one expression after its indices are expanded
	maxDepth   = 64   // nesting of one expression after its indices are expanded
	maxProgram = 8192 // distinct operations of a program: bounds a machine's scratch to tens of megabytes
)

// parse returns the syntax tree of t. What the tree may hold is for the builder to say: the grammar is larger
// than the language.
func parse(t text) (ast.Node, error) {
	if len(t.body) > maxText {
		return nil, text{source: t.source, index: t.index}.errorf(0,
			"the expression has %d bytes, more than %d: move parts of it into indices", len(t.body), maxText)
	}
	if !utf8.ValidString(t.body) {
		return nil, text{source: t.source, index: t.index}.errorf(0, "the expression is not valid UTF-8: save the file as UTF-8")
	}
	if strings.TrimSpace(t.body) == "" {
		return nil, t.errorf(0, "the expression is empty")
	}
	tree, err := parser.ParseWithConfig(t.body, &conf.Config{DisableIfOperator: true})
	var e *file.Error
	switch {
	case err == nil:
		return tree.Node, nil
	case errors.As(err, &e):
		return nil, t.errorf(e.From, "%s", plain(e.Message))
	default:
		return nil, t.errorf(0, "%s", plain(err.Error()))
	}
}

var tokenOf = regexp.MustCompile(`^unexpected token (\w+)(?:\("(.*)"\))?$`)

// plain says in the user's terms what the parser says in its own.
func plain(message string) string {
	m := tokenOf.FindStringSubmatch(message)
	if m == nil {
		return message
	}
	switch kind, token := m[1], m[2]; {
	case kind == "EOF":
		return "the expression ends too soon"
	case token == "=":
		return "a single = means nothing here: write == to compare"
	case token == "&":
		return "a single & means nothing here: write and"
	case token == ")" || token == "]" || token == "}":
		return token + " has no partner or comes too soon"
	case strings.HasPrefix(token, "=") || strings.HasPrefix(token, "<") || strings.HasPrefix(token, ">"):
		return "unexpected " + token + ": comparisons are < <= > >= == !="
	default:
		return "unexpected " + token
	}
}
