package rollup

import (
	"slices"
	"strconv"

	"tuban/pipeline/register"
)

// origin is what a release was made of.
type origin struct {
	// cids are the candidates whose land it is: the one that it names, the one that it is a county's part of, and those that people
	// merged or split.
	cids []string
	// piece says that it is a piece of a candidate that was split, added that a person added it and no run found it.
	piece, added bool
}

// origins are those of all releases, by 监测编号, by the decisions that were carried out.
func origins(events []register.Event) map[string]origin {
	out, decided := map[string]origin{}, map[string]register.Decision{}
	for _, e := range events {
		if e.Decision != nil {
			decided[e.Decision.CID] = *e.Decision
		}
		if r := e.Release; r != nil {
			d, ok := decided[r.CID]
			o := origin{piece: len(d.From) == 1, added: ok && d.GV == "" && len(d.From) == 0}
			take := func(cid string) {
				if cid != "" && !slices.Contains(o.cids, cid) {
					o.cids = append(o.cids, cid)
				}
			}
			take(r.CID)
			take(r.Parent)
			for _, v := range d.From {
				take(v.CID)
			}
			out[r.JCBH] = o
		}
	}
	return out
}

// together is the patches as one, as far as conclusions need it.
func together(list []*patch) *patch {
	if len(list) == 1 {
		return list[0]
	}
	q := &patch{}
	for _, p := range list {
		q.area += p.area
		q.parts, q.groups, q.overlays = append(q.parts, p.parts...), append(q.groups, p.groups...), append(q.overlays, p.overlays...)
	}
	return q
}

// drawn is a patch that a person added, which no product has: it is as it was released.
func drawn(r register.Release) *patch {
	q := &patch{cid: r.CID, area: NewArea(r.AreaM2)}
	value := func(column string) (Area, bool) {
		v, err := strconv.ParseFloat(r.Values[column], 64)
		return NewArea(v), err == nil
	}
	if a, ok := value("GDMJ"); ok {
		q.groups = []amount{{"cropland", a, true}}
	}
	for _, l := range legalLayers() {
		if a, ok := value(l.column); ok {
			q.overlays = append(q.overlays, overlaid{legalLayer: l, area: a})
		}
	}
	return q
}
