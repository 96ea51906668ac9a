package runfile

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"tuban/raster/spell"
)

var (
	unknownKey = regexp.MustCompile(`unknown field "([^"]*)"`)
	wrongType  = regexp.MustCompile(`cannot unmarshal .* into Go (?:struct field \S+|value) of type (\S+)(?: \( overflow \))?`)
	wrongShape = regexp.MustCompile(`\w+ was used where (sequence|mapping) is expected`)
)

// wanted says in words what a Go type or a shape of YAML stands for in a run file.
var wanted = map[string]string{
	"string": "a text", "int": "a whole number", "float64": "a number", "bool": "true or false",
	"sequence": "a list in square brackets", "mapping": "a map such as {key: value}",
}

// keys are all the keys of a run file, to suggest from.
var keys = sync.OnceValue(func() []string { return keysOf(reflect.TypeFor[File]()) })

func keysOf(t reflect.Type) (out []string) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	for i := range t.NumField() {
		out = append(out, t.Field(i).Tag.Get("yaml"))
		out = append(out, keysOf(t.Field(i).Type)...)
	}
	return out
}

// yamlError is an error of the YAML library with its line, its excerpt, and words of this package.
func yamlError(err error) error {
	if err == nil {
		return nil
	}
	text := strings.TrimSpace(yaml.FormatError(err, false, true))
	if m := unknownKey.FindStringSubmatch(text); m != nil {
		hint := " here"
		if !slices.Contains(keys(), m[1]) {
			hint = spell.Hint(m[1], keys())
		}
		text = strings.Replace(text, m[0], fmt.Sprintf("unknown key %q%s", m[1], hint), 1)
	}
	for _, wrong := range []*regexp.Regexp{wrongType, wrongShape} {
		if m := wrong.FindStringSubmatch(text); m != nil && wanted[m[1]] != "" {
			text = strings.Replace(text, m[0], wanted[m[1]]+" is wanted here", 1)
		}
	}
	return errors.New(text)
}
