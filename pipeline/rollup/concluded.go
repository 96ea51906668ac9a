package rollup

import "tuban/pipeline/register"

// concluded is how much counties concluded of each part of a patch, by cid.
type concluded map[string][]Area

// add notes that a county concluded a release of the patches. One that was not cut is all of them, whatever an outline drawn anew leaves
// out; a county's part of patches across counties is all that they have there. A piece of a split patch is as much as was released,
// and so is a county's part where the products know of no other county.
func (c concluded) add(list []*patch, r register.Release, piece bool) {
	type land struct {
		area Area
		done *Area
	}
	var all, there []land
	others := false
	for _, p := range list {
		if c[p.cid] == nil {
			c[p.cid] = make([]Area, len(p.parts))
		}
		for i, x := range p.parts {
			l := land{x.area, &c[p.cid][i]}
			all = append(all, l)
			if x.place.within(r.County) {
				there = append(there, l)
			} else {
				others = true
			}
		}
	}
	whole := !piece && r.Parent == ""
	if whole || len(there) == 0 {
		there = all
	} else {
		whole = !piece && others
	}
	left := make([]Area, len(there))
	total := Area(0)
	for i, l := range there {
		left[i] = l.area - *l.done
		total += left[i]
	}
	if !whole {
		total = min(total, NewArea(r.AreaM2))
	}
	for i, a := range spread(total, left) {
		*there[i].done += min(a, left[i])
	}
}

// open is the share of a part of a patch that no county concluded, 0 to 1.
func (c concluded) open(p *patch, part int) float64 {
	done, area := c[p.cid], p.parts[part].area
	if done == nil || area <= 0 {
		return 1
	}
	return 1 - done[part].M2()/area.M2()
}
