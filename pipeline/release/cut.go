package release

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"tuban/pipeline"
	"tuban/pipeline/redraw"
)

// Slivers: a part of a patch across a county boundary that is smaller, or narrower, gets no number and stays with the larger
// part: it is what two layers of boundaries differ by. [unverified]
const (
	sliverArea  = 10.0 // m²
	sliverWidth = 1.0  // m, twice the area by the perimeter
)

// piece is what of a candidate one county gets.
type piece struct {
	county, name string
	geom         orb.MultiPolygon
	area         float64 // m², two decimals
	values       map[string]string
	cut          bool
}

// cutter cuts candidates at county boundaries.
type cutter struct {
	engine   pipeline.Geometry
	surveyor *pipeline.Surveyor
	counties *counties
	// scale is how many metres a unit of the CRS is.
	scale float64
}

// cut returns the pieces of a candidate, largest first. A patch that lies in one county is its only piece, unchanged. Areas of
// pieces add up to the patch's.
func (c *cutter) cut(x candidate) ([]piece, error) {
	exact, err := c.surveyor.Area(x.geom)
	if err != nil {
		return nil, err
	}
	total := pipeline.Cents(exact)
	list, err := c.counties.at(x)
	if err != nil {
		return nil, err
	}
	whole := piece{county: x.values["XZQDM"], name: x.values["XMC"], geom: x.geom, area: total, values: x.values}
	if len(list) > 1 {
		if list, err = c.sizeable(x.geom, list); err != nil {
			return nil, fmt.Errorf("cutting %s at county boundaries: %w", x.CID, err)
		}
	}
	switch {
	case len(list) == 1:
		whole.county, whole.name = list[0].code, cmp.Or(list[0].name, whole.name)
		return []piece{whole}, nil
	case len(list) == 0 && whole.county == "":
		return nil, pipeline.NewInputError(fmt.Errorf("%s lies in no county that is known: give a layer of counties with --units", x.CID))
	case len(list) == 0:
		return []piece{whole}, nil
	}
	return c.pieces(x, list, total)
}

// sizeable are the counties that get more than a sliver of g, the one with the largest part first; at least one.
func (c *cutter) sizeable(g orb.MultiPolygon, list []county) ([]county, error) {
	parts, _, err := c.engine.Overlay(g, lands(list))
	if err != nil {
		return nil, err
	}
	type taken struct {
		county
		area float64
		thin bool
	}
	var all []taken
	for _, p := range parts {
		a, err := c.surveyor.Area(p.Geom)
		if err != nil {
			return nil, err
		}
		k := list[p.Index]
		k.geom = p.Geom
		all = append(all, taken{k, a, a < sliverArea || 2*a < sliverWidth*c.scale*planar.Length(p.Geom)})
	}
	slices.SortStableFunc(all, func(a, b taken) int {
		return cmp.Or(cmp.Compare(pipeline.Cents(b.area), pipeline.Cents(a.area)), cmp.Compare(a.code, b.code))
	})
	var out []county
	for i, t := range all {
		if i == 0 || !t.thin {
			t.values = maps.Clone(t.values)
			out = append(out, t.county)
			continue
		}
		for f, a := range t.values {
			out[0].values[f] += a
		}
	}
	return out, nil
}

// pieces gives every county but the first its part, and the first what is left: with slivers, and what lies in no county.
func (c *cutter) pieces(x candidate, list []county, total float64) ([]piece, error) {
	parts, rest, err := c.engine.Overlay(x.geom, lands(list[1:]))
	if err != nil {
		return nil, fmt.Errorf("cutting %s at county boundaries: %w", x.CID, err)
	}
	geoms := map[string]orb.MultiPolygon{list[0].code: rest}
	for _, p := range parts {
		geoms[list[1+p.Index].code] = p.Geom
	}
	areas := map[string]float64{}
	for code, g := range geoms {
		if areas[code], err = c.surveyor.Area(g); err != nil {
			return nil, err
		}
	}
	shares := map[string]float64{}
	for _, s := range pipeline.Apportion(total, areas) {
		shares[s.Code] = s.Area
	}
	var out []piece
	for _, k := range list {
		p := piece{county: k.code, name: k.name, geom: geoms[k.code], area: shares[k.code], cut: true}
		note := fmt.Sprintf("跨县界图斑按县切分，本部分%.2f平方米，整斑%.2f平方米", p.area, total)
		if p.values, err = redraw.Values(x.values, p.geom, p.area, c.surveyor, note); err != nil {
			return nil, err
		}
		for f, a := range k.values {
			p.values[f] = fmt.Sprintf("%.2f", a)
		}
		out = append(out, p)
	}
	return out, nil
}

func lands(list []county) []orb.MultiPolygon {
	out := make([]orb.MultiPolygon, len(list))
	for i, k := range list {
		out[i] = k.geom
	}
	return out
}
