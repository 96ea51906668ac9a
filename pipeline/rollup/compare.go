package rollup

import (
	"context"
	"fmt"
	"slices"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/raster"
)

// Comparison is how the products stand to those of the run before.
type Comparison struct {
	// Before is the tree of the run before.
	Before *Node `json:"before"`
	// Tracks counts the patches by how they stand to it.
	Tracks map[string]Sum `json:"tracks"`
	// Gone sums the patches of the run before that are not there any more, by reason, GoneBy by the unit that they counted in; without
	// the products of that run, all earlier candidates that the products know to be gone.
	Gone   map[string]Sum            `json:"gone"`
	GoneBy map[string]map[string]Sum `json:"gone_by_unit,omitempty"`
}

// gone reads the earlier candidates of a product that it does not have any more, by cid.
func gone(ctx context.Context, p *product.Product) (map[string]goneCase, error) {
	rows, _, err := p.Layer(ctx, "gone", "")
	if err != nil {
		return nil, err
	}
	out := map[string]goneCase{}
	for _, r := range rows {
		a, _ := area(r, "MJ")
		out[r.Text("cid")] = goneCase{r.Text("reason"), a}
	}
	return out, nil
}

type goneCase struct {
	reason string
	area   Area
}

// track gives patches their relation to another product by identity alone, for products that do not follow it themselves; and finds
// those that are gone.
func track(list, before []*patch) map[string]goneCase {
	known, still := map[string]bool{}, map[string]bool{}
	for _, p := range before {
		known[p.cid] = true
	}
	for _, p := range list {
		still[p.cid] = true
		p.values[ByTrack] = "new"
		if known[p.cid] {
			p.values[ByTrack] = "same"
		}
	}
	out := map[string]goneCase{}
	for _, p := range before {
		if !still[p.cid] {
			out[p.cid] = goneCase{"not_seen", p.area}
		}
	}
	return out
}

// beyond finds the patches, by cid, whose middle lies on none of the grids.
func beyond(c pipeline.Coordinates, grids []raster.Grid, before []*patch) (map[string]bool, error) {
	seen := map[string][]raster.Bounds{}
	out := map[string]bool{}
	for _, p := range before {
		bounds, ok := seen[p.crs]
		if !ok {
			for _, g := range grids {
				b, err := c.TransformBounds(g.CRS, p.crs, g.Bounds(g.Window()))
				if err != nil {
					return nil, fmt.Errorf("comparing with a product in %s: %w", p.crs, err)
				}
				bounds = append(bounds, b)
			}
			seen[p.crs] = bounds
		}
		if !slices.ContainsFunc(bounds, func(b raster.Bounds) bool {
			return p.middle[0] >= b.MinX && p.middle[0] <= b.MaxX && p.middle[1] >= b.MinY && p.middle[1] <= b.MaxY
		}) {
			out[p.cid] = true
		}
	}
	return out, nil
}

// leave takes patches of the run before that are not here any more and lie on none of the grids for what they are: nobody looked. What
// the products themselves say of one stands.
func (g *gathered) leave(before []*patch, off map[string]bool) {
	still := map[string]bool{}
	for _, p := range g.patches {
		still[p.cid] = true
	}
	for _, p := range before {
		if _, said := g.gone[p.cid]; off[p.cid] && !still[p.cid] && !(said && g.follows) {
			g.gone[p.cid] = goneCase{"off", p.area}
		}
	}
}

// compare puts the comparison together.
func compare(root, earlier *Node, before []*patch, lost map[string]goneCase) *Comparison {
	c := &Comparison{Before: earlier, Tracks: root.Tally.By[ByTrack], Gone: map[string]Sum{}, GoneBy: map[string]map[string]Sum{}}
	places := map[string]Place{}
	for _, p := range before {
		places[p.cid] = p.main()
	}
	for cid, g := range lost {
		// A product carries on what was gone before the run before, too.
		if _, had := places[cid]; earlier != nil && !had {
			continue
		}
		s := Sum{1, g.area}
		c.Gone[g.reason] = c.Gone[g.reason].plus(s)
		for _, u := range places[cid] {
			if c.GoneBy[u.Code] == nil {
				c.GoneBy[u.Code] = map[string]Sum{}
			}
			c.GoneBy[u.Code][g.reason] = c.GoneBy[u.Code][g.reason].plus(s)
		}
	}
	return c
}
