package rules

import (
	"slices"

	"tuban/classify/bandmath"
	"tuban/raster"
)

// Scenes are the scenes of both dates of a run, as far as their bands are concerned. A date without any stands for one
// whose scenes have every band.
type Scenes struct {
	Before, After []raster.Scene
	// Rasters names the models whose probability comes as rasters that were made elsewhere, whatever the file says of them.
	Rasters []string
}

// Deciding says by which of its conditions a kind is decided in a run.
type Deciding string

// What Compile sets, from the bands that When reads beyond red, green and blue.
const (
	// ByWhen: all scenes have them, or the kind has no other condition: only When is compiled.
	ByWhen Deciding = "when"
	// ByColour: no scene of one of the dates has them, so that no pixel can be decided by When: only RGB.When is compiled.
	ByColour Deciding = "rgb"
	// ByBoth: some scenes have them: each pixel is decided by the condition that its two scenes allow.
	ByBoth Deciding = "when and rgb"
)

// dates are the dates with their scenes.
func (s Scenes) dates() [2]struct {
	date   bandmath.Date
	scenes []raster.Scene
} {
	return [...]struct {
		date   bandmath.Date
		scenes []raster.Scene
	}{{bandmath.Before, s.Before}, {bandmath.After, s.After}}
}

// decide sets what depends on the scenes, and returns the source of the kind's condition.
func (k *CompiledKind) decide(o bandmath.Options, scenes Scenes) (bandmath.Source, error) {
	k.By, k.Published, k.Scored, k.Anyhow = ByWhen, k.Evidence, k.Strength, k.Unnormalised
	source := bandmath.Source{Name: whenName(k.Kind), Text: k.When, Condition: true}
	sources := []bandmath.Source{source}
	if k.RGB != nil {
		sources = append(sources, bandmath.Source{Name: source.Name, Text: k.RGB.When, Condition: true})
	}
	p, err := bandmath.Compile(sources, o)
	if err != nil {
		return source, err
	}
	k.Needs = p.Needs(0)
	if k.RGB == nil {
		return source, nil
	}
	k.ColourNeeds = p.Needs(1)
	for _, d := range scenes.dates() {
		beyond := k.Beyond(d.date)
		have := 0
		for _, s := range d.scenes {
			if len(s.Missing(beyond)) == 0 {
				have++
			}
		}
		switch {
		case have == len(d.scenes):
		case have == 0:
			k.By, k.Published, k.Scored, k.Anyhow = ByColour, k.RGB.Evidence, k.RGB.Strength, k.RGB.Unnormalised
			source.Text = k.RGB.When
			return source, nil
		default:
			k.By = ByBoth
		}
	}
	if k.By == ByBoth {
		source.Colour = k.RGB.When
		k.Anyhow = k.Anyhow && k.RGB.Unnormalised
	}
	return source, nil
}

// seen reports whether, on each date, some scene has the bands that inputs are computed from.
func (s Scenes) seen(inputs []bandmath.Input) bool {
	for _, d := range s.dates() {
		var roles []raster.Role
		for _, in := range inputs {
			switch role, ok := in.Role(); {
			case in.Date != d.date:
			case ok:
				roles = append(roles, role)
			case in.Kind() == bandmath.Texture:
				roles = append(roles, raster.Red, raster.Green, raster.Blue)
			}
		}
		if len(d.scenes) > 0 && !slices.ContainsFunc(d.scenes, func(s raster.Scene) bool { return len(s.Missing(roles)) == 0 }) {
			return false
		}
	}
	return true
}

// Beyond lists the bands that When reads of a date beyond red, green and blue.
func (k CompiledKind) Beyond(d bandmath.Date) []raster.Role {
	var out []raster.Role
	for _, in := range k.Needs {
		if role, ok := in.Role(); ok && in.Date == d && !in.Visible() && !slices.Contains(out, role) {
			out = append(out, role)
		}
	}
	return out
}
