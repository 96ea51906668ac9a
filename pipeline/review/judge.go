package review

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	"tuban/pipeline/redraw"
	"tuban/pipeline/register"
	"tuban/raster/vector"
)

// single judges a candidate in one row: as it was found, or drawn anew.
func (c *checker) single(it *item) {
	r := it.rows[0]
	base := c.base[r.cid]
	if r.verdict == "" {
		return // nobody looked at it yet
	}
	d := c.decision(r, base.Text("kind"))
	moved := !unmoved(r.Geom, base.Geom)
	switch {
	case moved && r.operation == "":
		r.complain("operation_missing")
		return
	case r.operation == split:
		r.complain("split_alone")
		return
	case !moved && r.operation == redrawn:
		r.complain("operation_idle")
		return
	}
	if moved {
		c.checkCovers(r)
		if !c.draw(&d, r, r.Geom, base.Values(), "边界经人工重划") {
			return
		}
	}
	if c.keepJudged(&d, r, base.Geom) {
		it.decisions = append(it.decisions, d)
	}
}

// checkCovers complains of an outline that was drawn across other candidates.
func (c *checker) checkCovers(r *edited) {
	for _, cid := range c.order {
		b := c.base[cid]
		if cid == r.cid || !b.Geom.Bound().Intersects(r.Geom.Bound()) {
			continue
		}
		if share := c.complainedShare(r, b.Geom, r.Geom); share > duplicateShare {
			r.complain("redraw_covers", cid, 100*share)
		}
	}
}

// merge judges candidates that are one patch: rows of one group, or one row with what QGIS's merge tool left out.
func (c *checker) merge(it *item) {
	first := it.rows[0]
	members := map[string]orb.MultiPolygon{}
	var union orb.MultiPolygon
	for _, r := range it.rows {
		members[r.cid] = c.base[r.cid].Geom
		union = append(union, r.Geom...)
	}
	for cid, r := range c.absorbed {
		if r == first {
			members[cid] = c.base[cid].Geom
		}
	}
	if len(members) < 2 {
		for _, r := range it.rows {
			r.complain("merge_alone", r.group)
		}
		return
	}
	if fields := differing(it.rows); fields != "" {
		for _, r := range it.rows {
			r.complain("merge_differs", r.group, fields)
		}
		return
	}
	whole, err := c.unite(union)
	if err != nil {
		first.complain("geometry_unreadable", err)
		return
	}
	cids := slices.Sorted(maps.Keys(members))
	lead, err := c.largest(cids, members)
	if err != nil {
		first.complain("geometry_unreadable", err)
		return
	}
	base := c.base[lead]
	r := *first
	r.cid, r.gv = base.Version()
	d := c.decision(&r, base.Text("kind"))
	for _, cid := range cids {
		id, gv := c.base[cid].Version()
		d.From = append(d.From, register.Version{CID: id, GV: gv})
	}
	if c.draw(&d, first, whole, base.Values(), "由候选"+summary(cids)+"合并") && c.keepJudged(&d, first, base.Geom) {
		it.decisions = append(it.decisions, d)
	}
}

// split judges a candidate that is several patches. The largest piece goes on as the candidate, the others get identities of
// their own. Together they are what it was.
func (c *checker) split(it *item) {
	base := c.base[it.rows[0].cid]
	var pieces []orb.MultiPolygon
	for _, r := range it.rows {
		if r.operation != split {
			for _, q := range it.rows {
				q.complain("split_operation", r.cid)
			}
			return
		}
		if r.verdict == "" {
			r.complain("verdict_missing")
			return
		}
		pieces = append(pieces, r.Geom)
	}
	if !c.partition(it.rows, base.Geom, pieces) {
		return
	}
	cid, gv := base.Version()
	cids := make([]string, len(it.rows))
	geoms := map[string]orb.MultiPolygon{}
	for i, g := range pieces {
		id, err := identity(base.Text("kind"), g)
		if err != nil {
			it.rows[i].complain("geometry_unreadable", err)
			return
		}
		cids[i], geoms[id] = id, g
	}
	lead, err := c.largest(slices.Sorted(maps.Keys(geoms)), geoms)
	if err != nil {
		it.rows[0].complain("geometry_unreadable", err)
		return
	}
	for i, r := range it.rows {
		d := c.decision(r, base.Text("kind"))
		if d.Version = (register.Version{CID: cids[i], GV: gv}); cids[i] == lead {
			d.CID = cid
		}
		d.From = []register.Version{{CID: cid, GV: gv}}
		if c.draw(&d, r, r.Geom, base.Values(), "由候选"+cid+"拆分") && c.keepJudged(&d, r, base.Geom) {
			d.Values["cid"] = d.CID
			it.decisions = append(it.decisions, d)
		}
	}
	slices.SortFunc(it.decisions, func(a, b register.Decision) int { return strings.Compare(a.CID, b.CID) })
}

// draw gives a decision an outline of a person, with the attributes that hold for it.
func (c *checker) draw(d *register.Decision, r *edited, mp orb.MultiPolygon, base map[string]string, note string) bool {
	area, ok := c.checkOutline(r, d.Kind, mp)
	if !ok {
		return false
	}
	shape, err := register.NewShape(mp, c.crs)
	if err == nil {
		d.Values, err = redraw.Values(base, mp, area, c.surveyor, note)
	}
	if err != nil {
		r.complain("geometry_unreadable", err)
		return false
	}
	d.Redrawn = &shape
	return true
}

// keepJudged notes the candidate's own outline with the decision.
func (c *checker) keepJudged(d *register.Decision, r *edited, mp orb.MultiPolygon) bool {
	shape, err := register.NewShape(mp, c.crs)
	if err != nil {
		r.complain("geometry_unreadable", err)
		return false
	}
	d.Judged = shape
	return true
}

// largest is the one with the largest area, the first in order on a tie.
func (c *checker) largest(order []string, geoms map[string]orb.MultiPolygon) (string, error) {
	best, most := "", -1.0
	for _, id := range order {
		a, err := c.surveyor.Area(geoms[id])
		if err != nil {
			return "", err
		}
		if a = pipeline.Cents(a); a > most {
			best, most = id, a
		}
	}
	return best, nil
}

// unite makes one outline of several, which may touch or overlap.
func (c *checker) unite(mp orb.MultiPolygon) (orb.MultiPolygon, error) {
	b, err := wkb.Marshal(mp)
	if err != nil {
		return nil, err
	}
	out, _, err := c.engine.Repair(b)
	if err != nil {
		return nil, err
	}
	if out == nil {
		return nil, fmt.Errorf("nothing remains of the outlines")
	}
	return vector.Polygons(out)
}

// identity hashes a kind and an outline, as candidates are identified.
func identity(kind string, mp orb.MultiPolygon) (string, error) {
	b, err := wkb.Marshal(mp)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(append([]byte(kind+"\x00"), b...))
	return hex.EncodeToString(sum[:8]), nil
}
