package runfile

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"tuban/raster/spell"
)

// decode reads one YAML document into f, strictly: a key that f does not know is an error.
func decode(text []byte, f *File) (err error) {
	// The YAML library is handed arbitrary text here; if it breaks on some, that is the file's problem and not the program's end.
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("this is not readable as YAML (%v): simplify it", r)
		}
	}()
	tokens := lexer.Tokenize(string(text))
	for i, t := range tokens {
		verbatim(t, i+1 < len(tokens) && tokens[i+1].Type == token.MappingValueType)
	}
	tree, err := parser.Parse(tokens, 0)
	if err != nil {
		return yamlError(err)
	}
	docs := tree.Docs[:0]
	for _, d := range tree.Docs {
		if d.Body != nil && d.Body.Type() != ast.DirectiveType {
			docs = append(docs, d)
		}
	}
	switch len(docs) {
	case 0:
		return errors.New("the file is empty: a run file names before and after scenes; see `tuban run --help`")
	case 1:
		return yamlError(yaml.NodeToValue(docs[0].Body, f, yaml.Strict()))
	}
	return errors.New("there is a second YAML document after \"---\": a run file is one")
}

var (
	unknownKey = regexp.MustCompile(`unknown field "([^"]*)"`)
	wrongType  = regexp.MustCompile(`cannot unmarshal .* into Go (?:struct field \S+|value) of type (\S+)`)
)

// wanted says in words what a Go type stands for in a run file.
var wanted = map[string]string{"string": "a text", "int": "a whole number", "float64": "a number"}

// keys are all the keys of a run file, to suggest from.
var keys = []string{"name", "region", "grid", "before", "after", "survey", "normalise", "registration", "rules", "outputs", "out", "source",
	"layer", "bbox", "crs", "pixel", "scenes", "sensor", "bands", "date", "nodata", "uri", "class", "system", "id", "unit", "encoding"}

// yamlError is an error of the YAML library with its line, its excerpt, and words of this package.
func yamlError(err error) error {
	if err == nil {
		return nil
	}
	text := strings.TrimSpace(yaml.FormatError(err, false, true))
	if m := unknownKey.FindStringSubmatch(text); m != nil {
		hint := " here"
		if !slices.Contains(keys, m[1]) {
			hint = spell.Hint(m[1], keys)
		}
		text = strings.Replace(text, m[0], fmt.Sprintf("unknown key %q%s", m[1], hint), 1)
	}
	if m := wrongType.FindStringSubmatch(text); m != nil && wanted[m[1]] != "" {
		text = strings.Replace(text, m[0], wanted[m[1]]+" is wanted here", 1)
	}
	return errors.New(text)
}

// verbatim makes a string of what is not a number as Go would write it: YAML reads an unquoted 0603 as octal, 387, and
// 1.50 as 1.5, which is not what a layer of that name is called. Where a number is wanted, the string is read as a decimal one.
// Keys are names always: the library drops a mapping that has a number among its keys, without a word.
func verbatim(t *token.Token, key bool) {
	same := true
	switch t.Type {
	case token.IntegerType, token.OctetIntegerType, token.HexIntegerType, token.BinaryIntegerType:
		n, err := strconv.ParseInt(t.Value, 10, 64)
		same = err == nil && strconv.FormatInt(n, 10) == t.Value
	case token.FloatType:
		v, err := strconv.ParseFloat(t.Value, 64)
		same = err == nil && fmt.Sprint(v) == t.Value
	case token.BoolType:
		same = false // a run file has no switches, so true is somebody's name
	case token.NullType, token.InfinityType, token.NanType:
	default:
		return
	}
	if key || !same {
		t.Type = token.StringType
	}
}

var variable = regexp.MustCompile(`\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))`)

// expand replaces environment variables before the YAML is read, comments excepted.
func expand(text []byte, env func(string) (string, bool)) ([]byte, error) {
	lines := bytes.SplitAfter(text, []byte("\n"))
	for i, line := range lines {
		at := comment(string(line))
		var missing string
		code := variable.ReplaceAllFunc(line[:at:at], func(m []byte) []byte {
			name := strings.Trim(string(m), "${}")
			v, ok := env(name)
			if !ok && missing == "" {
				missing = name
			}
			return []byte(v)
		})
		if missing != "" {
			return nil, fmt.Errorf("line %d: the environment variable %s is not set", i+1, missing)
		}
		lines[i] = append(code, line[at:]...)
	}
	return bytes.Join(lines, nil), nil
}

// comment returns where a line's comment begins: at a # that stands first or behind white space, outside quotes.
// A quote opens where a value can begin.
func comment(line string) int {
	var quote, before byte = 0, ' '
	for i := range len(line) {
		c := line[i]
		switch {
		case quote != 0:
			if c == quote && (quote == '\'' || before != '\\') {
				quote = 0
			}
		case c == '#' && strings.IndexByte(" \t", before) >= 0:
			return i
		case (c == '"' || c == '\'') && strings.IndexByte(" \t[{,:", before) >= 0:
			quote = c
		}
		before = c
	}
	return len(line)
}
