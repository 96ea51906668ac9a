package synth

import (
	"fmt"
	"math"
	"time"
)

// permit draws which changes are approved, and adds approvals that came too late and some that nobody has used.
func (c *County) permit(b *builder, bd bend) {
	d := newDice(b.l.seed, partApprovals)
	grant := func(kind string, day time.Time, out ring) {
		m := out.middle()
		_, long, _ := out.axes()
		c.approvals = append(c.approvals, Approval{
			ID:      fmt.Sprintf("PZ%05d", len(c.approvals)+1),
			Kind:    permitFor(kind, d),
			Date:    day,
			Polygon: c.polygon(bd, shrink(out, 1+d.between(1, 4)/long, m)),
		})
	}
	early, late := c.Day(Before).AddDate(0, -14, 0), c.Day(After)
	for i, s := range b.sites {
		switch k := d.Float64(); {
		case k < 0.28 || i == len(b.sites)-1:
			c.changes[i].Legal = true
			grant(s.kind, early.AddDate(0, 0, d.IntN(20*30)), s.out)
		case k < 0.34:
			// Built first, approved later.
			grant(s.kind, late.AddDate(0, 0, 10+d.IntN(60)), s.out)
		}
	}
	for range len(b.sites) / 12 {
		p := b.l.parcels[d.IntN(len(b.l.parcels))]
		if p.code != "0103" || math.Abs(p.out.area()) < 2500 {
			continue
		}
		grant(kindBuilt, early.AddDate(0, 0, d.IntN(20*30)), box(p.out.middle(), p.along, 40, 22))
	}
}

func permitFor(kind string, d dice) string {
	switch kind {
	case kindBuilt:
		if d.chance(0.3) {
			return "设施农业用地备案"
		}
		return "农用地转用批复"
	case kindWater:
		return "设施农业用地备案"
	case kindTrees:
		return "林木采伐许可"
	}
	return "临时用地批复"
}
