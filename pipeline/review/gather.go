package review

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tuban/pipeline"
	"tuban/pipeline/register"
)

// checker turns the rows of a working copy into decisions, or complaints.
type checker struct {
	*working
	engine   pipeline.Geometry
	surveyor *pipeline.Surveyor
	crs      string
	// pixel is the area of a pixel in m².
	pixel float64
	now   time.Time
	// source is the hash of the file.
	source string
	state  *register.State
	// measured is what lies below outlines that people drew.
	measured map[register.Shape]map[string]string
	// absorbed are the candidates that another row's outline took in.
	absorbed map[string]*edited
}

// item is what stands or falls together: a candidate, all pieces of one, all members of a merge, or an added patch.
type item struct {
	rows      []*edited
	decisions []register.Decision
}

// sound reports whether nothing is wrong with any row of the item.
func (i *item) sound() bool {
	return !slices.ContainsFunc(i.rows, func(r *edited) bool { return len(r.problems) > 0 })
}

// gather groups the rows and judges each group. missing are complaints about rows that are not there.
func (c *checker) gather() (items []*item, missing []Problem) {
	byCID := map[string][]*edited{}
	groups := map[string][]*edited{}
	for _, r := range c.rows {
		if r.operation == merged && r.group != "" {
			groups[r.group] = append(groups[r.group], r)
		}
		if r.operation != added {
			byCID[r.cid] = append(byCID[r.cid], r)
		}
	}
	c.absorb(byCID)
	for _, r := range c.rows {
		c.checkReadOnly(r)
	}
	c.checkTwins()
	done := map[*edited]bool{}
	for _, r := range c.rows {
		if done[r] {
			continue
		}
		rows, judge := []*edited{r}, c.single
		switch {
		case r.operation == added || r.cid == "":
			judge = c.add
		case len(byCID[r.cid]) > 1:
			rows, judge = byCID[r.cid], c.split
		case r.operation == merged:
			judge = c.merge
			if r.group != "" {
				rows = groups[r.group]
			}
		}
		it := &item{rows: rows}
		for _, q := range rows {
			done[q] = true
		}
		items = append(items, it)
		if c.untouched(it) {
			continue
		}
		for _, q := range rows {
			c.checkRow(q)
		}
		if it.sound() {
			judge(it)
		}
	}
	return items, c.missing(byCID)
}

// untouched reports whether nothing was done to any row of the item since the export, and no row of it is new or gone.
func (c *checker) untouched(it *item) bool {
	for _, r := range it.rows {
		if _, known := c.base[r.cid]; r.touched || r.together != len(it.rows) || r.operation != added && !known {
			return false
		}
	}
	return true
}

// checkRow says what is wrong with a row by itself.
func (c *checker) checkRow(r *edited) {
	switch {
	case r.Problem != "":
		r.complain("geometry_unreadable", r.Problem)
		return
	case len(r.Geom) == 0:
		r.complain("geometry_missing")
		return
	}
	if r.operation != added && r.cid != "" {
		base, ok := c.base[r.cid]
		if !ok {
			r.complain("candidate_unknown", r.cid)
			return
		}
		if r.entry == (entry{}) && unmoved(r.Geom, base.Geom) {
			if c.withdrawn(r.cid) {
				r.complain("verdict_cleared")
			}
			return
		}
	}
	r.checkEntry(c.now)
}

// withdrawn reports whether the working copy showed a verdict on a candidate, or brought one.
func (c *checker) withdrawn(cid string) bool {
	return slices.ContainsFunc(c.state.About(cid), func(s register.Standing) bool { return s.Event < c.Events || s.Source == c.path })
}

// missing complains about candidates without a row, but for those that a merge took in, and about added patches that were
// imported from this working copy before and are gone.
func (c *checker) missing(byCID map[string][]*edited) (out []Problem) {
	for _, cid := range c.order {
		if len(byCID[cid]) == 0 && c.absorbed[cid] == nil {
			out = append(out, problem(0, cid, "candidate_deleted", cid))
		}
	}
	there := map[string]bool{}
	for _, r := range c.rows {
		if r.operation == added {
			there[c.addedID(r)] = true
		}
	}
	for _, s := range c.state.Decisions() {
		if s.GV == "" && s.Run == c.Manifest.Key && s.Source == c.path && s.Verdict != register.Reject && !there[s.CID] {
			out = append(out, problem(0, s.CID, "candidate_deleted", s.CID))
		}
	}
	return out
}

// absorb finds, for rows that QGIS's merge tool left, the candidates whose rows it deleted.
func (c *checker) absorb(byCID map[string][]*edited) {
	c.absorbed = map[string]*edited{}
	for _, r := range c.rows {
		if r.operation != merged || r.group != "" || len(r.Geom) == 0 {
			continue
		}
		for _, cid := range c.order {
			base := c.base[cid]
			if len(byCID[cid]) > 0 || !base.Geom.Bound().Intersects(r.Geom.Bound()) {
				continue
			}
			if c.complainedShare(r, base.Geom, r.Geom) >= absorbedShare {
				c.absorbed[cid] = r
			}
		}
	}
}

// absorbedShare of a deleted candidate must lie in the merged outline.
const absorbedShare = 0.95

// decision is what the register says of a row.
func (c *checker) decision(r *edited, kind string) register.Decision {
	return register.Decision{
		Version: register.Version{CID: r.cid, GV: r.gv}, Run: c.Manifest.Key, Kind: kind, Verdict: register.Verdict(r.verdict),
		Reason: r.reason, By: r.by, Second: r.second, On: r.on, Note: r.note, Source: c.path, SourceHash: c.source,
	}
}

// differing names the fields in which the entries of rows differ; "" for none. The order of pieces does not matter.
func differing(rows []*edited) string {
	var out []string
	for i, f := range editing[:6] {
		if slices.ContainsFunc(rows, func(r *edited) bool { return r.values()[i] != rows[0].values()[i] }) {
			out = append(out, f.Name)
		}
	}
	return strings.Join(out, " ")
}

func summary(cids []string) string {
	if len(cids) > 5 {
		return fmt.Sprintf("%s 等 %d 个", strings.Join(cids[:5], "、"), len(cids))
	}
	return strings.Join(cids, "、")
}
