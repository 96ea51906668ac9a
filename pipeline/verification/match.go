package verification

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"tuban/raster/spell"
)

// Match finds the category that the levels, as somebody wrote them, name in the scheme. Blanks, and full-width
// brackets and digits, do not matter; of a name such as 圈占/堆放压占 one part will do; a code stands for its category. Levels that
// name nothing, or too little, are an error that says what could be meant.
func (s Scheme) Match(levels ...string) (Category, error) {
	var given []string
	for i, l := range levels {
		l = plain(l)
		if l == "" {
			continue
		}
		if i != len(given) {
			return Category{}, mismatch(
				fmt.Sprintf("%s类别已填“%s”，但%s类别为空：请补填", ordinal(i), levels[i], ordinal(len(given))),
				fmt.Sprintf("level %d is %q, but level %d is empty: fill it in", i+1, levels[i], len(given)+1))
		}
		given = append(given, l)
	}
	if len(given) == 0 {
		return Category{}, mismatch("未填核查类别：一级类别应为 "+s.list(nil), "no category is given: the first level is one of these")
	}
	for _, c := range s.Categories {
		if len(given) == 1 && c.Code != "" && c.Code == given[0] {
			return c, nil
		}
	}
	for n := range given {
		names := s.names(given[:n], true)
		if slices.ContainsFunc(names, func(name string) bool { return same(name, given[n]) }) {
			continue
		}
		if len(names) == 0 {
			return Category{}, mismatch(
				fmt.Sprintf("“%s”没有%s类别，但填了“%s”：请留空", given[n-1], ordinal(n), given[n]),
				fmt.Sprintf("%q has no level %d, but %q is given: leave it empty", given[n-1], n+1, given[n]))
		}
		hint := ""
		if near := spell.Nearest(given[n], s.names(given[:n], false), 1); len(near) > 0 {
			hint = "（是否为“" + near[0] + "”？）"
		}
		return Category{}, mismatch(
			fmt.Sprintf("%s类别“%s”不在分类表中%s：应为 %s", ordinal(n), given[n], hint, s.list(given[:n])),
			fmt.Sprintf("level %d %q is not in the table", n+1, given[n]))
	}
	for _, c := range s.Categories {
		if len(c.Levels()) == len(given) && c.begins(given) {
			return c, nil
		}
	}
	return Category{}, mismatch(
		fmt.Sprintf("“%s”还须填%s类别：应为 %s", strings.Join(given, " / "), ordinal(len(given)), s.list(given)),
		fmt.Sprintf("%s is not enough: level %d is needed", strings.Join(given, " / "), len(given)+1))
}

// Mismatch says why what somebody wrote names no category, and what would.
type Mismatch struct{ ZH, EN string }

func (m *Mismatch) Error() string { return m.ZH + " (" + m.EN + ")" }

func mismatch(zh, en string) error { return &Mismatch{zh, en} }

// ordinal is how people call the n-th level, from 0.
func ordinal(n int) string { return [...]string{"一级", "二级", "三级"}[min(n, 2)] }

// list are the names that people may write below those given.
func (s Scheme) list(above []string) string { return strings.Join(s.names(above, false), "、") }

// Levels are the levels that the category has, one to three.
func (c Category) Levels() []string {
	return slices.DeleteFunc([]string{c.Level1, c.Level2, c.Level3}, func(l string) bool { return l == "" })
}

// Path is the category as people read it: 其他 / 农村宅基地.
func (c Category) Path() string { return strings.Join(c.Levels(), " / ") }

// names are the names that may follow the levels in above; those of suppressed categories are read, but nobody is told to write them.
func (s Scheme) names(above []string, suppressed bool) (out []string) {
	for _, c := range s.Categories {
		if c.Suppressed && !suppressed {
			continue
		}
		if len(c.Levels()) > len(above) && c.begins(above) && !slices.Contains(out, c.Levels()[len(above)]) {
			out = append(out, c.Levels()[len(above)])
		}
	}
	return out
}

// begins reports whether the category's first levels are those given.
func (c Category) begins(given []string) bool {
	for i, g := range given {
		if levels := c.Levels(); i >= len(levels) || !same(levels[i], g) {
			return false
		}
	}
	return true
}

// same reports whether the name of a category is meant by what somebody wrote, which is plain.
func same(name, given string) bool {
	name = plain(name)
	return name == given || slices.Contains(strings.Split(name, "/"), given)
}

// plain is s without blanks, its full-width forms as ASCII has them.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\ufeff' {
			return -1
		}
		return r
	}, width.Narrow.String(s))
}

// Lookup finds the category that returned levels name, in whichever scheme has it.
func Lookup(levels ...string) (Category, bool) {
	for _, s := range schemes {
		if c, err := s.Match(levels...); err == nil {
			return c, true
		}
	}
	return Category{}, false
}
