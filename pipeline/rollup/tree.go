package rollup

import (
	"cmp"
	"slices"
)

// Node is a unit with what its patches come to. Children add up to their parent.
type Node struct {
	Unit
	Level    Level    `json:"level"`
	Tally    Tally    `json:"tally"`
	Verified Verified `json:"verified"`
	// Unobserved is what was not observed in the unit, by reason, where it is known by unit.
	Unobserved Missed  `json:"unobserved_m2,omitempty"`
	Children   []*Node `json:"children,omitempty"`

	// own is what lies in the unit, and in none below it that is known.
	own         Tally
	ownVerified Verified
	ownMissed   Missed
	below       map[string]*Node
}

// at finds the node of a place, and makes those on the way that are missing.
func (n *Node) at(p Place) *Node {
	for i, u := range p {
		child := n.below[u.Code]
		if child == nil {
			child = &Node{Unit: u, Level: Levels[i]}
			if n.below == nil {
				n.below = map[string]*Node{}
			}
			n.below[u.Code] = child
		}
		child.Name = cmp.Or(child.Name, u.Name)
		n = child
	}
	return n
}

// rest is the name of what lies in a unit, but in none of those below it.
const rest = "（未分到下级）"

// finish sums the units into those above them, sorts them by code, names them, and gives what lies in none of them a node of its own,
// last.
func (n *Node) finish(names map[string]string) {
	n.Tally.add(n.own)
	n.Verified.add(n.ownVerified)
	n.Unobserved.addAll(n.ownMissed)
	for code, child := range n.below {
		child.Name = cmp.Or(names[code], child.Name, unitNames()[code])
		child.finish(names)
		n.Tally.add(child.Tally)
		n.Verified.add(child.Verified)
		n.Unobserved.addAll(child.Unobserved)
		n.Children = append(n.Children, child)
	}
	slices.SortFunc(n.Children, func(a, b *Node) int { return cmp.Compare(a.Code, b.Code) })
	if len(n.Children) > 0 && (n.own.Patches > 0 || n.own.Area > 0 || n.ownVerified.Released.Patches > 0 || len(n.ownMissed) > 0) {
		n.Children = append(n.Children, &Node{Unit: Unit{Name: rest}, Level: n.Children[0].Level, Tally: n.own, Verified: n.ownVerified, Unobserved: n.ownMissed})
	}
}

// each visits the node and all below it, units above before those below, with their depth from 0.
func (n *Node) each(visit func(n *Node, depth int, above []*Node)) { n.walk(nil, visit) }

func (n *Node) walk(above []*Node, visit func(*Node, int, []*Node)) {
	visit(n, len(above), above)
	above = append(slices.Clone(above), n)
	for _, c := range n.Children {
		c.walk(above, visit)
	}
}

// level lists the units of a level, each with those above it. What lies in a unit whose parts on that level are not known stands for
// itself, without a code, so that the list adds up to everything.
func (n *Node) level(l Level) (out []*Node, above [][]*Node) {
	n.each(func(x *Node, depth int, list []*Node) {
		switch {
		case x.Level == l:
			out, above = append(out, x), append(above, list)
		case len(x.Children) == 0 && (depth == 0 || slices.Index(Levels, x.Level) < slices.Index(Levels, l)):
			if x.Name != rest {
				list = append(slices.Clone(list), x)
			}
			out, above = append(out, &Node{Unit: Unit{Name: rest}, Level: l, Tally: x.Tally, Verified: x.Verified, Unobserved: x.Unobserved}), append(above, list)
		}
	})
	return out, above
}

// find returns the unit with that code, nil when no patch lies in it.
func (n *Node) find(code string) (found *Node) {
	n.each(func(x *Node, _ int, _ []*Node) {
		if x.Code == code && code != "" {
			found = x
		}
	})
	return found
}

// Counties lists the counties, by code.
func (n *Node) Counties() []*Node {
	out, _ := n.level(County)
	return out
}
