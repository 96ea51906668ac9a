package release

import (
	"slices"

	"tuban/pipeline/register"
)

// own are the identities that go on by themselves: the product's candidates, and what decisions about them name.
func (p *planner) own(state *register.State) map[string]bool {
	out := map[string]bool{}
	for cid := range p.known.rows {
		out[cid] = true
	}
	for _, d := range state.Decisions() {
		if !p.known.foreign(d.Decision) {
			out[d.CID] = true
		}
	}
	return out
}

// taken are the current releases of what a candidate has become: its own first, then those of what people merged it of, of parts
// that they once split it into, and of the ancestors that the run found. What goes on by itself keeps its numbers.
func (p *planner) taken(state *register.State, x candidate, own map[string]bool) (out []register.Release) {
	members := []string{x.CID}
	if len(x.From) > 1 {
		for _, v := range x.From {
			members = append(members, v.CID)
		}
	}
	add := func(r register.Release) {
		has := slices.ContainsFunc(out, func(o register.Release) bool { return o.JCBH == r.JCBH })
		if !has && (slices.Contains(members, r.CID) || !own[r.CID]) {
			out = append(out, r)
		}
	}
	for _, ids := range [][]string{members, state.MadeOf(members...)} {
		for _, id := range ids {
			current, _ := state.Current(id)
			for _, r := range current {
				add(r)
			}
		}
	}
	for _, jcbh := range x.earlier {
		for next := state.Replaced(jcbh); next != ""; next = state.Replaced(jcbh) {
			jcbh = next
		}
		if r, ok := state.Released(jcbh); ok {
			add(r)
		}
	}
	return out
}

// orphans are current releases of this product's patches that no decision lets go any more, and that no other release takes the
// place of. Nothing takes them back by itself: a person tells the county.
func (p *planner) orphans(state *register.State, own, settled map[string]bool) []string {
	passed := map[string]bool{}
	for _, d := range state.Decisions() {
		passed[d.CID] = passed[d.CID] || d.Verdict == register.Pass
	}
	var out []string
	for _, r := range state.Releases() {
		here := own[r.CID] || r.Run == p.known.key
		if here && !passed[r.CID] && !settled[r.JCBH] && state.Replaced(r.JCBH) == "" {
			out = append(out, r.JCBH)
		}
	}
	return out
}
