package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// textureUse is a use of a texture in a formula: with a date or without, and with a window or without. A local mean is none: it is brightness.
var textureUse = regexp.MustCompile(`(?i)\b(?:(before|after)\.)?(pantex|deviation|mbi|msi)\b(?:\([^()]*\))?`)

// withoutTextures takes the textures out of rules: each is 0 wherever brightness has a value, as if all land were perfectly smooth. A
// condition for texture never holds then, one against it always does, and a model finds nothing in it.
func withoutTextures(rules yaml.MapSlice) ([]string, error) {
	counts := map[string]int{}
	rewriteTexts(rules, func(s string) string {
		return textureUse.ReplaceAllStringFunc(s, func(use string) string {
			m := textureUse.FindStringSubmatch(use)
			counts[strings.ToLower(m[2])]++
			if m[1] != "" {
				return "(0 * " + m[1] + ".brightness)"
			}
			return "(0 * brightness)"
		})
	})
	var remarks []string
	for _, name := range []string{"pantex", "deviation", "mbi", "msi"} {
		if n := counts[name]; n > 0 {
			remarks = append(remarks, fmt.Sprintf("`%s` (%d)", name, n))
		}
	}
	return remarks, nil
}

// withoutTraining replaces what the survey trains: each limit found between classes by its default, and each model by a
// probability of 0.5, which says nothing. Limits found from the images alone stay.
func withoutTraining(rules yaml.MapSlice) ([]string, error) {
	numbers := map[string]string{} // by name in formulas, in small letters
	var remarks []string
	limits, _ := value(rules, "limits").(yaml.MapSlice)
	for _, item := range limits {
		limit, _ := item.Value.(yaml.MapSlice)
		if value(limit, "low") == nil && value(limit, "high") == nil {
			continue
		}
		name := strings.ToLower(fmt.Sprint("limit.", item.Key))
		number := value(limit, "default")
		if number == nil {
			return nil, fmt.Errorf("%s has no default that could take the place of what the survey trains", name)
		}
		numbers[name] = fmt.Sprint(number)
		remarks = append(remarks, fmt.Sprintf("`%s` = %v", name, number))
	}
	models, _ := value(rules, "models").(yaml.MapSlice)
	for _, item := range models {
		model, _ := item.Value.(yaml.MapSlice)
		if value(model, "yes") == nil {
			continue
		}
		name := strings.ToLower(fmt.Sprint("p_", item.Key))
		numbers[name] = "0.5"
		remarks = append(remarks, fmt.Sprintf("`%s` = 0.5", name))
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	for _, key := range []string{"kinds", "pairs"} {
		rewriteTexts(value(rules, key), func(s string) string { return replaceNames(s, numbers) })
	}
	return remarks, nil
}

// replaceNames puts numbers in the place of names in a formula; the date before a model's name goes with it.
func replaceNames(s string, numbers map[string]string) string {
	names := make([]string, 0, len(numbers))
	for name := range numbers {
		names = append(names, regexp.QuoteMeta(name))
	}
	slices.Sort(names)
	uses := regexp.MustCompile(`(?i)\b(?:(?:before|after)\.)?(` + strings.Join(names, "|") + `)\b`)
	return uses.ReplaceAllStringFunc(s, func(use string) string {
		return numbers[strings.ToLower(uses.FindStringSubmatch(use)[1])]
	})
}
