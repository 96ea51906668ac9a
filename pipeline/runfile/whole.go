package runfile

import (
	"strconv"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// wholeNumbers refuses fractions where a run file counts: the YAML library would cut band 1.5 to band 1 without a word.
func wholeNumbers(root ast.Node) error {
	w := &counting{anchors: map[string]ast.Node{}}
	ast.Walk(w, root)
	return w.err
}

// counting visits a tree in the order of the text, so that an anchor is seen before what refers to it.
type counting struct {
	anchors map[string]ast.Node
	err     error
}

// Visit looks at the keys whose values are whole numbers; it is ast.Visitor.
func (w *counting) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.AnchorNode:
		w.anchors[n.Name.String()] = n.Value
	case *ast.MappingValueNode:
		value := w.meant(n.Value)
		var key ast.Node = n.Key
		if k, ok := key.(*ast.MappingKeyNode); ok {
			key = k.Value
		}
		if key == nil {
			break
		}
		switch key.GetToken().Value {
		case "bands":
			if m, ok := value.(ast.MapNode); ok {
				for it := m.MapRange(); it.Next(); {
					w.whole(it.Value())
				}
			}
		case "cloud", "shadow":
			if s, ok := value.(*ast.SequenceNode); ok {
				for _, v := range s.Values {
					w.whole(v)
				}
			}
		case "requests", "band":
			w.whole(value)
		}
	}
	if w.err != nil {
		return nil
	}
	return w
}

// meant is the node that an anchor names or an alias refers to; what refers to itself is left to the decoder.
func (w *counting) meant(n ast.Node) ast.Node {
	for range 8 {
		switch v := n.(type) {
		case *ast.AnchorNode:
			n = v.Value
		case *ast.AliasNode:
			n = w.anchors[v.Value.String()]
		default:
			return n
		}
	}
	return nil
}

func (w *counting) whole(n ast.Node) {
	switch v := w.meant(n).(type) {
	case nil, *ast.IntegerNode, *ast.NullNode:
		return
	case *ast.StringNode:
		if _, err := strconv.ParseInt(v.Value, 10, 64); err == nil {
			return
		}
	}
	if w.err == nil {
		w.err = &yaml.SyntaxError{Message: "a whole number is wanted here", Token: n.GetToken()}
	}
}
