package rules

import (
	"fmt"
	"slices"

	"tuban/classify/landclass"
	"tuban/classify/where"
)

// Facts is what a category looks at in one patch.
type Facts struct {
	Kind string
	// Area of the patch, m².
	Area float64
	// Classes is the area in m² of the patch on each survey class; land without a parcel is in none.
	Classes map[string]float64
}

// CompiledCategory is a Category with its condition compiled and its classes resolved.
type CompiledCategory struct {
	Category
	// NeedsSurvey says that the condition asks for survey classes. Without a survey such a category never matches.
	NeedsSurvey bool

	sys        landclass.System
	where      *where.Expression
	selections map[string]landclass.Selection
}

func compileCategory(c Category, sys landclass.System) (CompiledCategory, error) {
	out := CompiledCategory{Category: c, sys: sys}
	if c.Where == "" {
		return out, nil
	}
	out.selections = map[string]landclass.Selection{}
	var err error
	out.where, err = conditions(func(s string) error {
		if sys == "" {
			return nil
		}
		sel, err := sys.Select(s)
		out.selections[s] = sel
		return err
	}).Condition(c.Where)
	if err != nil {
		return CompiledCategory{}, err
	}
	out.NeedsSurvey = needsClasses(out.where)
	return out, nil
}

// Match reports whether the category applies to a patch: the patch is of one of its kinds, and its condition holds.
// The condition is made of
//
//	area("01")    m² of the patch on the survey classes that the selector names; see landclass.System.Select
//	share("01")   the same as a part of the patch's area, 0 to 1
//	patch_area    m² of the patch
//	uncovered     m² of the patch on no parcel
//
// with + - * / < <= > >= == != and or not ?: and parentheses.
func (c CompiledCategory) Match(p Facts) (bool, error) {
	if len(c.Kinds) > 0 && !slices.Contains(c.Kinds, p.Kind) {
		return false, nil
	}
	if c.where == nil {
		return true, nil
	}
	if c.NeedsSurvey && c.sys == "" {
		return false, nil
	}
	area := func(selector string) float64 { return c.selections[selector].Sum(p.Classes) }
	share := func(selector string) float64 {
		if !(p.Area > 0) {
			return 0
		}
		return area(selector) / p.Area
	}
	yes, err := c.where.Holds(conditions(nil).Meaning(where.Numbers{
		Values: map[string]float64{"patch_area": p.Area, "uncovered": max(0, p.Area-landclass.Total(p.Classes))},
		Calls:  map[string]func(string) float64{"area": area, "share": share},
	}))
	if err != nil {
		return false, fmt.Errorf("category %s: %w", c.Code, err)
	}
	return yes, nil
}
