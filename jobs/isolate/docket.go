package isolate

import (
	"encoding/json"
	"maps"
)

// docket is what is known of operations that children died of. The parent keeps it, each child is given a copy.
type docket struct {
	banned map[Op]string // with the reason
	// suspects run alone; one that is stubborn always, the others until they have survived once.
	suspects map[Op]bool
}

// docketEntry is an operation of a docket in JSON.
type docketEntry struct {
	Op       Op     `json:"op"`
	Banned   string `json:"banned,omitempty"`
	Stubborn bool   `json:"stubborn,omitempty"`
}

func newDocket() docket { return docket{map[Op]string{}, map[Op]bool{}} }

func (d docket) encode() ([]byte, error) {
	list := []docketEntry{}
	for op, reason := range d.banned {
		list = append(list, docketEntry{Op: op, Banned: reason})
	}
	for op, stubborn := range d.suspects {
		list = append(list, docketEntry{Op: op, Stubborn: stubborn})
	}
	return json.Marshal(list)
}

func decodeDocket(text []byte) (docket, error) {
	var list []docketEntry
	if err := json.Unmarshal(text, &list); err != nil {
		return docket{}, err
	}
	d := newDocket()
	for _, e := range list {
		if e.Banned != "" {
			d.banned[e.Op] = e.Banned
		} else {
			d.suspects[e.Op] = e.Stubborn
		}
	}
	return d, nil
}

// reason says why an operation is banned, "" if it is not.
func (d docket) reason(o Op) string {
	if len(d.banned) == 0 {
		return ""
	}
	if r := d.banned[o.key()]; r != "" {
		return r
	}
	if o.opens() {
		return d.banned[Op{What: "open", URI: o.URI}.key()]
	}
	return ""
}

// ban moves an operation from the suspects to those that are refused.
func (d docket) ban(o Op, reason string) {
	delete(d.suspects, o.key())
	d.banned[o.key()] = reason
}

// suspect notes operations of which one, or all together, killed a child; one that is suspected again becomes stubborn. It
// reports whether the docket says more than before.
func (d docket) suspect(ops []Op) bool {
	before := maps.Clone(d.suspects)
	for _, o := range ops {
		_, again := before[o.key()]
		d.suspects[o.key()] = again
	}
	return !maps.Equal(before, d.suspects)
}
