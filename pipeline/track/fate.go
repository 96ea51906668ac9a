package track

import (
	"cmp"
	"fmt"
	"slices"
)

// fate is what f is to the earlier candidates that it goes back to; others says that one of them lives on in another as well.
func (c comparer) fate(known []Known, f Found, parents []link, others bool) (Fate, error) {
	out := Fate{Relation: New, First: f.Day}
	if len(parents) == 0 {
		return out, nil
	}
	for _, l := range parents {
		k := known[l.known]
		out.Links = append(out.Links, Link{k.CID, k.GV, k.Kind, l.area})
		out.Released = append(out.Released, k.Released...)
		if k.First != "" && k.First < out.First {
			out.First = k.First
		}
	}
	slices.Sort(out.Released)
	out.Released = slices.Compact(out.Released)
	main := known[parents[0].known]
	if !main.Published {
		if f.Published {
			out.hint(c.Hints["first"], day(out.First))
		}
		return out, nil
	}
	if main.Gone == NotSeen {
		out.Hints = append(out.Hints, c.Hints["returned"])
	}
	if main.Type != f.Type {
		out.hint(c.Hints["stage"], main.Type, f.Type)
	}
	switch {
	case len(parents) > 1:
		out.Relation = Merged
	case others:
		out.Relation = Split
	default:
		var err error
		if out.Relation, err = c.relation(main.version(), f.version(), parents[0].overlap); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (f *Fate) hint(format string, args ...any) {
	f.Hints = append(f.Hints, fmt.Sprintf(format, args...))
}

// Earlier lists the identities beside its own that a candidate goes back to: what merged into it, or what it was split from.
func (f Fate) Earlier() []string {
	var out []string
	for _, l := range f.Links {
		if l.CID != f.CID {
			out = append(out, l.CID)
		}
	}
	return out
}

// day writes YYYYMMDD as YYYY-MM-DD.
func day(s string) string {
	if len(s) != 8 {
		return cmp.Or(s, "?")
	}
	return s[:4] + "-" + s[4:6] + "-" + s[6:]
}
