package synth

import (
	"fmt"
	"slices"
)

// Relation is what a patch of one night is to the patches of the nights before.
type Relation string

// The relations. Gone is that of a patch which the night does not show.
const (
	IsNew    Relation = "new"
	IsSame   Relation = "same"
	IsGrown  Relation = "grown"
	IsShrunk Relation = "shrunk"
	IsSplit  Relation = "split"
	IsMerged Relation = "merged"
	IsGone   Relation = "gone"
)

// Why a patch is gone.
const (
	NotSeen    = "not_seen"
	Unobserved = "unobserved"
)

// link is a patch of a life on one night, or one that this night no longer shows.
type link struct {
	id   string
	part stretch
	kind byte
	// seen is the night on which it was last seen, first the one on which its identity began.
	first, seen int
	relation    Relation
	reason      string
	// returned says that it was gone before.
	returned bool
	// from are the identities that it continues or came from, its own apart.
	from []string
}

// lineage follows the patches of a life from night to night: what a perfect interpreter would write down who knows each
// identity by where it lies. Of the parts of a patch that splits, and of the patches that merge, the longest keeps the identity.
func (l life) lineage(id string) (nights [Nights][]link) {
	var known []link
	names := 0
	for night := 1; night <= Nights; night++ {
		if l.hidden == night {
			for i := range known {
				known[i].relation, known[i].reason = IsGone, Unobserved
			}
			nights[night-1] = slices.Clone(known)
			continue
		}
		var now []link
		for _, part := range l.patches(night) {
			now = append(now, link{part: part, kind: l.nights[night-1][part.a], seen: night})
		}
		for i := range now {
			now[i].follow(known, now)
		}
		taken := map[string]bool{}
		for i := range now {
			if n := &now[i]; n.id == "" {
				n.id, n.first = id+string(rune('a'+names)), night
				names++
			}
			taken[now[i].id] = true
		}
		for _, k := range known {
			if taken[k.id] {
				continue
			}
			if k.relation != IsGone || k.reason == Unobserved {
				k.relation, k.reason, k.returned, k.from = IsGone, NotSeen, false, nil
			}
			// What merged into another lives on in it.
			if !slices.ContainsFunc(now, func(n link) bool { return slices.Contains(n.from, k.id) && n.relation == IsMerged }) {
				now = append(now, k)
			}
		}
		known = now
		nights[night-1] = slices.Clone(now)
	}
	return nights
}

// follow finds what n, one of the patches of now, continues.
func (n *link) follow(known, now []link) {
	var old []link
	for _, k := range known {
		if k.part.shared(n.part) > 0 {
			old = append(old, k)
		}
	}
	if len(old) == 0 {
		n.relation = IsNew
		return
	}
	keeper := slices.MaxFunc(old, func(a, b link) int { return a.part.shared(n.part) - b.part.shared(n.part) })
	// The part that shares the most with its keeper continues it, of equals the first.
	siblings, heir := 0, now[0]
	for _, o := range now {
		if o.part.shared(keeper.part) > 0 {
			siblings++
		}
		if o.part.shared(keeper.part) > heir.part.shared(keeper.part) {
			heir = o
		}
	}
	continues := heir.part == n.part
	for _, k := range old {
		if k.id != keeper.id || !continues {
			n.from = append(n.from, k.id)
		}
	}
	if continues {
		n.id, n.first, n.returned = keeper.id, keeper.first, keeper.relation == IsGone && keeper.reason == NotSeen
	}
	was, is := keeper.part.b-keeper.part.a, n.part.b-n.part.a
	switch {
	case len(old) > 1:
		n.relation = IsMerged
	case siblings > 1:
		n.relation = IsSplit
	case is > was || n.kind == 'b' && keeper.kind == 'g': // what is built upon went on
		n.relation = IsGrown
	case is < was:
		n.relation = IsShrunk
	default:
		n.relation = IsSame
	}
}

// String writes the patch as a test reads it, such as "a same" or "b split from a".
func (n link) String() string {
	s := fmt.Sprintf("%s %s", n.id, n.relation)
	if n.reason != "" {
		s += " " + n.reason
	}
	if n.returned {
		s += " returned"
	}
	for _, f := range n.from {
		s += " from " + f
	}
	return s
}
