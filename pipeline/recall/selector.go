package recall

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"tuban/classify/landclass"
)

//go:embed types.csv
var typesCSV string

//go:embed answers.csv
var answersCSV string

//go:embed roles.csv
var rolesCSV string

// rows are the rows of an embedded table, below its heading.
func rows(name, text string, columns int) [][]string {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment, r.FieldsPerRecord = '#', columns
	out, err := r.ReadAll()
	if err != nil {
		panic(fmt.Sprintf("recall: %s: %v", name, err)) // a broken build, not bad data
	}
	return out[1:]
}

// selector is a set of classes: those of its selections, or all others.
type selector struct {
	list []landclass.Selection
	not  bool
}

// newSelector reads the selectors of a table; each system has all of them.
func newSelector(sys landclass.System, text string) (s selector, err error) {
	s.not = strings.HasPrefix(text, "!")
	for _, word := range strings.Fields(strings.TrimPrefix(text, "!")) {
		sel, err := sys.Select(word)
		if err != nil {
			return s, err
		}
		s.list = append(s.list, sel)
	}
	return s, nil
}

func (s selector) has(code string) bool {
	if len(s.list) == 0 {
		return true
	}
	return s.not != slices.ContainsFunc(s.list, func(sel landclass.Selection) bool { return sel.Has(code) })
}

// changeType is a type of change between two classes.
type changeType struct {
	code, name string
	from, to   selector
	flagged    bool
}

// scheme is what changes of class mean in one code system.
type scheme struct {
	types   []changeType
	answers map[string]selector // by group of 图斑类型
}

func newScheme(sys landclass.System) (*scheme, error) {
	s := &scheme{answers: map[string]selector{}}
	for _, r := range rows("types.csv", typesCSV, 5) {
		from, err := newSelector(sys, r[2])
		if err != nil {
			return nil, err
		}
		to, err := newSelector(sys, r[3])
		if err != nil {
			return nil, err
		}
		s.types = append(s.types, changeType{r[0], r[1], from, to, r[4] == "yes"})
	}
	for _, r := range rows("answers.csv", answersCSV, 2) {
		sel, err := newSelector(sys, r[1])
		if err != nil {
			return nil, err
		}
		s.answers[r[0]] = sel
	}
	return s, nil
}

// typeOf is the type of a change; the last one fits all.
func (s *scheme) typeOf(from, to string) changeType {
	i := slices.IndexFunc(s.types, func(t changeType) bool { return t.from.has(from) && t.to.has(to) })
	return s.types[i]
}

// agrees reports whether a class after the change is what a release of that 图斑类型 said. A type that no table has is taken to agree.
func (s *scheme) agrees(after, to string) bool {
	_, _, group, ok := landclass.AfterType(after)
	sel, known := s.answers[group]
	return !ok || !known || sel.has(to)
}

// TypeCodes are the types of changes, and those among them that releases are expected to hold.
func TypeCodes() (all, flagged []string) {
	for _, r := range rows("types.csv", typesCSV, 5) {
		all = append(all, r[0])
		if r[4] == "yes" {
			flagged = append(flagged, r[0])
		}
	}
	return all, flagged
}
