package review

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline/register"
)

// entry is what people fill in for a row of the working copy.
type entry struct {
	verdict, reason, by, second, on, note, group, operation string
}

// values are those of the entry in the order of the editing columns, but for the state at the export.
func (e entry) values() []string {
	return []string{e.verdict, e.reason, e.by, e.second, e.on, e.note, e.group, e.operation}
}

// entryOf reads an entry by the names of the columns.
func entryOf(text func(field string) string) entry {
	v := func(field string) string { return strings.TrimSpace(text(field)) }
	return entry{v("PD"), v("PDYY"), v("PDR"), v("FHR"), v("PDRQ"), v("PDBZ"), v("HB"), v("CZ")}
}

// state hashes an entry and its geometry: a row whose state is that at the export was not touched.
func (e entry) state(geom orb.MultiPolygon) (string, error) {
	b, err := wkb.Marshal(geom)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	h.Write([]byte(strings.Join(e.values(), "\x00") + "\x00"))
	h.Write(b)
	return hex.EncodeToString(h.Sum(nil)[:6]), nil
}

// recorded is the entry that a decision of the register is shown as.
func recorded(d register.Decision) entry {
	e := entry{verdict: string(d.Verdict), reason: d.Reason, by: d.By, second: d.Second, on: d.On, note: d.Note}
	switch {
	case d.Redrawn == nil:
	case len(d.From) > 1:
		e.operation, e.group = merged, d.CID
	case len(d.From) == 1:
		e.operation = split
	case d.GV == "":
		e.operation = added
	default:
		e.operation = redrawn
	}
	return e
}
