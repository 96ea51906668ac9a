package rules

import "tuban/classify/where"

// conditions is the language of a category's condition; selector judges each class selector in it.
func conditions(selector func(string) error) where.Language {
	return where.Language{
		Values:  []string{"patch_area", "uncovered"},
		Calls:   map[string]func(string) error{"area": selector, "share": selector},
		Example: "01",
	}
}

// needsClasses reports whether the answer depends on the survey.
func needsClasses(e *where.Expression) bool {
	return e.Uses("area") || e.Uses("share") || e.Uses("uncovered")
}
