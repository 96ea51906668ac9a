package register

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// State is what the events of a register come to: the decisions that hold, and what was released.
type State struct {
	// standing are the positions of the events whose decisions hold, and about which candidates they are.
	standing map[int]Decision
	about    map[string][]int
	// made are the patches that any decision, whether it holds or not, made of a candidate.
	made map[string][]string
	// releases are in their order; released are their positions by 监测编号, of by candidate.
	releases []Release
	released map[string]int
	of       map[string][]int
	// replaced names the newer 监测编号 of one that is no longer current; at is the place of a release among the events.
	replaced map[string]string
	at       map[string]int
	returns  map[string]Return
	serials  map[string]int
}

// State folds the events.
func (r *Register) State() *State {
	s := &State{
		standing: map[int]Decision{}, about: map[string][]int{}, released: map[string]int{}, of: map[string][]int{}, replaced: map[string]string{},
		made: map[string][]string{}, at: map[string]int{}, returns: map[string]Return{}, serials: map[string]int{},
	}
	for i, e := range r.Events {
		switch {
		case e.Decision != nil:
			s.decide(i, *e.Decision)
		case e.Release != nil:
			s.release(i, *e.Release)
		case e.Return != nil:
			s.returns[e.Return.JCBH] = *e.Return
		}
	}
	return s
}

// candidates are those that a decision is about: the one that it names, and those that its patch was made of.
func (d Decision) candidates() []string {
	out := []string{d.CID}
	for _, v := range d.From {
		if !slices.Contains(out, v.CID) {
			out = append(out, v.CID)
		}
	}
	return out
}

// sibling reports whether two decisions are about parts of one split, judged together.
func (d Decision) sibling(e Decision) bool {
	return d.CID != e.CID && len(d.From) == 1 && len(e.From) == 1 && d.From[0] == e.From[0] && d.SourceHash == e.SourceHash
}

// decide lets a decision take the place of every earlier one about a candidate that it is about.
func (s *State) decide(i int, d Decision) {
	for _, cid := range d.candidates() {
		for _, old := range slices.Clone(s.about[cid]) {
			if e := s.standing[old]; !d.sibling(e) {
				s.forget(old, e)
			}
		}
	}
	for _, v := range d.From {
		if v.CID != d.CID && !slices.Contains(s.made[v.CID], d.CID) {
			s.made[v.CID] = append(s.made[v.CID], d.CID)
		}
	}
	s.standing[i] = d
	for _, cid := range d.candidates() {
		s.about[cid] = append(s.about[cid], i)
	}
}

func (s *State) forget(i int, d Decision) {
	delete(s.standing, i)
	for _, cid := range d.candidates() {
		s.about[cid] = slices.DeleteFunc(s.about[cid], func(j int) bool { return i == j })
	}
}

func (s *State) release(i int, r Release) {
	for _, old := range strings.Fields(r.Supersedes) {
		s.replaced[old] = r.JCBH
	}
	s.released[r.JCBH], s.at[r.JCBH] = len(s.releases), i
	s.of[r.CID] = append(s.of[r.CID], len(s.releases))
	s.releases = append(s.releases, r)
	if county, year, serial, ok := SplitJCBH(r.JCBH); ok {
		s.serials[county+year] = max(s.serials[county+year], serial)
	}
}

// Standing is a decision that holds; Event counts the events before it.
type Standing struct {
	Event int
	Decision
}

// Decisions are those that hold, in the order in which they were made.
func (s *State) Decisions() []Standing {
	var out []Standing
	for _, i := range slices.Sorted(maps.Keys(s.standing)) {
		out = append(out, Standing{i, s.standing[i]})
	}
	return out
}

// About are the decisions that hold about a candidate: one, several where it was split, none where nobody judged it.
func (s *State) About(cid string) []Standing {
	var out []Standing
	for _, i := range s.about[cid] {
		out = append(out, Standing{i, s.standing[i]})
	}
	return out
}

// MadeOf are the patches that people ever merged of candidates, or split off them, whether that holds or not.
func (s *State) MadeOf(cids ...string) (out []string) {
	for _, cid := range cids {
		out = append(out, s.made[cid]...)
	}
	return out
}

// Releases are all releases, in their order.
func (s *State) Releases() []Release { return s.releases }

// Released is the release under a 监测编号.
func (s *State) Released(jcbh string) (Release, bool) {
	i, ok := s.released[jcbh]
	if !ok {
		return Release{}, false
	}
	return s.releases[i], true
}

// Replaced is the 监测编号 that took the place of another, "" where that is current.
func (s *State) Replaced(jcbh string) string { return s.replaced[jcbh] }

// Current are the releases of a candidate, whole or in parts by county, that no other has replaced; at counts the events
// before the last of them, −1 without any.
func (s *State) Current(cid string) (list []Release, at int) {
	at = -1
	for _, i := range s.of[cid] {
		if r := s.releases[i]; s.replaced[r.JCBH] == "" {
			list, at = append(list, r), max(at, s.at[r.JCBH])
		}
	}
	return list, at
}

// Return is the last that a county said of a released patch.
func (s *State) Return(jcbh string) (Return, bool) {
	r, ok := s.returns[jcbh]
	return r, ok
}

// Serial is the highest serial number issued in a county and year, 0 where none was.
func (s *State) Serial(county, year string) int { return s.serials[county+year] }

// SplitJCBH takes a 监测编号 apart: six digits of the county, four of the year, and a serial number of any width.
func SplitJCBH(jcbh string) (county, year string, serial int, ok bool) {
	if len(jcbh) < 11 {
		return "", "", 0, false
	}
	for _, c := range jcbh {
		if c < '0' || c > '9' {
			return "", "", 0, false
		}
	}
	n, err := strconv.Atoi(jcbh[10:])
	return jcbh[:6], jcbh[6:10], n, err == nil && n > 0
}
