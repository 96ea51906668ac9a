package bandmath

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// name resolves a name, dated or bare, with the arguments of a texture if it has any.
func (b *builder) name(n ast.Node, args []ast.Node, whole ast.Node, s scope) (term, error) {
	if m, ok := n.(*ast.MemberNode); ok && isLimit(m) && whole == n {
		return b.limit(m, s)
	}
	date, word, err := b.dated(n, s)
	if err != nil {
		return term{}, err
	}
	if _, ok := textures[word]; ok {
		return b.texture(date, word, args, whole, s)
	}
	if call, ok := whole.(*ast.CallNode); ok {
		return term{}, s.text.errorf(at(call), "%s takes no argument: only the textures %s do", word, listed(textures))
	}
	if isRole(word) || word == change && !s.bare && date == None || slices.Contains(states, word) && !s.bare {
		return term{b.g.input(Input{Date: date, Name: word}), false, 1}, nil
	}
	_, isFormula := b.names.formula(word)
	_, isPair := b.names.pairs[word]
	m, isModel := b.names.models[word]
	switch whole := date == None && !s.bare; { // a name of both dates
	case isFormula, isPair && whole, isModel && m.Pair == whole:
		return b.expand(date, word, at(n), s)
	case word == "auto" && (s.bare || s.text.index != ""):
		return term{}, s.text.errorf(at(n), "automatic limits are not available here: give a number")
	case word == "auto":
		return term{}, s.text.errorf(at(n), "automatic limits are one side of a comparison, by itself: after.pantex > auto")
	case b.names.ofBothDates(word) && date != None:
		return term{}, s.text.errorf(at(n), "%s is of both dates: write %s alone", word, word)
	case b.names.ofBothDates(word):
		return term{}, s.text.errorf(at(n), "%s is of two dates, but there is only one here", word)
	case slices.Contains(states, word):
		return term{}, s.text.errorf(at(n), "%s is a state of a scene, not of an index: use before.%s or after.%s in a rule", word, word, word)
	}
	hint := "see the band roles and the index catalogue, or define it as an index"
	if near := nearest(word, b.names.all()); near != "" {
		hint = "did you mean " + near + "?"
	}
	return term{}, s.text.errorf(at(n), "unknown name %s: %s", word, hint)
}

// dated splits a name into its date and the lower-case word after it.
func (b *builder) dated(n ast.Node, s scope) (Date, string, error) {
	if id, ok := n.(*ast.IdentifierNode); ok {
		word := strings.ToLower(id.Value)
		switch _, isFunction := functions[word]; {
		case s.bare && word != "before" && word != "after" || word == "auto" || b.names.ofBothDates(word):
			return s.date, word, nil
		case word == "before" || word == "after":
			return 0, "", s.text.errorf(at(n), "%s is a date, not a value: write %s.red, %s.ndvi, …", word, word, word)
		case isFunction:
			return 0, "", s.text.errorf(at(n), "%s is a function: give it arguments in parentheses", word)
		default:
			if b.names.ofOneDate(word) {
				return 0, "", s.text.errorf(at(n), "%s of which date? write before.%s or after.%s", word, word, word)
			}
			hint := "names are those of a date, such as before.red or after.ndvi"
			if near := nearest(word, b.names.all()); near != "" {
				hint = "did you mean before." + near + " or after." + near + "?"
			}
			if near := nearest(word, b.names.bare()); near != "" {
				hint = "did you mean " + near + "?"
			}
			return 0, "", s.text.errorf(at(n), "unknown name %s: %s", word, hint)
		}
	}
	m, ok := n.(*ast.MemberNode)
	if !ok {
		return 0, "", s.text.errorf(at(n), "only a function or a texture can be followed by parentheses")
	}
	object, isName := m.Node.(*ast.IdentifierNode)
	property, isWord := m.Property.(*ast.StringNode)
	if !isName || !isWord || m.Optional {
		return 0, "", s.text.errorf(at(n), "a name is a date, a point and a band, index or texture: before.red, after.ndvi")
	}
	var date Date
	switch word := strings.ToLower(object.Value); word {
	case "before":
		date = Before
	case "after":
		date = After
	default:
		return 0, "", s.text.errorf(at(object), "unknown date %s: there are before and after, and limit.NAME", object.Value)
	}
	if s.bare {
		what := "there is only one date here"
		if s.text.index != "" {
			what = "an index is a formula of one date"
		}
		return 0, "", s.text.errorf(at(object), "%s: write %s without %s", what, property.Value, object.Value)
	}
	return date, strings.ToLower(property.Value), nil
}

