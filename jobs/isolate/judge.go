package isolate

import (
	"fmt"
	"strings"
)

// maxRestarts bounds the children of one run: a file with more faults than this is not worth a run.
const maxRestarts = 200

// judge learns from deaths.
type judge struct {
	options  Options
	docket   docket
	restarts int
	// barren counts the deaths outside of native operations, which teach nothing.
	barren int
}

// learn takes a death into the docket and says in a line what the next child does about it. It returns an error when another
// child would only die the same way.
func (j *judge) learn(d death) (line string, err error) {
	if d.cause == failed {
		return "", fmt.Errorf("the program itself failed; please report this:\n%s", strings.TrimSpace(d.dump))
	}
	if j.restarts++; j.restarts > maxRestarts {
		return "", fmt.Errorf("the process %s after %d restarts: its input is not worth a run", d.how, maxRestarts)
	}
	switch {
	case len(d.ops) == 0:
		if j.barren++; j.barren > 1 {
			return "", fmt.Errorf("the process %s, again, and outside of what it does with imagery%s", d.how, hint(d.cause))
		}
		return fmt.Sprintf("the process %s; trying once more", d.how), nil
	case len(d.ops) == 1 && (d.certain() || j.suspected(d.ops[0])):
		o, reason := d.ops[0], d.reason(j.options)
		j.docket.ban(o, reason)
		return fmt.Sprintf("%s: %s; continuing without it", o, reason), nil
	}
	if !j.docket.suspect(d.ops) {
		return "", fmt.Errorf("the process %s, whatever runs alone: %s", d.how, d.ops[0])
	}
	return fmt.Sprintf("the process %s while it read imagery; continuing with what it read then one at a time", d.how), nil
}

// certain says that the one operation in work is the cause. Memory and kills from outside may have other causes, so
// that it has to happen again.
func (d death) certain() bool { return d.cause == crashed || d.cause == stalled }

func (j *judge) suspected(o Op) bool {
	_, ok := j.docket.suspects[o.key()]
	return ok
}

func hint(c cause) string {
	if c == killed || c == grown {
		return ": give it less to do at once (--workers, --tile), or a machine with more memory"
	}
	return ": please report this"
}
