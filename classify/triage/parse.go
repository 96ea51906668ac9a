package triage

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"tuban/classify/landclass"
	"tuban/classify/ruletext"
)

// The shape of the file.
type (
	rawFile struct {
		Version    ruletext.Scalar           `yaml:"version"`
		Coverage   rawCoverage               `yaml:"coverage"`
		Approvals  []rawApproval             `yaml:"approvals"`
		States     map[string]ruletext.Words `yaml:"states"`
		Marks      map[string]ruletext.Words `yaml:"marks"`
		Order      []rawKey                  `yaml:"order"`
		Exclusions []rawExclusion            `yaml:"exclusions"`
	}
	rawCoverage struct {
		Matched ruletext.Scalar `yaml:"matched"`
		Rest    ruletext.Scalar `yaml:"rest"`
		Partial ruletext.Scalar `yaml:"partial"`
		Least   ruletext.Scalar `yaml:"least"`
	}
	rawScope struct {
		Kinds      []ruletext.Scalar `yaml:"kinds"`
		Categories []ruletext.Scalar `yaml:"categories"`
		Verdicts   []ruletext.Scalar `yaml:"verdicts"`
		After      []ruletext.Scalar `yaml:"after"`
		Where      ruletext.Scalar   `yaml:"where"`
	}
	rawApproval struct {
		Code    ruletext.Scalar `yaml:"code"`
		Name    ruletext.Words  `yaml:"name"`
		Counts  ruletext.Scalar `yaml:"counts"`
		Undated ruletext.Scalar `yaml:"undated"`
		Valid   []rawTerm       `yaml:"valid"`
		Scope   rawScope        `yaml:",inline"`
	}
	rawTerm struct {
		Years   ruletext.Scalar   `yaml:"years"`
		Purpose []ruletext.Scalar `yaml:"purpose"`
	}
	rawKey struct {
		Of    ruletext.Scalar `yaml:"of"`
		First ruletext.Scalar `yaml:"first"`
		Name  ruletext.Words  `yaml:"name"`
		Unit  ruletext.Scalar `yaml:"unit"`
	}
	rawExclusion struct {
		Code  ruletext.Scalar `yaml:"code"`
		Name  ruletext.Words  `yaml:"name"`
		Scope rawScope        `yaml:",inline"`
	}
)

// Limits of a file.
const (
	MaxBytes = 64 << 10
	// MaxStateName is how many characters a state may be called by: the field SPPP has no more.
	MaxStateName = 30
	maxList      = 64
	maxYears     = 100
	maxArea      = 1e7 // m²; more is a slip of the unit
)

var form = ruletext.Form{What: "a file of triage rules", MaxBytes: MaxBytes, Keys: []string{"version", "coverage", "matched", "rest", "partial",
	"least", "approvals", "code", "name", "kinds", "categories", "verdicts", "after", "where", "counts", "undated", "valid", "years", "purpose", "states",
	"marks", "order", "of", "first", "unit", "exclusions"}}

// Parse reads a file of triage rules for a survey of the system sys; "" without a survey, where selectors of classes are accepted when
// any system knows them. name is what messages call the file. The error is of type ruletext.Problems and holds everything that is wrong.
func Parse(name string, text []byte, sys landclass.System) (*Rules, error) {
	src := ruletext.NewSource(name, text)
	raw, problem := ruletext.Decode[rawFile](src, text, form)
	if problem != nil {
		return nil, ruletext.Problems{*problem}
	}
	r := &reader{Reader: ruletext.Reader{Source: src}, rules: &Rules{system: sys, selections: map[string]landclass.Selection{}}}
	r.file(raw)
	slices.SortStableFunc(r.Problems, func(a, b ruletext.Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return r.rules, r.Problems.Err()
}

// named reads the words of a closed list of names: each must be there, and no other.
func named[T ~string](r *reader, path string, raw map[string]ruletext.Words, known []T) map[T]ruletext.Name {
	out := map[T]ruletext.Name{}
	for _, key := range slices.Sorted(maps.Keys(raw)) {
		at := path + "." + key
		name := r.Words(at, raw[key])
		if !slices.Contains(known, T(key)) {
			r.fail(at, "there is no %s here: the names are %s", key, joined(known))
			continue
		}
		out[T(key)] = name
	}
	for _, k := range known {
		if out[k].ZH == "" {
			r.fail(path, "the words of %s are missing", k)
		}
	}
	return out
}

func joined[T ~string](list []T) string {
	var out []string
	for _, x := range list {
		out = append(out, string(x))
	}
	return strings.Join(out, ", ")
}
