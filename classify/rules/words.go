package rules

import (
	"github.com/goccy/go-yaml/ast"
)

// words are what people read: one text, or a mapping of zh and en.
type words struct {
	text, zh, en scalar
	// wrong is what else stands there; "" when all is well.
	wrong string
}

// UnmarshalYAML takes either form; what is neither is remembered, so that it is reported with all the rest.
func (w *words) UnmarshalYAML(node ast.Node) error {
	if a, ok := node.(*ast.AnchorNode); ok {
		node = a.Value
	}
	var pairs []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		return w.text.UnmarshalYAML(node)
	}
	w.text.set = true
	if t := node.GetToken(); t != nil && t.Position != nil {
		w.text.at = position{t.Position.Line, t.Position.Column}
	}
	for _, p := range pairs {
		var err error
		switch key := p.Key.String(); key {
		case "zh":
			err = w.zh.UnmarshalYAML(p.Value)
		case "en":
			err = w.en.UnmarshalYAML(p.Value)
		default:
			w.wrong = key
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// words reads what is written in one or two languages; each stands in for the other.
func (r *reader) words(path string, raw words) Name {
	text := r.text(path, raw.text)
	n := Name{ZH: r.text(path+".zh", raw.zh), EN: r.text(path+".en", raw.en)}
	switch {
	case raw.wrong != "":
		r.add(path, "there are zh and en here, but no "+raw.wrong)
	case n == Name{}:
		n = Name{text, text}
		if raw.text.set && raw.text.wrong == "" && text == "" {
			r.add(path, "the reason is missing: write a text, or zh and en")
		}
	case n.ZH == "":
		n.ZH = n.EN
	case n.EN == "":
		n.EN = n.ZH
	}
	return n
}
