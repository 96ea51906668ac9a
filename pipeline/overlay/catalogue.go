package overlay

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// Use is what a kind of layer is for.
type Use string

// The uses of kinds.
const (
	// ForOverlay: areas of a patch within the layer.
	ForOverlay Use = "overlay"
	// ForUnits: administrative units, by which patches are divided.
	ForUnits Use = "unit"
	// ForApprovals: permissions, whose dates and overlaps triage compares with a patch.
	ForApprovals Use = "approval"
)

// Role is the part that a field plays in a layer.
type Role string

// The roles of fields. Not every kind has all of them.
const (
	ID        Role = "id"
	Code      Role = "code" // of an administrative unit
	Number    Role = "number"
	Name      Role = "name"
	Class     Role = "class"
	Purpose   Role = "purpose"
	Sort      Role = "sort" // of the purpose (用途分类)
	Date      Role = "date"
	Expires   Role = "expires"
	Area      Role = "area" // as the layer declares it, in whatever unit
	Ridge     Role = "ridge"
	RidgeArea Role = "ridge_area" // of the field ridges (田坎), in the unit of Area
	Since     Role = "since"
	Until     Role = "until"
)

// Roles are all roles, in the order in which their values are staged.
var Roles = []Role{ID, Code, Number, Name, Class, Purpose, Sort, Date, Expires, Area, Ridge, RidgeArea, Since, Until}

// Kind is a kind of layer.
type Kind struct {
	Code string `yaml:"code"`
	ZH   string `yaml:"zh"`
	EN   string `yaml:"en"`
	Use  Use    `yaml:"use"`
	// Ridges says that areas are also given net of field ridges (田坎).
	Ridges bool `yaml:"ridges"`
	// Sparse says that it is common for such a layer to hold nothing.
	Sparse bool `yaml:"sparse"`
	// Digits is the length of a unit's code.
	Digits int `yaml:"digits"`
	// Fields are the candidates for each role, the first that a layer has being taken.
	Fields map[Role][]string `yaml:"fields"`
	// Where are the values that are kept of a field, where a layer has it and the run file has no condition of its own.
	Where map[string][]string `yaml:"where"`
	Types []Type              `yaml:"types"`
}

// Type divides a kind: of approvals, what is approved; of separate layers, their code.
type Type struct {
	Code string `yaml:"code"`
	ZH   string `yaml:"zh"`
	// Words tell the type from the text of a layer that holds several.
	Words []string `yaml:"words"`
}

// Sliver bounds pieces that count for nothing: below Area in m², or below Width in metres on average.
type Sliver struct {
	Area  float64 `yaml:"area" json:"area_m2"`
	Width float64 `yaml:"width" json:"width_m"`
}

// Is reports whether a connected piece of that area in m² and perimeter in metres is a sliver.
func (s Sliver) Is(area, perimeter float64) bool {
	return area < s.Area || 2*area < s.Width*perimeter
}

//go:embed catalogue.yaml
var catalogueText []byte

type catalogue struct {
	Version int    `yaml:"version"`
	Sliver  Sliver `yaml:"sliver"`
	Kinds   []Kind `yaml:"kinds"`
}

var embedded = sync.OnceValue(func() catalogue {
	var c catalogue
	if err := yaml.UnmarshalWithOptions(catalogueText, &c, yaml.Strict()); err != nil {
		panic(fmt.Sprintf("the embedded catalogue of layers: %v", err))
	}
	return c
})

// CatalogueVersion counts the editions of the catalogue: the same layers can mean other areas under another.
func CatalogueVersion() int { return embedded().Version }

// DefaultSliver is what counts as a sliver where the run file does not say.
func DefaultSliver() Sliver { return embedded().Sliver }

// Kinds returns every kind in the order of the catalogue. The result is shared: not to be changed.
func Kinds() []Kind { return embedded().Kinds }

// Lookup returns the kind with that code.
func Lookup(code string) (Kind, bool) {
	for _, k := range Kinds() {
		if k.Code == code {
			return k, true
		}
	}
	return Kind{}, false
}

// KindCodes are the codes of all kinds, to suggest from.
func KindCodes() (out []string) {
	for _, k := range Kinds() {
		out = append(out, k.Code)
	}
	return out
}

// RoleNames are the roles of fields that the kind has, in order.
func (k Kind) RoleNames() (out []string) {
	for _, r := range Roles {
		if k.has(r) {
			out = append(out, string(r))
		}
	}
	return out
}

// has reports whether a field can play the role: every feature may have its own days of effect.
func (k Kind) has(r Role) bool {
	_, ok := k.Fields[r]
	return ok || k.Use == ForOverlay && (r == Since || r == Until)
}

// TypeCodes are the codes of the kind's types.
func (k Kind) TypeCodes() (out []string) {
	for _, t := range k.Types {
		out = append(out, t.Code)
	}
	return out
}

// TypeOf finds the type that a text names, by its code, its Chinese name or one of its words.
func (k Kind) TypeOf(text string) (Type, bool) {
	for _, t := range k.Types {
		if text == t.Code || text == t.ZH {
			return t, true
		}
	}
	for _, t := range k.Types {
		if slices.ContainsFunc(t.Words, func(w string) bool { return strings.Contains(text, w) }) {
			return t, true
		}
	}
	return Type{}, false
}
