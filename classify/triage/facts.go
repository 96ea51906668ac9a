package triage

import (
	"slices"

	"tuban/classify/landclass"
	"tuban/classify/where"
)

// Facts is what conditions and keys look at in one patch. In their language
//
//	area("01"), share("01")         m² of the patch on survey classes, and the part that this is of the patch, 0 to 1; see
//	                                landclass.System.Select
//	layer("red_line"), layer_share  the same on a layer of the run
//	patch_area                      m² of the patch
//	uncovered                       m² of it on no parcel
//	width                           m, twice the area by the length of the outline
//	length                          m, the area by the width
//	score                           0 to 100
//
// A condition on a layer that the run was not given, or on classes without a survey, does not hold; as a number both are 0.
type Facts struct {
	// CID decides between patches of equal severity.
	CID string
	// Kind is the code of the kind of change, Categories those of its categories, After its type after the change (图斑类型).
	Kind, After string
	Categories  []string
	// Verdict is the code of an earlier verdict that holds for it, "" for none.
	Verdict string
	// Area and Width are those of the patch, in m² and m.
	Area, Width, Score float64
	// Classes is the area in m² on each survey class, Layers that on each layer that was loaded, by code.
	Classes, Layers map[string]float64
}

// The words of the language.
var values = []string{"patch_area", "uncovered", "width", "length", "score"}

// Layers are the codes of the layers that can be asked for.
var Layers = []string{"basic_farmland", "basic_farmland_old", "red_line", "urban_boundary", "nature_reserve", "black_soil",
	"village_boundary", "separate_layer", "decided"}

// meaning is what the words mean for f.
func (r *Rules) meaning(f Facts) where.Meaning {
	part := func(area func(string) float64) func(string) float64 {
		return func(name string) float64 {
			if !(f.Area > 0) {
				return 0
			}
			return area(name) / f.Area
		}
	}
	area := func(selector string) float64 { return r.selections[selector].Sum(f.Classes) }
	layer := func(code string) float64 { return f.Layers[code] }
	length := 0.0
	if f.Width > 0 {
		length = f.Area / f.Width
	}
	return r.language.Meaning(where.Numbers{
		Values: map[string]float64{
			"patch_area": f.Area, "uncovered": max(0, f.Area-landclass.Total(f.Classes)), "width": f.Width, "length": length, "score": f.Score,
		},
		Calls: map[string]func(string) float64{"area": area, "share": part(area), "layer": layer, "layer_share": part(layer)},
	})
}

// known reports whether the run has what an expression asks for.
func (r *Rules) known(e *where.Expression, f Facts) bool {
	if r.system == "" && (e.Uses("area") || e.Uses("share") || e.Uses("uncovered")) {
		return false
	}
	for _, call := range []string{"layer", "layer_share"} {
		for _, code := range e.Arguments(call) {
			if _, ok := f.Layers[code]; !ok {
				return false
			}
		}
	}
	return true
}

// applies reports whether a patch is in a scope; m is what words mean for it.
func (r *Rules) applies(s Scope, f Facts, m where.Meaning) (bool, error) {
	switch {
	case len(s.Kinds) > 0 && !slices.Contains(s.Kinds, f.Kind):
		return false, nil
	case len(s.Categories) > 0 && !slices.ContainsFunc(f.Categories, func(c string) bool { return slices.Contains(s.Categories, c) }):
		return false, nil
	case len(s.Verdicts) > 0 && !slices.Contains(s.Verdicts, f.Verdict):
		return false, nil
	case len(s.After) > 0 && !s.after(f.After):
		return false, nil
	case s.where == nil:
		return true, nil
	case !r.known(s.where, f):
		return false, nil
	}
	return s.where.Holds(m)
}

// after reports whether a type after the change, or its group, is in the scope.
func (s Scope) after(code string) bool {
	_, _, group, _ := landclass.AfterType(code)
	return slices.Contains(s.After, code) || slices.Contains(s.After, group)
}

// Labels are the exclusions that a patch is in, by position.
func (r *Rules) Labels(f Facts) ([]int, error) {
	var out []int
	m := r.meaning(f)
	for i, x := range r.Exclusions {
		in, err := r.applies(x.Scope, f, m)
		if err != nil {
			return nil, err
		}
		if in {
			out = append(out, i)
		}
	}
	return out, nil
}

// Kinds are the codes of kinds of change that the rules name, each once and sorted; they are those of the rules of a run.
func (r *Rules) Kinds() []string {
	return r.named(func(s Scope) []string { return s.Kinds })
}

// Categories are those of categories.
func (r *Rules) Categories() []string {
	return r.named(func(s Scope) []string { return s.Categories })
}

// Verdicts are those of verdicts.
func (r *Rules) Verdicts() []string {
	return r.named(func(s Scope) []string { return s.Verdicts })
}

func (r *Rules) named(of func(Scope) []string) []string {
	var out []string
	for _, a := range r.Approvals {
		out = append(out, of(a.Scope)...)
	}
	for _, x := range r.Exclusions {
		out = append(out, of(x.Scope)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
