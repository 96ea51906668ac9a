package ruletext

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"

	"github.com/goccy/go-yaml"

	"tuban/raster/spell"
)

var unknownField = regexp.MustCompile(`unknown field "(.*)"`)

// Form is what is known of a kind of file before it is read.
type Form struct {
	// What is what the file is called in messages, as "a file of rules".
	What string
	// MaxBytes is the most that it may have.
	MaxBytes int
	// Keys are all the keys of its shape, to suggest from.
	Keys []string
}

// Decode reads the YAML of one document into a T, whose values are Scalars and Words. What is wrong with its shape hides the
// rest, so that problem comes alone.
func Decode[T any](src *Source, text []byte, form Form) (raw T, problem *Problem) {
	if len(text) > form.MaxBytes {
		p := src.Problem("", fmt.Sprintf("the file has %d bytes, at most %d are allowed", len(text), form.MaxBytes))
		return raw, &p
	}
	// The YAML library is handed arbitrary text here; if it breaks on some, that is the file's problem and not the program's end.
	defer func() {
		if r := recover(); r != nil {
			p := src.Problem("", fmt.Sprintf("this is not readable as YAML (%v): simplify it", r))
			problem = &p
		}
	}()
	d := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict())
	err := d.Decode(&raw)
	if err == nil {
		var second any
		if err = d.Decode(&second); err == nil {
			err = errors.New(`there is a second YAML document after "---": ` + form.What + ` is one`)
		}
	}
	if err == nil || errors.Is(err, io.EOF) {
		return raw, nil
	}
	p := src.Problem("", err.Error())
	var place yaml.Error
	if errors.As(err, &place) {
		p.Message = place.GetMessage()
		if t := place.GetToken(); t != nil && t.Position != nil {
			p.Line, p.Column = t.Position.Line, t.Position.Column
			p.Excerpt = src.excerpt(position{p.Line, p.Column})
		}
	}
	if m := unknownField.FindStringSubmatch(p.Message); m != nil {
		p.Message = fmt.Sprintf("unknown key %q%s", m[1], spell.Hint(m[1], form.Keys))
		if slices.Contains(form.Keys, m[1]) {
			p.Message = fmt.Sprintf("the key %q does not belong here, in %s; a run file is looked at by tuban plan", m[1], form.What)
		}
	}
	return raw, &p
}
