package pipeline

import (
	"context"
	"maps"
	"path/filepath"
	"strconv"

	"tuban/classify/triage"
	"tuban/raster/vector"
)

// triage checks what the product says of approvals and priority: each published patch has a place of its own, a state that the
// rules have, in their words, and no more land under approvals than it has. Products of earlier versions say nothing of it.
func (c *checker) triage(ctx context.Context, d Drivers) error {
	if c.m.Triage == nil {
		return nil
	}
	rules, err := triage.Parse("the product's rules of triage", []byte(c.m.Triage.Rules), "")
	if err != nil {
		return err
	}
	places, words := &law{c: c, name: "patches have places of their own"}, &law{c: c, name: "states are those of the rules"}
	cover := &law{c: c, name: "approvals cover no more than the patch"}
	file := filepath.Join(c.dir, packageName)
	areas, taken, states := map[string]float64{}, map[int]bool{}, map[triage.State]int{}
	spec := vector.LayerSpec{Source: file, Layer: "changes", Fields: []string{"cid", "JCMJ", "YXJ", "triage", "SPPP", "SPMJ"}}
	err = d.Vectors.ReadLayer(ctx, spec, "", func(f vector.Feature) error {
		id, state := f.Values[0], triage.State(f.Values[3])
		areas[id], _ = strconv.ParseFloat(f.Values[1], 64)
		place, _ := strconv.Atoi(f.Values[2])
		if place < 1 || place > c.m.Counts.Published || taken[place] {
			places.broken("patch %s: YXJ %q is taken, or none of 1 to %d", id, f.Values[2], c.m.Counts.Published)
		}
		taken[place] = true
		if states[state]++; rules.States[state].ZH == "" || rules.States[state].ZH != f.Values[4] {
			words.broken("patch %s: %q is called %q", id, state, f.Values[4])
		}
		cover.within(id, "SPMJ", f.Values[5], areas[id])
		return nil
	})
	if err != nil {
		return err
	}
	if !maps.Equal(states, c.m.Triage.States) {
		c.say(false, "the layer changes has patches of the states %v, the manifest says %v", states, c.m.Triage.States)
	}
	// That the file is damaged is said by its checksum.
	approvals := vector.LayerSpec{Source: file, Layer: "approvals", Fields: []string{"cid", "number", "MJ"}}
	if _, err := d.Vectors.DescribeLayer(ctx, approvals); err == nil {
		err := d.Vectors.ReadLayer(ctx, approvals, "", func(f vector.Feature) error {
			area, ok := areas[f.Values[0]]
			if !ok {
				cover.broken("approval %s: there is no patch %s", f.Values[1], f.Values[0])
				return nil
			}
			cover.within(f.Values[0], "approval "+f.Values[1], f.Values[2], area)
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, l := range []*law{places, words, cover} {
		l.end(len(areas))
	}
	return nil
}

// within checks that a part of a patch is no larger than the patch.
func (l *law) within(id, what, value string, area float64) {
	if v, err := strconv.ParseFloat(value, 64); value != "" && (err != nil || v < 0 || v > area+0.0051) {
		l.broken("patch %s: %s is %s of %.2f m²", id, what, value, area)
	}
}
