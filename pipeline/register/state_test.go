package register

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// events reads a register in a notation of one word per event: "a" judges the candidate a, "a<ab" says that a was merged of
// a and b, "x<a@1" that x is a part of a, imported from the file 1.
func events(text string) *Register {
	r := &Register{}
	for _, w := range strings.Fields(text) {
		w, source, _ := strings.Cut(w, "@")
		cid, from, _ := strings.Cut(w, "<")
		d := &Decision{Version: Version{CID: cid}, SourceHash: source}
		for _, c := range from {
			d.From = append(d.From, Version{CID: string(c)})
		}
		r.Events = append(r.Events, Event{Decision: d})
	}
	return r
}

func standing(s *State) string {
	var out []string
	for _, d := range s.Decisions() {
		out = append(out, fmt.Sprintf("%d%s", d.Event, d.CID))
	}
	return strings.Join(out, " ")
}

func TestDecisionsThatHold(t *testing.T) {
	for _, c := range []struct{ name, events, want, about string }{
		{"the latest on a candidate holds", "a b a", "1b 2a", "2a"},
		{"a merge is about all its members", "a b a<ab", "2a", "2a"},
		{"who judges a member alone undoes the merge", "a<ab b", "1b", ""},
		{"the parts of a split hold together", "a a<a@1 x<a@1", "1a 2x", "1a 2x"},
		{"another split takes their place", "a<a@1 x<a@1 a<a@2 y<a@2", "2a 3y", "2a 3y"},
		{"and so does a judgement of the whole", "a<a@1 x<a@1 a@2", "2a", "2a"},
		{"a part that is judged alone takes the place of the whole split", "a<a@1 x<a@1 x@2", "0a 2x", "0a"},
	} {
		s := events(c.events).State()
		var about []string
		for _, d := range s.About("a") {
			about = append(about, fmt.Sprintf("%d%s", d.Event, d.CID))
		}
		if got := standing(s); got != c.want || strings.Join(about, " ") != c.about {
			t.Errorf("%s: %s stand, about a %v; want %s, %s", c.name, got, about, c.want, c.about)
		}
	}
}

// About lists exactly the standing decisions that name the candidate, and no two that stand name one, but parts of one split.
func TestAboutAgreesWithDecisions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var words []string
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			w := rapid.SampledFrom([]string{"a", "b", "c", "a<ab", "b<bc", "c<abc", "a<a", "x<a", "y<a", "b<b", "x<b"}).Draw(t, "event")
			words = append(words, w+"@"+rapid.SampledFrom([]string{"1", "2"}).Draw(t, "file"))
		}
		s := events(strings.Join(words, " ")).State()
		list := s.Decisions()
		for i, d := range list {
			for _, cid := range d.candidates() {
				if !slices.ContainsFunc(s.About(cid), func(e Standing) bool { return e.Event == d.Event }) {
					t.Fatalf("%v: %d is not about %s", words, d.Event, cid)
				}
				for _, e := range list[:i] {
					if slices.Contains(e.candidates(), cid) && !d.sibling(e.Decision) {
						t.Fatalf("%v: %d and %d are both about %s", words, e.Event, d.Event, cid)
					}
				}
			}
		}
	})
}

func TestReleasesThatAreCurrent(t *testing.T) {
	r := &Register{}
	add := func(cid, jcbh, supersedes string) {
		r.Events = append(r.Events, Event{Release: &Release{Version: Version{CID: cid}, JCBH: jcbh, County: jcbh[:6], Supersedes: supersedes}})
	}
	add("a", "220122202500001", "")
	add("a", "220182202500001", "")
	add("b", "220122202500002", "")
	add("a", "220122202600001", "220122202500001")
	r.Events = append(r.Events, Event{Return: &Return{JCBH: "220122202500002", Level1: "伪变化"}})
	s := r.State()
	var got []string
	list, at := s.Current("a")
	for _, r := range list {
		got = append(got, r.JCBH)
	}
	if !slices.Equal(got, []string{"220182202500001", "220122202600001"}) || at != 3 {
		t.Errorf("%v, last at %d", got, at)
	}
	if s.Replaced("220122202500001") != "220122202600001" || s.Replaced("220122202500002") != "" {
		t.Error("what replaces what is wrong")
	}
	add("d", "220122202600002", "220122202600001 220122202500002")
	if s := r.State(); s.Replaced("220122202600001") != "220122202600002" || s.Replaced("220122202500002") != "220122202600002" {
		t.Error("a release in the place of two leaves one of them")
	}
	if s.Serial("220122", "2025") != 2 || s.Serial("220122", "2026") != 1 || s.Serial("220182", "2026") != 0 {
		t.Error("serial numbers are wrong")
	}
	if _, ok := s.Released("220122202500003"); ok {
		t.Error("what was never released is there")
	}
	if ret, ok := s.Return("220122202500002"); !ok || ret.Level1 != "伪变化" {
		t.Errorf("%+v", ret)
	}
	if list, at := s.Current("none"); list != nil || at != -1 {
		t.Error("a candidate that was never released is")
	}
}

// FuzzSplitJCBH: what is taken apart can be put together again.
func FuzzSplitJCBH(f *testing.F) {
	for _, s := range []string{"220122202500001", "2201222025100000", "22012220250000", "22012220250000a", "", "220122202500000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		county, year, serial, ok := SplitJCBH(s)
		if ok && fmt.Sprintf("%s%s%0*d", county, year, len(s)-10, serial) != s {
			t.Errorf("%q is %s, %s, %d", s, county, year, serial)
		}
	})
}
