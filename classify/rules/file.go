package rules

import (
	_ "embed"
	"slices"

	"tuban/classify/ruletext"
)

// Limits of a rules file. A kind is one bit of a run's gap mask, hence 32.
const (
	MaxKinds      = 32
	MaxCategories = 64
	MaxIndices    = 64
	MaxEvidence   = 4
	MaxLimits     = 32
	MaxModels     = 8
	MaxBytes      = 64 << 10
	// MaxBridge and MaxMinArea, in m and m², are beyond any use; more is a slip of the unit.
	MaxBridge  = 100
	MaxMinArea = 1e7
)

//go:embed default.yaml
var defaultYAML []byte

//go:embed default-nosurvey.yaml
var defaultNoSurveyYAML []byte

// DefaultName is what a run file calls the embedded rules.
const DefaultName = "default"

// Default returns the text of the embedded rules: those for a run with a survey, or those for one without. The caller may
// keep and change it.
func Default(survey bool) []byte {
	if survey {
		return append([]byte(nil), defaultYAML...)
	}
	return append([]byte(nil), defaultNoSurveyYAML...)
}

// Name is what people read, in Chinese and English. Where a file gives neither, both are the code.
type Name = ruletext.Name

// Problem is one thing that is wrong with a rules file.
type Problem = ruletext.Problem

// Problems is all that is wrong with one.
type Problems = ruletext.Problems

// Kind is one physical change that pixels can show.
type Kind struct {
	Code string // [a-z][a-z0-9_]*, unique in the file
	Name Name
	// Type is the 图斑类型: what the patch is after the change.
	Type string
	// Eligible lists selectors of the survey classes before the change on which the kind can matter; empty means everywhere.
	Eligible []string
	// When is the band-math condition of a pixel.
	When string
	// Clean is what removes speckle from the kind's mask, in the language of package clean.
	Clean string
	// Bridge is the gap in metres across which parts of one kind are one patch.
	Bridge float64
	// MinArea is the smallest patch in m². A file that sets neither it nor MinPixels gets the minimum mapping unit of Type.
	MinArea float64
	// MinPixels is the smallest patch in pixels, instead of MinArea; 0 when MinArea rules.
	MinPixels int
	// Evidence lists at most MaxEvidence band-math values whose mean over a patch is published with it.
	Evidence []string
	// Strength is a band-math value from 0 to 1 that tells how clearly a pixel shows the kind; its mean over a patch is
	// part of the patch's score. "" for none.
	Strength string
	// Unnormalised says that When holds for dates that could not be brought to one scale; a kind that compares their values
	// is not judgeable there.
	Unnormalised bool
	// Off says why the kind is not looked for; zero for a kind that is.
	Off Name
	// RGB decides the pixels at which a date has colour but not the further bands that When needs; nil when the kind
	// cannot be judged there.
	RGB *Colour
}

// Colour is a kind's condition where only red, green, blue and textures are to be had.
type Colour struct {
	When string
	// Evidence stands in for the kind's in runs in which no pixel can be decided by its When.
	Evidence []string
	// Strength does the same for the kind's; "" for none.
	Strength string
	// Unnormalised says of When what the kind's says of the kind's.
	Unnormalised bool
}

// IsOff reports whether the kind is described but not looked for.
func (k Kind) IsOff() bool { return k.Off != Name{} }

// Category is what a patch of some kinds means for land management, given what the survey says was there.
type Category struct {
	Code string
	Name Name
	// Kinds lists the codes of the kinds it can apply to; empty means every kind.
	Kinds []string
	// Where is the condition on the patch; see [CompiledCategory.Match]. Empty means always.
	Where string
}

// File is a rules file. One that Parse returned is sound but for its class selectors, whose meaning the code system decides.
type File struct {
	// Indices are the user's own index formulas by name.
	Indices map[string]string
	// Pairs are the user's formulas over both dates by name.
	Pairs      map[string]string
	Limits     []Limit    // sorted by name
	Models     []Model    // sorted by name
	Kinds      []Kind     // in file order: where two fire, the first wins
	Categories []Category // in file order: the first that matches a patch is its main category
	// OperatingPoint is the score, 0 to 100, below which candidates are kept apart.
	OperatingPoint float64
	source         *ruletext.Source // nil for a File that was not parsed
}

// On returns the kinds that are looked for, in file order: a kind's ordinal in a mask, from 1, counts these.
func (f *File) On() []Kind {
	var on []Kind
	for _, k := range f.Kinds {
		if !k.IsOff() {
			on = append(on, k)
		}
	}
	return on
}

// Kind returns the position among those looked for of the kind with this code, -1 when there is none.
func (f *File) Kind(code string) int {
	for i, k := range f.On() {
		if k.Code == code {
			return i
		}
	}
	return -1
}

// standIn returns the file with the models of these names read from rasters.
func (f *File) standIn(rasters []string) *File {
	out := *f
	out.Models = slices.Clone(f.Models)
	for i, m := range out.Models {
		if slices.Contains(rasters, m.Name) {
			out.Models[i] = Model{Name: m.Name, Pair: m.Pair, Raster: true}
		}
	}
	return &out
}