func (b *builder) texture(date Date, word string, args []ast.Node, n ast.Node, s scope) (term, error) {
	size := textures[word]
	_, call := n.(*ast.CallNode)
	if call && len(args) != 1 {
		return term{}, s.text.errorf(at(n), "%s takes one number, the edge of its window in metres: %s(%g)", word, word, size)
	}
	if call {
		switch v := args[0].(type) {
		case *ast.IntegerNode:
			size = float64(v.Value)
		case *ast.FloatNode:
			size = v.Value
		default:
			return term{}, s.text.errorf(at(args[0]), "the edge of the window of %s must be written as a positive number of metres: %s(%g)", word, word, size)
		}
		if !(size > 0 && size <= maxTexture) {
			return term{}, s.text.errorf(at(args[0]), "the edge of the window of %s must be more than 0 and at most %d metres", word, maxTexture)
		}
	}
	return term{b.g.input(Input{Date: date, Name: word, Size: size}), false, 1}, nil
}

// expand builds what the user or the catalogue defined under a name, for one date or for a pair, once.
func (b *builder) expand(date Date, word string, offset int, s scope) (term, error) {
	key := dated{date, word}
	if t, ok := b.expanded[key]; ok {
		return t, nil
	}
	if i := slices.Index(b.open, word); i >= 0 {
		what := word
		if b.names.formulas[word] != "" {
			what = "the index " + word
		}
		return term{}, s.text.errorf(offset, "%s is defined by itself: %s", what, strings.Join(append(slices.Clone(b.open[i:]), word), " → "))
	}
	b.open = append(b.open, word)
	var x term
	var err error
	if m, ok := b.names.models[word]; ok {
		x, err = b.model(m, date, s)
	} else {
		x, err = b.formula(date, word, s)
	}
	b.open = b.open[:len(b.open)-1]
	if err == nil {
		b.expanded[key] = x
	}
	return x, err
}

// formula builds that of an index for one date, or of a pair.
func (b *builder) formula(date Date, word string, s scope) (term, error) {
	body, isPair := b.names.pairs[word]
	what := "a pair formula"
	if !isPair {
		body, _ = b.names.formula(word)
		what = "an index"
	}
	t := text{source: s.text.source, index: word, body: body}
	tree, ok := b.trees[word]
	if !ok {
		var err error
		if tree, err = parse(t); err != nil {
			return term{}, err
		}
		b.trees[word] = tree
	}
	return b.value(tree, scope{text: t, date: date, bare: !isPair, depth: s.depth}, what)
}

// call resolves a function.
func (b *builder) call(name string, args []ast.Node, n ast.Node, s scope) (term, error) {
	word := strings.ToLower(name)
	f, ok := functions[word]
	if !ok {
		if _, formula := b.names.formula(word); formula || isRole(word) || b.names.ofBothDates(word) {
			return term{}, s.text.errorf(at(n), "%s takes no argument: only functions and the textures %s do", name, listed(textures))
		}
		hint := "there are " + listed(functions)
		if near := nearest(word, strings.Split(listed(functions), ", ")); near != "" {
			hint = "did you mean " + near + "?"
		}
		return term{}, s.text.errorf(at(n), "unknown function %s: %s", name, hint)
	}
	if len(args) < f.least || f.most >= 0 && len(args) > f.most {
		switch {
		case f.most < 0:
			return term{}, s.text.errorf(at(n), "%s takes %d or more arguments, not %d", word, f.least, len(args))
		case f.least == 1:
			return term{}, s.text.errorf(at(n), "%s takes 1 argument, not %d", word, len(args))
		}
		return term{}, s.text.errorf(at(n), "%s takes %d arguments, not %d", word, f.least, len(args))
	}
	t := term{size: 1, condition: word == "isknown"}
	ids := make([]int, len(args))
	for i, a := range args {
		x, err := b.value(a, s, word)
		if err != nil {
			return term{}, err
		}
		t.size += x.size
		ids[i] = x.id
	}
	switch word {
	case "isknown":
		t.id = b.g.known(ids[0])
	case "clamp":
		if lo, hi := b.g.nodes[ids[1]], b.g.nodes[ids[2]]; lo.op == opConst && hi.op == opConst && lo.value > hi.value {
			return term{}, s.text.errorf(at(args[1]), "clamp takes the lower limit first, but %g is more than %g", lo.value, hi.value)
		}
		t.id = b.g.arith(opMin, b.g.arith(opMax, ids[0], ids[1]), ids[2])
	case "min", "max":
		o := map[string]op{"min": opMin, "max": opMax}[word]
		t.id = ids[0]
		for _, id := range ids[1:] {
			t.id = b.g.arith(o, t.id, id)
		}
	default:
		t.id = b.g.arith(map[string]op{"abs": opAbs, "sqrt": opSqrt, "log": opLog, "exp": opExp}[word], ids[0])
	}
	return t, nil
}

func listed[V any](m map[string]V) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return strings.Join(keys, ", ")
}
