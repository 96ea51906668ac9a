package review

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"

	"tuban/classify/rules"
	"tuban/pipeline"
	"tuban/pipeline/register"
)

// add judges a patch that a person drew where the run found none.
func (c *checker) add(it *item) {
	r := it.rows[0]
	if r.operation != added {
		r.complain("add_operation")
		return
	}
	kind, category := r.Text("kind"), r.Text("category")
	k := slices.IndexFunc(c.rules.Kinds, func(k rules.Kind) bool { return k.Code == kind })
	g := slices.IndexFunc(c.rules.Categories, func(g rules.Category) bool { return g.Code == category })
	if k < 0 {
		r.complain("add_kind")
	}
	if g < 0 {
		r.complain("add_category")
	}
	for _, f := range []string{"QSX", "HSX"} {
		if _, ok := day(r.Text(f)); !ok || len(r.Text(f)) != 8 {
			r.complain("add_dates")
			break
		}
	}
	for _, cid := range c.order {
		b := c.base[cid]
		if !b.Geom.Bound().Intersects(r.Geom.Bound()) {
			continue
		}
		if share := c.complainedShare(r, r.Geom, b.Geom); share > duplicateShare {
			r.complain("add_duplicate", cid, 100*share)
		}
	}
	if len(r.problems) > 0 {
		return
	}
	base := map[string]string{
		"kind": kind, "TBLX": c.rules.Kinds[k].Type, "TZ": c.rules.Kinds[k].Name.ZH, "category": category,
		"categories": category, "LBMC": c.rules.Categories[g].Name.ZH, "QBLB": c.rules.Categories[g].Name.ZH, "QSX": r.Text("QSX"), "HSX": r.Text("HSX"), "BZ": pipeline.Clue,
	}
	if code := r.Text("XZQDM"); code != "" {
		base["XZQDM"] = code
	}
	d := c.decision(r, kind)
	d.Version = register.Version{CID: c.addedID(r)}
	if c.draw(&d, r, r.Geom, base, "人工补充图斑") {
		d.Values["cid"] = d.CID
		it.decisions = append(it.decisions, d)
	}
}

// duplicateShare of an added patch may lie on a candidate, and of a candidate on another's outline.
const duplicateShare = 0.5

// addedID is the identity of an added patch: the one under which it was added before, or one that stays when its outline is drawn
// anew. A row that was pasted brings the cid of the candidate that it was copied from, which is not its own.
func (c *checker) addedID(r *edited) string {
	if _, copied := c.base[r.cid]; r.cid != "" && !copied && !c.found(r.cid) {
		return r.cid
	}
	sum := sha256.Sum256([]byte("added\x00" + c.ID + "\x00" + strconv.FormatInt(r.FID, 10)))
	return hex.EncodeToString(sum[:8])
}

// found reports whether what was judged under a cid before the export is a candidate of some run, not a patch that was added.
func (c *checker) found(cid string) bool {
	return slices.ContainsFunc(c.state.About(cid), func(s register.Standing) bool { return s.GV != "" && s.Event < c.Events })
}

// checkTwins complains of added patches that share an identity: one of them is a copy, and the register could hold only one.
func (c *checker) checkTwins() {
	of := map[string][]*edited{}
	for _, r := range c.rows {
		if r.operation == added {
			id := c.addedID(r)
			of[id] = append(of[id], r)
		}
	}
	for id, twins := range of {
		if len(twins) < 2 {
			continue
		}
		for _, r := range twins {
			r.complain("add_twice", id)
		}
	}
}
