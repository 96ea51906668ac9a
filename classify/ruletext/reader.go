package ruletext

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Reader turns raw values into what they mean, remembers where each stands, and collects what cannot be read. Paths are those
// of [Problem].
type Reader struct {
	Source   *Source
	Problems Problems
}

// RawName is a name as it is written.
type RawName struct {
	ZH Scalar `yaml:"zh"`
	EN Scalar `yaml:"en"`
}

// Yes reads true or false; left out is false.
func (r *Reader) Yes(path string, s Scalar) bool {
	switch text := strings.ToLower(r.Text(path, s)); text {
	case "true":
		return true
	case "false", "":
	default:
		r.Add(path, fmt.Sprintf("%q is neither true nor false", text))
	}
	return false
}

// Name reads what something is called; without a name it is called by its code.
func (r *Reader) Name(path string, raw RawName, code string) Name {
	n := Name{ZH: r.Text(path+".zh", raw.ZH), EN: r.Text(path+".en", raw.EN)}
	if n.ZH == "" {
		n.ZH = n.EN
	}
	if n.ZH == "" {
		n.ZH = code
	}
	if n.EN == "" {
		n.EN = n.ZH
	}
	return n
}

// List reads a list of values, none of which may be empty.
func (r *Reader) List(path string, raw []Scalar) []string {
	var out []string
	for i, s := range raw {
		at := fmt.Sprintf("%s[%d]", path, i)
		text := r.Text(at, s)
		if text == "" && s.wrong == "" {
			r.Add(at, "this entry is empty: remove it")
		}
		out = append(out, text)
	}
	return out
}

// Text is the trimmed text of a value; a mapping or a list in its place is a problem.
func (r *Reader) Text(path string, s Scalar) string {
	if s.set {
		r.Source.at[path] = s.at
	}
	if s.wrong != "" {
		r.Add(path, "one value is wanted here, not "+s.wrong)
	}
	return strings.TrimSpace(s.text)
}

// Number is a value as a number, nil when there is none or it is wrong.
func (r *Reader) Number(path string, s Scalar) *float64 {
	text := r.Text(path, s)
	if text == "" {
		return nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(math.Abs(v) <= math.MaxFloat32) {
		r.Add(path, fmt.Sprintf("%q is not a number", text))
		return nil
	}
	return &v
}

// Place remembers where the mapping at path begins: at the first of its values.
func (r *Reader) Place(path string, values ...Scalar) {
	for _, v := range values {
		at, ok := r.Source.at[path]
		if v.set && (!ok || v.at.line < at.line || v.at.line == at.line && v.at.column < at.column) {
			r.Source.at[path] = v.at
		}
	}
}

// Add records what is wrong at path.
func (r *Reader) Add(path, message string) {
	r.Problems = append(r.Problems, r.Source.Problem(path, message))
}
