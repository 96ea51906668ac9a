package rules

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"tuban/classify/landclass"
	"tuban/raster/spell"
)

// Parse reads a rules file; name is what messages call it. The error is of type Problems and holds everything that is wrong.
// Class selectors are accepted when either code system knows them: [File.Compile] decides.
func Parse(name string, text []byte) (*File, error) {
	f, p := parse(name, text, "")
	if len(p) > 0 {
		return nil, p
	}
	return f, nil
}

// Check returns everything that is wrong with a rules file when it is used with a survey of the system sys; "" for any.
func Check(name string, text []byte, sys landclass.System) Problems {
	_, p := parse(name, text, sys)
	return p
}

func parse(name string, text []byte, sys landclass.System) (*File, Problems) {
	src := &source{name: name, at: map[string]position{}}
	if len(text) > MaxBytes {
		return nil, Problems{src.problem("", fmt.Sprintf("the file has %d bytes, at most %d are allowed", len(text), MaxBytes))}
	}
	src.lines = strings.Split(string(text), "\n")
	raw, problem := decode(src, text)
	if problem != nil {
		return nil, Problems{*problem}
	}
	r := reader{source: src}
	f := r.file(raw)
	problems := r.problems
	for _, p := range f.check(sys) {
		// What could not be read is not also missing.
		if !slices.ContainsFunc(r.problems, func(q Problem) bool { return q.Path == p.Path }) {
			problems = append(problems, p)
		}
	}
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return f, problems
}

// The shape of the file. Every value is a scalar: what it means is this package's affair, not the YAML decoder's.
type (
	rawFile struct {
		Indices        map[string]scalar   `yaml:"indices"`
		Pairs          map[string]scalar   `yaml:"pairs"`
		Limits         map[string]rawLimit `yaml:"limits"`
		Models         map[string]rawModel `yaml:"models"`
		Kinds          []rawKind           `yaml:"kinds"`
		Categories     []rawCategory       `yaml:"categories"`
		OperatingPoint scalar              `yaml:"operating_point"`
	}
	rawLimit struct {
		Of      scalar   `yaml:"of"`
		Low     []scalar `yaml:"low"`
		High    []scalar `yaml:"high"`
		Method  scalar   `yaml:"method"`
		Default scalar   `yaml:"default"`
		Least   scalar   `yaml:"least"`
		Most    scalar   `yaml:"most"`
	}
	rawModel struct {
		Pair     scalar   `yaml:"pair"`
		Features []scalar `yaml:"features"`
		Yes      []scalar `yaml:"yes"`
		No       []scalar `yaml:"no"`
		Weights  []scalar `yaml:"weights"`
		Raster   scalar   `yaml:"raster"`
	}
	rawName struct {
		ZH scalar `yaml:"zh"`
		EN scalar `yaml:"en"`
	}
	rawKind struct {
		Code      scalar   `yaml:"code"`
		Name      rawName  `yaml:"name"`
		Type      scalar   `yaml:"type"`
		Eligible  []scalar `yaml:"eligible"`
		When      scalar   `yaml:"when"`
		Clean     scalar   `yaml:"clean"`
		Bridge    scalar   `yaml:"bridge"`
		MinArea   scalar   `yaml:"min_area"`
		MinPixels scalar   `yaml:"min_pixels"`
		Evidence  []scalar `yaml:"evidence"`
		Strength  scalar   `yaml:"strength"`
		Off       words    `yaml:"off"`
		Anyhow    scalar   `yaml:"unnormalised"`
		RGB       *rawRGB  `yaml:"rgb"`
	}
	rawRGB struct {
		When     scalar   `yaml:"when"`
		Evidence []scalar `yaml:"evidence"`
		Strength scalar   `yaml:"strength"`
		Anyhow   scalar   `yaml:"unnormalised"`
	}
	rawCategory struct {
		Code  scalar   `yaml:"code"`
		Name  rawName  `yaml:"name"`
		Kinds []scalar `yaml:"kinds"`
		Where scalar   `yaml:"where"`
	}
)

// keys are all the keys of the shape, to suggest from.
var keys = []string{"indices", "kinds", "categories", "code", "name", "zh", "en", "type", "eligible", "when", "clean", "bridge", "min_area",
	"min_pixels", "evidence", "rgb", "where", "pairs", "limits", "models", "operating_point", "of", "low", "high", "method", "default", "least",
	"most", "pair", "features", "yes", "no", "weights", "strength", "off", "unnormalised", "raster"}

var unknownField = regexp.MustCompile(`unknown field "(.*)"`)

// decode reads the YAML. What is wrong with its shape hides the rest, so that problem comes alone.
func decode(src *source, text []byte) (raw rawFile, problem *Problem) {
	// The YAML library is handed arbitrary text here; if it breaks on some, that is the file's problem and not the program's end.
	defer func() {
		if r := recover(); r != nil {
			p := src.problem("", fmt.Sprintf("this is not readable as YAML (%v): simplify it", r))
			problem = &p
		}
	}()
	d := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict())
	err := d.Decode(&raw)
	if err == nil {
		var second any
		if err = d.Decode(&second); err == nil {
			err = errors.New(`there is a second YAML document after "---": a rules file is one`)
		}
	}
	if err == nil || errors.Is(err, io.EOF) {
		return raw, nil
	}
	p := src.problem("", err.Error())
	var place yaml.Error
	if errors.As(err, &place) {
		p.Message = place.GetMessage()
		if t := place.GetToken(); t != nil && t.Position != nil {
			p.Line, p.Column = t.Position.Line, t.Position.Column
			p.Excerpt = src.excerpt(position{p.Line, p.Column})
		}
	}
	if m := unknownField.FindStringSubmatch(p.Message); m != nil {
		p.Message = fmt.Sprintf("unknown key %q%s", m[1], spell.Hint(m[1], keys))
		if slices.Contains(keys, m[1]) {
			p.Message = fmt.Sprintf("the key %q does not belong here, in a file of rules; a run file is looked at by tuban plan", m[1])
		}
	}
	return raw, &p
}
