// Package spell finds what a user probably meant by a name that is not known.
package spell

import (
	"cmp"
	"slices"
	"strings"
)

// Nearest returns at most n of the known names that are close to word, the closest first and ties in their given
// order. Case is ignored. Close means that at most a third of the longer name's letters differ (half of its Chinese
// characters), or that one name begins with the other.
func Nearest(word string, known []string, n int) []string {
	type near struct {
		name     string
		distance int
	}
	w := []rune(strings.ToLower(word))
	if len(w) == 0 || len(w) > 64 {
		return nil
	}
	share := 3
	if w[0] >= 0x2e80 {
		share = 2
	}
	var found []near
	for _, k := range known {
		r := []rune(strings.ToLower(k))
		d := distance(w, r)
		prefix := len(w) > 1 && len(r) > 1 && (strings.HasPrefix(string(r), string(w)) || strings.HasPrefix(string(w), string(r)))
		if prefix {
			d = min(d, 1)
		}
		if prefix || share*d <= max(len(w), len(r)) {
			found = append(found, near{k, d})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	var out []string
	for _, f := range found {
		if len(out) < n && !slices.Contains(out, f.name) {
			out = append(out, f.name)
		}
	}
	return out
}

// Hint returns ` (did you mean "x" or "y"?)`, ready to follow the unknown name in a message; "" when nothing is near.
func Hint(word string, known []string) string {
	near := Nearest(word, known, 3)
	if len(near) == 0 {
		return ""
	}
	return ` (did you mean "` + strings.Join(near, `" or "`) + `"?)`
}

// distance is the number of insertions, deletions, substitutions and swaps of neighbours between a and b
// (optimal string alignment).
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
