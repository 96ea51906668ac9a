// Package verification holds the categories (核查类别) that counties put a patch into after they were there, as embedded
// tables: several schemes, each with up to three levels. The words of the categories are the counties'; nothing else in the
// program says of a patch what they say.
package verification

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

//go:embed categories.csv
var categoriesText string

//go:embed schemes.csv
var schemesText string

// Category is one leaf of a scheme; the levels that it does not have are "".
type Category struct {
	Level1, Level2, Level3 string
	// Suppressed categories are in no list that leaves the office, and what a county returned under one is in no export.
	Suppressed bool
	// Note says what the category asks for, in English.
	Note string
	// Outcome is what the category says of the patch itself.
	Outcome Outcome
	// Code stands for the category in a field app, "" where it has none.
	Code string
}

// Outcome is what a conclusion says of the patch itself, whatever follows from it. The table's outcomes are read from the names of
// the categories, not from a standard [unverified].
type Outcome string

// The outcomes.
const (
	// Changed: the land did change as the patch shows.
	Changed Outcome = "changed"
	// Unchanged: it did not (伪变化).
	Unchanged Outcome = "unchanged"
	// Undecided: the category alone does not tell.
	Undecided Outcome = "open"
	// None: nobody concluded anything yet (未核查).
	None Outcome = "none"
)

// Scheme is a set of categories that is in use together.
type Scheme struct {
	Code, Name string
	Categories []Category
}

var schemes = parse()

// Schemes are all schemes, the default first.
func Schemes() []Scheme { return schemes }

// Find returns the scheme called code, the default for "". The error lists those there are.
func Find(code string) (Scheme, error) {
	var codes []string
	for _, s := range schemes {
		if s.Code == code || code == "" {
			return s, nil
		}
		codes = append(codes, s.Code)
	}
	return Scheme{}, fmt.Errorf("no scheme of verification categories is called %q: one of %s", code, strings.Join(codes, ", "))
}

// Open are the categories of the scheme that people may choose: all that are not suppressed.
func (s Scheme) Open() []Category {
	return slices.DeleteFunc(slices.Clone(s.Categories), func(c Category) bool { return c.Suppressed })
}

// Suppressed reports whether any of the levels, as a county returned them, names a suppressed category of any scheme: by itself, or
// as a word of a longer text such as 其他/JY; full-width letters and case do not matter.
func Suppressed(levels ...string) bool {
	apart := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for _, level := range levels {
		words := append(strings.FieldsFunc(width.Narrow.String(level), apart), plain(level))
		for _, s := range schemes {
			for _, c := range s.Categories {
				if c.Suppressed && slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, plain(c.last())) }) {
					return true
				}
			}
		}
	}
	return false
}

// last is the deepest level that the category has.
func (c Category) last() string {
	switch {
	case c.Level3 != "":
		return c.Level3
	case c.Level2 != "":
		return c.Level2
	}
	return c.Level1
}

// parse reads the embedded tables; a mistake in them is a mistake of the program.
func parse() []Scheme {
	var out []Scheme
	at := map[string]int{}
	for _, r := range table("schemes.csv", schemesText, 3) {
		at[r[0]] = len(out)
		out = append(out, Scheme{Code: r[0], Name: r[1]})
	}
	for _, r := range table("categories.csv", categoriesText, 8) {
		i, ok := at[r[0]]
		if !ok {
			panic(fmt.Sprintf("verification: categories.csv: scheme %q is not in schemes.csv", r[0]))
		}
		out[i].Categories = append(out[i].Categories, Category{Level1: r[1], Level2: r[2], Level3: r[3], Suppressed: r[4] == "yes", Note: r[5], Outcome: Outcome(r[6]), Code: r[7]})
	}
	return out
}

// table are the rows of an embedded table below its header.
func table(name, text string, columns int) [][]string {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = columns
	rows, err := r.ReadAll()
	if err != nil {
		panic(fmt.Sprintf("verification: %s: %v", name, err))
	}
	return rows[1:]
}
