package review

import (
	"fmt"

	"github.com/paulmach/orb"
)

// slack is how much in m² an overlap of outlines may be off: what snapping and rounding in an editor leave.
const slack = 1.0

// share is how much of a lies on b, 0 to 1.
func (c *checker) share(a, b orb.MultiPolygon) (float64, error) {
	whole, err := c.surveyor.Area(a)
	if err != nil || !(whole > 0) {
		return 0, err
	}
	on, err := c.overlap(a, b)
	return on / whole, err
}

// complainedShare is share of a row that someone drew; where it cannot be told, the row is complained of.
func (c *checker) complainedShare(r *edited, a, b orb.MultiPolygon) float64 {
	share, err := c.share(a, b)
	if err != nil {
		r.complain("geometry_unreadable", err)
	}
	return share
}

// overlap is the area in m² of what a and b share.
func (c *checker) overlap(a, b orb.MultiPolygon) (float64, error) {
	if !a.Bound().Intersects(b.Bound()) {
		return 0, nil
	}
	parts, _, err := c.engine.Overlay(a, []orb.MultiPolygon{b})
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, p := range parts {
		area, err := c.surveyor.Area(p.Geom)
		if err != nil {
			return 0, err
		}
		sum += area
	}
	return sum, nil
}

// partition makes sure that pieces do not overlap, stay within the outline they were cut from, and leave nothing of it out.
func (c *checker) partition(rows []*edited, whole orb.MultiPolygon, pieces []orb.MultiPolygon) bool {
	total, err := c.surveyor.Area(whole)
	if err != nil {
		rows[0].complain("geometry_unreadable", err)
		return false
	}
	sum, ok := 0.0, true
	complain := func(r *edited, code string, args ...any) {
		r.complain(code, args...)
		ok = false
	}
	for i, g := range pieces {
		if valid, why := c.engine.Valid(g); !valid {
			complain(rows[i], "geometry_invalid", why)
			continue
		}
		area, err := c.surveyor.Area(g)
		if err == nil {
			var on float64
			if on, err = c.overlap(g, whole); err == nil && area-on > slack {
				complain(rows[i], "split_outside", area-on)
			}
			sum += on
		}
		for k := 0; k < i && err == nil; k++ {
			var both float64
			if both, err = c.overlap(g, pieces[k]); both > slack {
				complain(rows[i], "split_overlap", both)
			}
		}
		if err != nil {
			complain(rows[i], "geometry_unreadable", fmt.Sprint(err))
		}
	}
	if ok && total-sum > slack {
		for _, r := range rows {
			complain(r, "split_incomplete", total-sum)
		}
	}
	return ok
}
