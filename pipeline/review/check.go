package review

import (
	"strings"
	"time"

	"github.com/paulmach/orb"

	days "tuban/classify/day"
	"tuban/pipeline"
	"tuban/pipeline/register"
)

// day reads a day as people and QGIS write it; false for what is none.
func day(text string) (time.Time, bool) {
	on, err := days.Parse(text)
	return on, err == nil && !on.IsZero()
}

// checkEntry says what is wrong with what was filled in. now is the time of the import.
func (r *edited) checkEntry(now time.Time) {
	if r.verdict == "" {
		r.complain("verdict_missing")
		return
	}
	v := verdicts.find(r.verdict)
	if v == nil {
		r.complain("verdict_unknown", r.verdict, verdicts.codes())
		return
	}
	switch reason := reasons.find(r.reason); {
	case r.reason == "" && v["reason"] == "required":
		r.complain("reason_missing")
	case r.reason != "" && v["reason"] != "required":
		r.complain("reason_unwanted", r.verdict)
	case r.reason != "" && reason == nil:
		r.complain("reason_unknown", r.reason, reasons.codes())
	case reason["note"] == "required" && r.note == "":
		r.complain("note_missing", r.reason)
	}
	switch {
	case r.by == "":
		r.complain("by_missing")
	case r.second == "" && v["second"] == "required":
		r.complain("second_missing", r.verdict)
	case strings.EqualFold(r.second, r.by):
		r.complain("second_same", r.by)
	}
	switch on, ok := day(r.on); {
	case r.on == "":
		r.complain("day_missing")
	case !ok:
		r.complain("day_unreadable", r.on)
	case on.After(now.Add(24 * time.Hour)):
		// A day may begin elsewhere before it does here.
		r.complain("day_future", r.on)
	default:
		r.on = on.Format(time.DateOnly)
	}
	if r.operation != "" && operations.find(r.operation) == nil {
		r.complain("operation_unknown", r.operation, operations.codes())
	}
	if r.group != "" && r.operation != merged {
		r.complain("merge_operation")
	}
}

// checkReadOnly says which fields were changed that are not for editing. QGIS's merge tool mixes them: there the candidate's
// own values count. A row that was added is none of the product's, whatever it was copied from.
func (w *working) checkReadOnly(r *edited) {
	base, ok := w.base[r.cid]
	if !ok || r.operation == merged || r.operation == added {
		return
	}
	for _, f := range base.Fields() {
		was, is := base.Text(f), r.Text(f)
		if f == "gv" {
			_, was = base.Version()
		}
		if was != is {
			r.complain("readonly", f, was, is)
		}
	}
	if _, gv := base.Version(); !base.Has("gv") && r.gv != gv {
		r.complain("readonly", "gv", gv, r.gv)
	}
}

// checkOutline says what is wrong with an outline that a person drew; area is its area in m².
func (c *checker) checkOutline(r *edited, kind string, mp orb.MultiPolygon) (area float64, ok bool) {
	n := len(r.problems)
	if valid, why := c.engine.Valid(mp); !valid {
		r.complain("geometry_invalid", why)
		return 0, false
	}
	exact, err := c.surveyor.Area(mp)
	if err != nil {
		r.complain("geometry_unreadable", err)
		return 0, false
	}
	g := c.Manifest.Grid
	b, all := mp.Bound(), g.Bounds(g.Window())
	if b.Min[0] < all.MinX || b.Min[1] < all.MinY || b.Max[0] > all.MaxX || b.Max[1] > all.MaxY {
		r.complain("geometry_outside")
	}
	// What is kept as a part to be rejected may be small.
	if least := c.leastArea(kind); exact < least && r.verdict == string(register.Pass) {
		r.complain("geometry_small", exact, least)
	}
	return pipeline.Cents(exact), len(r.problems) == n
}

// leastArea is the minimum area of a kind in m².
func (c *checker) leastArea(kind string) float64 {
	for _, k := range c.rules.Kinds {
		if k.Code == kind {
			return max(k.MinArea, float64(k.MinPixels)*c.pixel)
		}
	}
	return 0
}

// unmoved reports whether an outline is the candidate's.
func unmoved(a, b orb.MultiPolygon) bool { return orb.Equal(a, b) }
