package ruletext

import (
	"github.com/goccy/go-yaml/ast"
)

// Name is what people read, in Chinese and English. Where a file gives only one, it stands for both.
type Name struct{ ZH, EN string }

// Words are what people read: one text, or a mapping of zh and en.
type Words struct {
	text, zh, en Scalar
	// wrong is what else stands there; "" when all is well.
	wrong string
}

// UnmarshalYAML takes either form; what is neither is remembered, so that it is reported with all the rest.
func (w *Words) UnmarshalYAML(node ast.Node) error {
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

// Words reads what is written in one or two languages; each stands in for the other.
func (r *Reader) Words(path string, raw Words) Name {
	text := r.Text(path, raw.text)
	n := Name{ZH: r.Text(path+".zh", raw.zh), EN: r.Text(path+".en", raw.en)}
	switch {
	case raw.wrong != "":
		r.Add(path, "there are zh and en here, but no "+raw.wrong)
	case n == Name{}:
		n = Name{text, text}
		if raw.text.set && raw.text.wrong == "" && text == "" {
			r.Add(path, "the reason is missing: write a text, or zh and en")
		}
	case n.ZH == "":
		n.ZH = n.EN
	case n.EN == "":
		n.EN = n.ZH
	}
	return n
}
