package runfile

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"tuban/pipeline/overlay"
	"tuban/raster/spell"
)

// Layer is one legal layer: basic farmland, the red line, administrative units, approvals. Several entries of a kind are one
// layer in several files.
type Layer struct {
	// Kind is a kind of the catalogue of package overlay; Type divides it, as approvals into conversion, supply, temporary.
	Kind string `yaml:"kind"`
	Type string `yaml:"type"`
	// Source, Layer and Encoding are as for the survey.
	Source   Sources `yaml:"source"`
	Layer    string  `yaml:"layer"`
	Encoding string  `yaml:"encoding"`
	// Fields maps roles of the catalogue to the layer's own fields; what is left out is found by the catalogue's candidates.
	Fields map[string]string `yaml:"fields"`
	// Where keeps the features whose field has one of the values.
	Where map[string]Values `yaml:"where"`
	// Version names the edition of the layer in the product.
	Version string `yaml:"version"`
	// Since and Until are the days of effect, both included, of features that have none of their own.
	Since string `yaml:"since"`
	Until string `yaml:"until"`
	// Sliver bounds the pieces that count for nothing.
	Sliver *Sliver `yaml:"sliver"`
	// Empty says that the layer may hold nothing within the run's area.
	Empty bool `yaml:"empty"`
}

// Sliver bounds pieces of a patch by area in m² and by average width in metres; what is left out is the catalogue's.
type Sliver struct {
	Area  *float64 `yaml:"area"`
	Width *float64 `yaml:"width"`
}

// Values is a text, or a list of texts.
type Values []string

// UnmarshalYAML accepts one text or a list of texts.
func (v *Values) UnmarshalYAML(unmarshal func(any) error) error {
	return (*Sources)(v).UnmarshalYAML(unmarshal)
}

func (f *File) checkLayers(text []byte) error {
	for i, l := range f.Layers {
		where := fmt.Sprintf("$.layers[%d]", i)
		kind, ok := overlay.Lookup(l.Kind)
		switch {
		case l.Kind == "":
			return at(text, where, "layers: entry %d has no kind: it is one of %s", i+1, strings.Join(overlay.KindCodes(), ", "))
		case !ok:
			return at(text, where+".kind", "layers: there is no kind %q%s: the kinds are %s", l.Kind, spell.Hint(l.Kind, overlay.KindCodes()), strings.Join(overlay.KindCodes(), ", "))
		case len(l.Source) == 0 || slices.Contains(l.Source, ""):
			return at(text, where, "layers: %s has no source", l.Kind)
		}
		if err := l.check(text, where, kind); err != nil {
			return err
		}
	}
	return nil
}

func (l Layer) check(text []byte, where string, kind overlay.Kind) error {
	if l.Type != "" {
		switch _, ok := kind.TypeOf(l.Type); {
		case len(kind.Types) == 0:
			return at(text, where+".type", "layers: %s has no types: leave `type:` out", l.Kind)
		case !ok:
			return at(text, where+".type", "layers: %s has no type %q%s: it is one of %s", l.Kind, l.Type, spell.Hint(l.Type, kind.TypeCodes()), strings.Join(kind.TypeCodes(), ", "))
		}
	}
	for _, role := range slices.Sorted(maps.Keys(l.Fields)) {
		if !slices.Contains(kind.RoleNames(), role) {
			return at(text, where+".fields", "layers: %s has no role %q%s: the roles of its fields are %s", l.Kind, role, spell.Hint(role, kind.RoleNames()), strings.Join(kind.RoleNames(), ", "))
		}
		if l.Fields[role] == "" {
			return at(text, where+".fields", "layers: %s: the role %s has no field", l.Kind, role)
		}
	}
	for _, field := range slices.Sorted(maps.Keys(l.Where)) {
		if len(l.Where[field]) == 0 {
			return at(text, where+".where", "layers: %s: where: %s has no values: list those to keep, as in `where: {%s: [A, B]}`", l.Kind, field, field)
		}
	}
	for _, d := range []struct{ key, day string }{{"since", l.Since}, {"until", l.Until}} {
		if d.day == "" {
			continue
		}
		if _, err := Day(d.day); err != nil {
			return at(text, where+"."+d.key, "layers: %s: %s: %q is not a date: write it as 2025-08-20", l.Kind, d.key, d.day)
		}
	}
	if e := l.Effect(); !e.Until.IsZero() && e.Until.Before(e.Since) {
		return at(text, where+".until", "layers: %s is in effect until %s, before it is since %s", l.Kind, l.Until, l.Since)
	}
	if s := l.Sliver; s != nil {
		for _, v := range []*float64{s.Area, s.Width} {
			if v != nil && (!(*v >= 0) || math.IsInf(*v, 1)) {
				return at(text, where+".sliver", "layers: %s: sliver: %g is not possible: give an area in m² and a width in metres, 0 to count everything", l.Kind, *v)
			}
		}
	}
	return nil
}

// Effect is the declared days of effect; what cannot be read is no limit.
func (l Layer) Effect() overlay.Effect {
	since, _ := Day(l.Since)
	until, _ := Day(l.Until)
	return overlay.Effect{Since: since, Until: until}
}

// SliverBounds are the declared bounds, and the catalogue's for what is left out.
func (l Layer) SliverBounds() overlay.Sliver {
	b := overlay.DefaultSliver()
	if l.Sliver != nil && l.Sliver.Area != nil {
		b.Area = *l.Sliver.Area
	}
	if l.Sliver != nil && l.Sliver.Width != nil {
		b.Width = *l.Sliver.Width
	}
	return b
}
