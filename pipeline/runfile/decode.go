package runfile

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
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
		key := i+1 < len(tokens) && tokens[i+1].Type == token.MappingValueType
		if key && secret(t.Value) {
			// Without the excerpt that other errors have: it would carry the secret into logs.
			return fmt.Errorf("[%d:%d] %s: credentials come from the environment or a profile (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE), never from a run file", t.Position.Line, t.Position.Column, t.Value)
		}
		if i > 1 && slices.Contains(switches, tokens[i-2].Value) && t.Type == token.BoolType {
			continue
		}
		verbatim(t, key)
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
		if err := wholeNumbers(docs[0].Body); err != nil {
			return yamlError(err)
		}
		return yamlError(yaml.NodeToValue(docs[0].Body, f, yaml.Strict()))
	}
	return errors.New("there is a second YAML document after \"---\": a run file is one")
}

// switches are the keys whose value is true or false.
var switches = []string{"path_style", "anonymous", "empty"}

// secret tells a key that would hold a credential.
func secret(key string) bool {
	plain := strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(key))
	plain = strings.TrimPrefix(strings.TrimPrefix(plain, "aws"), "s3")
	return slices.Contains([]string{"accesskey", "accesskeyid", "secret", "secretkey", "secretaccesskey", "sessiontoken", "securitytoken", "token",
		"password", "passwd", "credential", "credentials", "keyid", "ak", "sk"}, plain)
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
		same = false // but for the switches, true is somebody's name
	case token.NullType, token.InfinityType, token.NanType:
	default:
		return
	}
	if key || !same {
		t.Type = token.StringType
	}
}
