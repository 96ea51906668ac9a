// Package withheld says which patches do not leave the office, in whatever form: a file, a table, a sheet.
package withheld

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"tuban/pipeline/product"
	"tuban/pipeline/register"
	"tuban/pipeline/verification"
)

//go:embed returned.csv
var returnedText string

// returnedFields are the names under which layers carry the category that a county returned.
var returnedFields = func() []string {
	rows, err := csv.NewReader(strings.NewReader(returnedText)).ReadAll()
	if err != nil { // a mistake of the program
		panic(fmt.Sprintf("withheld: returned.csv: %v", err))
	}
	var out []string
	for _, r := range rows[1:] {
		out = append(out, r[0])
	}
	return out
}()

// Reason is why a patch does not leave, "" where it may.
type Reason string

// The reasons.
const (
	// Suppressed: a county returned it under a category that is shown to nobody.
	Suppressed Reason = "suppressed"
	// Superseded: in the register another number has taken the place of its own.
	Superseded Reason = "superseded"
)

// By makes the rule on what a register says; nil is none, then only the patches' own fields speak. A patch is suppressed by what
// was said of any number that it bears, bore (JCBH, FBBH) or has in the register (cid), of any that those replaced, and of any that
// replaced them.
func By(s *register.State) func(product.Row) Reason {
	if s == nil {
		s = new(register.Register).State()
	}
	replaces := map[string][]string{}
	for _, r := range s.Releases() {
		if next := s.Replaced(r.JCBH); next != "" {
			replaces[next] = append(replaces[next], r.JCBH)
		}
	}
	return func(r product.Row) Reason {
		for _, f := range returnedFields {
			if verification.Suppressed(r.Text(f)) {
				return Suppressed
			}
		}
		for _, jcbh := range numbers(s, replaces, r) {
			if back, ok := s.Return(jcbh); ok && verification.Suppressed(back.Level1, back.Level2, back.Level3) {
				return Suppressed
			}
		}
		if jcbh := r.Text("JCBH"); jcbh != "" && s.Replaced(jcbh) != "" {
			return Superseded
		}
		return ""
	}
}

// numbers are all 监测编号 under which the land of a patch was sent. replaces has the numbers that a number took the place of.
func numbers(s *register.State, replaces map[string][]string, r product.Row) []string {
	own := append(strings.Fields(r.Text("JCBH")), strings.Fields(r.Text("FBBH"))...)
	current, _ := s.Current(r.Text("cid"))
	for _, c := range current {
		own = append(own, c.JCBH)
	}
	all, seen := slices.Clone(own), map[string]bool{}
	for _, jcbh := range own { // forwards from its own alone: what was merged into the same patch is another
		for next := s.Replaced(jcbh); next != "" && !seen[next]; next = s.Replaced(next) {
			seen[next] = true
			all = append(all, next)
		}
	}
	clear(seen)
	for todo := slices.Clone(own); len(todo) > 0; todo = todo[1:] {
		for _, old := range replaces[todo[0]] {
			if !seen[old] {
				seen[old] = true
				all, todo = append(all, old), append(todo, old)
			}
		}
	}
	return all
}
