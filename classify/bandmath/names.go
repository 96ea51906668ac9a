package bandmath

import (
	"maps"
	"slices"
	"strings"

	"tuban/classify/index"
	"tuban/raster"
)

// textures are the windows' default edges in metres: a house and its yard for pantex, a few pixels for deviation, what is
// around a house for mean; for mbi and msi the length of the longest line, which no village house exceeds.
var textures = map[string]float64{"pantex": 15, "deviation": 5, "mean": 30, "mbi": 30, "msi": 30}

// maxTexture is the largest window edge in metres: beyond it a texture says nothing of one object, and the pixels
// that must be read around a tile outweigh the tile.
const maxTexture = 1000

// functions and the numbers of arguments they take, -1 for no upper limit.
var functions = map[string]struct{ least, most int }{
	"abs": {1, 1}, "sqrt": {1, 1}, "log": {1, 1}, "exp": {1, 1}, "isknown": {1, 1},
	"min": {2, -1}, "max": {2, -1}, "clamp": {3, 3},
}

var reserved = []string{"before", "after", "auto", "limit", "change", "growing", "snow", "true", "false", "nil"}

// names is what names mean; all are in lower case.
type names struct {
	formulas map[string]string // user indices
	pairs    map[string]string // formulas over both dates
	models   map[string]Model  // by the name of their probability
	limits   []string
}

// formula returns the formula of the index called name (lower case), of the user or of the catalogue.
func (n names) formula(name string) (string, bool) {
	if f, ok := n.formulas[name]; ok {
		return f, true
	}
	if x, ok := index.Lookup(name); ok && x.Name == name {
		return x.Formula, true
	}
	return "", false
}

func isRole(name string) bool { return slices.Contains(raster.Roles, raster.Role(name)) }

// ofOneDate reports whether a name is one that stands after a date.
func (n names) ofOneDate(name string) bool {
	_, isFormula := n.formula(name)
	_, isTexture := textures[name]
	m, isModel := n.models[name]
	return isFormula || isTexture || isRole(name) || slices.Contains(states, name) || isModel && !m.Pair
}

// ofBothDates reports whether a name is one that stands without a date where there are two.
func (n names) ofBothDates(name string) bool {
	_, isPair := n.pairs[name]
	return isPair || name == change || n.models[name].Pair
}

// bare lists the names that stand without a date where there are two, sorted, for suggestions.
func (n names) bare() []string {
	list := append(slices.Collect(maps.Keys(n.pairs)), change)
	for name, m := range n.models {
		if m.Pair {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// all lists every name that stands after a date, sorted, for suggestions.
func (n names) all() []string {
	list := append(slices.Collect(maps.Keys(n.formulas)), states...)
	for name, m := range n.models {
		if !m.Pair {
			list = append(list, name)
		}
	}
	for _, r := range raster.Roles {
		list = append(list, string(r))
	}
	for _, x := range index.All() {
		list = append(list, x.Name)
	}
	list = append(list, slices.Collect(maps.Keys(textures))...)
	slices.Sort(list)
	return list
}

// conflict says why an index may not be called name (lower case); empty when it may.
func conflict(name string) string {
	_, isFunction := functions[name]
	_, isTexture := textures[name]
	_, isIndex := index.Lookup(name)
	switch {
	case isRole(name):
		return "is a band role"
	case isIndex:
		return "is an index of the catalogue"
	case isTexture:
		return "is a texture"
	case isFunction:
		return "is a function"
	case slices.Contains(reserved, name):
		return "is a word of the language"
	}
	return ""
}

// nearest returns the candidate that name most likely means; empty when none is near. Candidates are sorted, so
// that a tie goes to the first.
func nearest(name string, candidates []string) string {
	best, distance := "", 1+max(1, len([]rune(name))/3)
	for _, c := range candidates {
		if d := edits(name, c); d < distance {
			best, distance = c, d
		}
	}
	return best
}

// edits counts the insertions, deletions, substitutions and swaps of neighbours that turn a into b.
func edits(a, b string) int {
	s, t := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	two, one, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range one {
		one[j] = j
	}
	for i := range s {
		row[0] = i + 1
		for j := range t {
			d := one[j]
			if s[i] != t[j] {
				d++
			}
			d = min(d, one[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				d = min(d, two[j-1]+1)
			}
			row[j+1] = d
		}
		two, one, row = one, row, two
	}
	return one[len(t)]
}
