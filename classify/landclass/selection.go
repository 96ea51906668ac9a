package landclass

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"tuban/raster/spell"
)

// Selection is the set of classes that a selector names in one system. The zero value selects nothing.
type Selection struct {
	System   System
	Selector string // as written

	// Exactly one of these is set.
	prefix     string
	first      string
	group      string
	adjustable bool
}

// Select returns the classes that selector names. It is one of
//
//   - the beginning of a code, of two characters or more: "01", "0103", "08H2". It is taken literally, so "03" of TD/T 1055
//     includes the wetlands 0303, 0304, 0306, which 林地 does not. "00" means 湿地, whose codes begin otherwise;
//   - the name of a 一级类 or a class, Chinese or English: 耕地, 草地, "cropland", 旱地;
//   - the name of a 三大类: 农用地, 建设用地, 未利用地, "agricultural", "construction", "unused";
//   - 可调整 or "adjustable": the classes with suffix K.
//
// A selector that names nothing in s is an error that suggests what was meant.
func (s System) Select(selector string) (Selection, error) {
	t := tables()[s]
	if t == nil {
		return Selection{}, ErrNoSystem
	}
	word := strings.TrimSpace(selector)
	if word == "" {
		return Selection{}, fmt.Errorf(`empty class selector: write a code such as "0103" or a name such as 耕地`)
	}
	if sel, ok := t.names[strings.ToLower(word)]; ok {
		sel.Selector = selector
		return sel, nil
	}
	if word[0] >= '0' && word[0] <= '9' {
		return t.selectCode(s, selector, normal(word))
	}
	return Selection{}, fmt.Errorf("no class of %s is called %q%s: use a code prefix, a class name, %s, %s or %s", s, selector,
		spell.Hint(word, slices.Sorted(maps.Keys(t.names))), Agricultural, Construction, Unused)
}

// selectCode resolves a selector that is the beginning of a code.
func (t *table) selectCode(s System, selector, code string) (Selection, error) {
	if len(code) < 2 {
		return Selection{}, fmt.Errorf(`class selector %q is too short: codes begin with two digits; if it lost its leading zero, quote it: "0%s"`, selector, code)
	}
	sel := Selection{System: s, Selector: selector, prefix: code}
	var codes []string
	for _, c := range t.classes {
		if c.Code != c.First && strings.HasPrefix(c.Code, code) {
			return sel, nil
		}
		codes = append(codes, c.Code)
	}
	if c, ok := s.Lookup(code); ok {
		if c.Code == c.First {
			return Selection{System: s, Selector: selector, first: c.First}, nil
		}
		return sel, nil
	}
	hint := spell.Hint(code, codes)
	for _, other := range Systems {
		if c, ok := other.Lookup(code); ok && other != s {
			hint = fmt.Sprintf(" (it is %s in %s: is the right system declared?)", c.Name, other)
		}
	}
	return Selection{}, fmt.Errorf("no class code of %s begins with %q%s", s, selector, hint)
}

// Has reports whether a parcel of class code is selected. A code that the system does not know is selected by a prefix
// alone; no name or group can claim it.
func (sel Selection) Has(code string) bool {
	if sel.prefix != "" {
		return strings.HasPrefix(normal(code), sel.prefix)
	}
	c, ok := sel.System.Lookup(code)
	switch {
	case !ok:
		return false
	case sel.first != "":
		return c.First == sel.first
	case sel.group != "":
		return c.Group == sel.group
	}
	return sel.adjustable && c.Adjustable
}

// Sum adds up the areas of the selected classes.
func (sel Selection) Sum(areas map[string]float64) float64 { return sum(areas, sel.Has) }

// Total adds up areas by class.
func Total(areas map[string]float64) float64 {
	return sum(areas, func(string) bool { return true })
}

// sum runs over sorted codes, so that the last digit, and with it a comparison, never depends on the order of a map.
func sum(areas map[string]float64, has func(code string) bool) float64 {
	total := 0.0
	for _, code := range slices.Sorted(maps.Keys(areas)) {
		if has(code) {
			total += areas[code]
		}
	}
	return total
}
