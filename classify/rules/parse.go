package rules

import (
	"cmp"
	"slices"

	"tuban/classify/landclass"
	"tuban/classify/ruletext"
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
	src := ruletext.NewSource(name, text)
	raw, problem := ruletext.Decode[rawFile](src, text, form)
	if problem != nil {
		return nil, Problems{*problem}
	}
	r := reader{ruletext.Reader{Source: src}}
	f := r.file(raw)
	problems := r.Problems
	for _, p := range f.check(sys) {
		// What could not be read is not also missing.
		if !slices.ContainsFunc(r.Problems, func(q Problem) bool { return q.Path == p.Path }) {
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
		Indices        map[string]ruletext.Scalar `yaml:"indices"`
		Pairs          map[string]ruletext.Scalar `yaml:"pairs"`
		Limits         map[string]rawLimit        `yaml:"limits"`
		Models         map[string]rawModel        `yaml:"models"`
		Kinds          []rawKind                  `yaml:"kinds"`
		Categories     []rawCategory              `yaml:"categories"`
		OperatingPoint ruletext.Scalar            `yaml:"operating_point"`
	}
	rawLimit struct {
		Of      ruletext.Scalar   `yaml:"of"`
		Low     []ruletext.Scalar `yaml:"low"`
		High    []ruletext.Scalar `yaml:"high"`
		Method  ruletext.Scalar   `yaml:"method"`
		Default ruletext.Scalar   `yaml:"default"`
		Least   ruletext.Scalar   `yaml:"least"`
		Most    ruletext.Scalar   `yaml:"most"`
	}
	rawModel struct {
		Pair     ruletext.Scalar   `yaml:"pair"`
		Features []ruletext.Scalar `yaml:"features"`
		Yes      []ruletext.Scalar `yaml:"yes"`
		No       []ruletext.Scalar `yaml:"no"`
		Weights  []ruletext.Scalar `yaml:"weights"`
		Raster   ruletext.Scalar   `yaml:"raster"`
	}
	rawKind struct {
		Code      ruletext.Scalar   `yaml:"code"`
		Name      ruletext.RawName  `yaml:"name"`
		Type      ruletext.Scalar   `yaml:"type"`
		Eligible  []ruletext.Scalar `yaml:"eligible"`
		When      ruletext.Scalar   `yaml:"when"`
		Clean     ruletext.Scalar   `yaml:"clean"`
		Bridge    ruletext.Scalar   `yaml:"bridge"`
		MinArea   ruletext.Scalar   `yaml:"min_area"`
		MinPixels ruletext.Scalar   `yaml:"min_pixels"`
		Evidence  []ruletext.Scalar `yaml:"evidence"`
		Strength  ruletext.Scalar   `yaml:"strength"`
		Off       ruletext.Words    `yaml:"off"`
		Anyhow    ruletext.Scalar   `yaml:"unnormalised"`
		RGB       *rawRGB           `yaml:"rgb"`
	}
	rawRGB struct {
		When     ruletext.Scalar   `yaml:"when"`
		Evidence []ruletext.Scalar `yaml:"evidence"`
		Strength ruletext.Scalar   `yaml:"strength"`
		Anyhow   ruletext.Scalar   `yaml:"unnormalised"`
	}
	rawCategory struct {
		Code  ruletext.Scalar   `yaml:"code"`
		Name  ruletext.RawName  `yaml:"name"`
		Kinds []ruletext.Scalar `yaml:"kinds"`
		Where ruletext.Scalar   `yaml:"where"`
	}
)

// form is what a rules file is in general.
var form = ruletext.Form{MaxBytes: MaxBytes, What: "a file of rules", Keys: []string{"indices", "kinds", "categories", "code", "name", "zh", "en", "type", "eligible", "when", "clean", "bridge", "min_area",
	"min_pixels", "evidence", "rgb", "where", "pairs", "limits", "models", "operating_point", "of", "low", "high", "method", "default", "least",
	"most", "pair", "features", "yes", "no", "weights", "strength", "off", "unnormalised", "raster"}}
