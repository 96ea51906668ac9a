package ruletext

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
)

// Scalar is a YAML value taken as it is written. Typed decoding would read the class code 0603 as an octal number, 387.
type Scalar struct {
	text string
	set  bool
	at   position
	// wrong is what stands there instead of a single value; "" when all is well.
	wrong string
}

// UnmarshalYAML takes the node's text; what is no single value is remembered, so that it is reported with all the rest.
func (s *Scalar) UnmarshalYAML(node ast.Node) error {
	if a, ok := node.(*ast.AnchorNode); ok {
		node = a.Value
	}
	if t := node.GetToken(); t != nil && t.Position != nil {
		s.at = position{t.Position.Line, t.Position.Column}
	}
	s.set = true
	switch n := node.(type) {
	case *ast.NullNode:
		s.set = false
	case *ast.StringNode:
		s.text = n.Value
	case *ast.LiteralNode:
		s.text = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		s.text = n.GetToken().Value
	case *ast.SequenceNode:
		s.wrong = "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		s.wrong = "a mapping"
	default:
		s.wrong = fmt.Sprintf("a YAML %s", node.Type())
	}
	return nil
}
