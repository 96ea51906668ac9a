package review

import (
	"slices"

	"tuban/pipeline/product"
	"tuban/pipeline/register"
)

// sheet says what the rows of a working copy are made of.
type sheet struct {
	key, crs string // of the product
	same     func(a, b string) (bool, error)
	state    *register.State
	// only are the counties wanted; none means all.
	only []string
}

// lines makes the rows of the working copy: each candidate as the register has it, judged or not, and the patches that people
// added to this product.
func (s sheet) lines(rows []product.Row) ([]line, error) {
	var out []line
	for _, r := range rows {
		if !s.wanted(r.Text("XZQDM")) {
			continue
		}
		lines, err := s.candidate(r)
		if err != nil {
			return nil, err
		}
		out = append(out, lines...)
	}
	for _, d := range s.state.Decisions() {
		if d.GV != "" || d.Run != s.key || d.Redrawn == nil || !s.wanted(d.Values["XZQDM"]) {
			continue
		}
		geom, err := d.Redrawn.Polygons()
		if err != nil {
			return nil, err
		}
		out = append(out, line{entry: recorded(d.Decision), geom: geom, values: d.Values})
	}
	countTogether(out)
	return out, nil
}

func (s sheet) wanted(county string) bool { return len(s.only) == 0 || slices.Contains(s.only, county) }

// candidate makes the rows of a candidate. One that was drawn in another system is to be judged anew: its outline is none here.
func (s sheet) candidate(r product.Row) (out []line, err error) {
	cid, gv := r.Version()
	values := r.Values()
	values["gv"] = gv
	for _, d := range s.state.About(cid) {
		if !stands(d.Decision, register.Version{CID: cid, GV: gv}, r.Text("PDJL")) {
			continue
		}
		l := line{entry: recorded(d.Decision), geom: r.Geom, values: values}
		if d.Redrawn != nil {
			if same, err := s.same(d.Redrawn.CRS, s.crs); err != nil {
				return nil, err
			} else if !same {
				continue
			}
		}
		if d.Redrawn != nil && (l.operation != merged || d.CID == cid) {
			if l.geom, err = d.Redrawn.Polygons(); err != nil {
				return nil, err
			}
		}
		if l.operation == added {
			// A patch that a person added, and that the run has come to find.
			if l.operation = redrawn; unmoved(l.geom, r.Geom) {
				l.operation = ""
			}
		}
		out = append(out, l)
	}
	if len(out) == 0 {
		out = []line{{geom: r.Geom, values: values}}
	}
	return out, nil
}

// countTogether sets how many rows are one.
func countTogether(list []line) {
	count := map[string]int{}
	key := func(l line) string {
		if l.operation == merged {
			return "group " + l.group
		}
		return l.values["cid"]
	}
	for _, l := range list {
		count[key(l)]++
	}
	for i, l := range list {
		list[i].together = count[key(l)]
	}
}

// stands reports whether a decision is about the candidate as it is now: the version judged, or one that the run found to be
// the same (PDJL names the verdict that holds).
func stands(d register.Decision, v register.Version, held string) bool {
	if held == string(d.Verdict) {
		return true
	}
	if len(d.From) == 0 {
		return d.Version == v
	}
	return slices.Contains(d.From, v)
}
