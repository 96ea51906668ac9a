package triage

import (
	"cmp"
	"fmt"
	"slices"
)

// Match is how a patch stands to all approvals that lie on it.
type Match struct {
	State State
	// Standings are those of the approvals, in their order.
	Standings []Standing
	// Area is the part of the patch that approvals which count cover together, in m².
	Area float64
	// Marks are what to mind, in the order of Marks.
	Marks []Mark
	chain []int
}

// Cover is the area in m² of the patch that some of its approvals, by position, cover together: more than one on the same ground
// count once.
type Cover func(approvals []int) (float64, error)

// Match compares a patch with the approvals on it. loaded are the kinds of approvals that the run was given, whether or not one
// lies there, "" among them where it was given some of unknown kind. Another approval never moves a patch to a state that speaks less for one.
func (r *Rules) Match(f Facts, in Interval, loaded []string, approvals []Approval, cover Cover) (Match, error) {
	m := Match{State: Unloaded}
	applies, meaning := map[string]bool{}, r.meaning(f)
	if slices.Contains(loaded, "") {
		m.State = Unmatched
	}
	for _, k := range r.Approvals {
		ok, err := r.applies(k.Scope, f, meaning)
		if err != nil {
			return m, fmt.Errorf("approvals of kind %s: %w", k.Code, err)
		}
		applies[k.Code] = ok && !k.Listed
		if applies[k.Code] && slices.Contains(loaded, k.Code) {
			m.State = Unmatched
		}
	}
	var counting, expired, later []int
	for i, a := range approvals {
		s := r.stand(a, in)
		switch {
		case a.Kind == "":
			s.chain = len(r.Approvals)
		case s.chain < 0:
			return m, fmt.Errorf("there is no kind of approval %q", a.Kind)
		}
		if (applies[a.Kind] || a.Kind == "") && m.State == Unloaded {
			m.State = Unmatched
		}
		s.applies = applies[a.Kind] && !a.Sliver
		s.Counts = s.applies && (s.Status == StatusValid || s.Status == StatusUndated && !s.Lapsing && r.Approvals[s.chain].Undated)
		switch {
		case s.Counts:
			counting = append(counting, i)
		case s.applies && s.Status == StatusExpired:
			expired = append(expired, i)
		case s.applies && s.Status == StatusLater:
			later = append(later, i)
		}
		m.Standings = append(m.Standings, s)
		if !a.Sliver {
			m.chain = append(m.chain, i)
		}
	}
	slices.SortStableFunc(m.chain, func(a, b int) int { return cmp.Compare(m.Standings[a].chain, m.Standings[b].chain) })
	for _, x := range []struct {
		list  []int
		state State
	}{{counting, Partial}, {expired, Expired}, {later, Later}} {
		if len(x.list) == 0 {
			continue
		}
		area, err := cover(x.list)
		if err != nil {
			return m, err
		}
		if x.state == Partial {
			m.Area = area
		}
		switch {
		case !r.Coverage.some(area, f.Area):
			continue
		case x.state == Partial && r.Coverage.all(area, f.Area):
			m.State = Matched
		default:
			m.State = x.state
		}
		break
	}
	m.mark()
	return m, nil
}

// all reports whether so much of a patch is covered that the rest is no more than an edge.
func (c Coverage) all(covered, patch float64) bool {
	return covered >= c.Matched*patch || patch-covered < c.Rest
}

// some reports whether more than an edge is covered. What is all of a small patch is more.
func (c Coverage) some(covered, patch float64) bool {
	return covered > 0 && (covered >= c.Partial*patch && covered >= c.Least || covered >= c.Matched*patch)
}

// mark says what to mind about approvals that are no slivers.
func (m *Match) mark() {
	has := map[Mark]bool{}
	for _, s := range m.Standings {
		if s.Sliver {
			continue
		}
		has[MarkInside] = has[MarkInside] || s.Counts && s.Relation == Inside
		has[MarkLater] = has[MarkLater] || s.Relation == After
		has[MarkExpired] = has[MarkExpired] || s.Status == StatusExpired
		has[MarkDerived] = has[MarkDerived] || s.Derived
		has[MarkListed] = has[MarkListed] || m.State == Unmatched && s.Kind != "" && !s.applies
		has[MarkUntyped] = has[MarkUntyped] || s.Kind == ""
		has[MarkUndated] = has[MarkUndated] || s.Relation == Undated
		has[MarkUnread] = has[MarkUnread] || s.Lapsing
	}
	for _, k := range Marks {
		if has[k] {
			m.Marks = append(m.Marks, k)
		}
	}
}

// Kinds are the kinds of the approvals on the patch, each once and in the order of the chain; slivers are left out.
func (m Match) Kinds() []string {
	return m.each(func(s Standing) string { return s.Kind })
}

// Numbers are their document numbers, each once and in that order.
func (m Match) Numbers() []string {
	return m.each(func(s Standing) string { return s.Number })
}

func (m Match) each(of func(Standing) string) []string {
	var out []string
	for _, i := range m.chain {
		if v := of(m.Standings[i]); v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
