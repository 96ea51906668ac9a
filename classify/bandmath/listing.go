package bandmath

import (
	"fmt"
	"strings"
)

// String lists the program: the inputs, one line per operation in order of dependence (those marked "kept" are
// computed once and used more than once), and the result of each source.
func (p *Program) String() string {
	var b strings.Builder
	for id, n := range p.nodes {
		fmt.Fprintf(&b, "%%%d = ", id)
		switch n.op {
		case opInput:
			b.WriteString(p.inputs[n.input].String())
		case opConst:
			fmt.Fprintf(&b, "%g", n.value)
		case opParam:
			fmt.Fprintf(&b, "%s = %g", p.params[n.input], n.value)
		case opTruth:
			b.WriteString([]string{"false", "unknown", "true"}[int(n.value)])
		default:
			args := make([]string, len(n.args))
			for i, a := range n.args {
				args[i] = fmt.Sprintf("%%%d", a)
			}
			fmt.Fprintf(&b, "%s %s", opNames[n.op], strings.Join(args, " "))
		}
		if n.slot >= 0 {
			b.WriteString("  kept")
		}
		b.WriteByte('\n')
	}
	for i, s := range p.sources {
		fmt.Fprintf(&b, "%s = %%%d\n", s.Name, p.roots[i])
	}
	return b.String()
}
