package product

import "cmp"

// ByPriority orders patches by which to look at first: by YXJ where they have it, then by score, large areas (JCMJ) first, then by
// 监测编号 and candidate. A patch that lacks a number comes after those that have it. It is for slices.SortStableFunc.
func ByPriority(a, b Row) int {
	for _, k := range []struct {
		field string
		up    bool
	}{{"YXJ", true}, {"score", false}, {"JCMJ", false}} {
		x, hasX := a.Number(k.field)
		y, hasY := b.Number(k.field)
		switch {
		case hasX && !hasY:
			return -1
		case !hasX && hasY:
			return 1
		case x != y && k.up:
			return cmp.Compare(x, y)
		case x != y:
			return cmp.Compare(y, x)
		}
	}
	return cmp.Or(cmp.Compare(a.Text("JCBH"), b.Text("JCBH")), cmp.Compare(a.Text("cid"), b.Text("cid")))
}
