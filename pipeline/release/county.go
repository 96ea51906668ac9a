package release

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/raster/spell"
	"tuban/raster/vector"
)

// county is the land of one county, or what of it a patch lies on. A patch's own areas there are in values, by field.
type county struct {
	code, name string
	geom       orb.MultiPolygon
	values     map[string]float64
}

// Units is a layer of counties: a file, its layer, and the fields of the code and the name.
type Units struct{ Source, Layer, Encoding, Code, Name string }

// counties finds the land of the counties at a patch, by the layer of units that the user gave or else by the pieces that the
// run cut its patches into.
type counties struct {
	all    []county            // of a layer
	pieces map[string][]county // by cid
	origin string              // what they come from, for messages
}

// readCounties reads a layer of units in crs. Rows of one code are one county: a layer of towns or villages will do.
func readCounties(ctx context.Context, v pipeline.Vectors, u Units, crs string) (*counties, error) {
	spec := vector.LayerSpec{Source: u.Source, Layer: u.Layer, Encoding: u.Encoding}
	rows, info, err := product.Read(ctx, v, spec, crs)
	if err != nil {
		return nil, err
	}
	if info.CRS == "" {
		return nil, pipeline.NewInputError(fmt.Errorf("%s, layer %s has no coordinate reference system: assign the one it is in (ogr2ogr -a_srs EPSG:n out.gpkg FILE)", u.Source, info.Name))
	}
	for _, f := range []string{u.Code, u.Name} {
		if !slices.ContainsFunc(info.Fields, func(g string) bool { return strings.EqualFold(f, g) }) {
			return nil, pipeline.NewInputError(fmt.Errorf("%s, layer %s has no field %q%s: give --units-code and --units-name; its fields are %s", u.Source, info.Name, f, spell.Hint(f, info.Fields), strings.Join(info.Fields, ", ")))
		}
	}
	c := &counties{origin: u.Source}
	at := map[string]int{}
	for _, r := range rows {
		code := r.Text(u.Code)
		switch {
		case r.Problem != "":
			return nil, pipeline.NewInputError(fmt.Errorf("%s, feature %d: %s: repair the layer", u.Source, r.FID, r.Problem))
		case len(code) < 6 || !isCode(code[:6], 6):
			return nil, pipeline.NewInputError(fmt.Errorf("%s, feature %d: the code %q does not begin with six digits: correct it, or name another field with --units-code", u.Source, r.FID, code))
		}
		i, ok := at[code[:6]]
		if !ok {
			i = len(c.all)
			at[code[:6]] = i
			c.all = append(c.all, county{code: code[:6]})
		}
		if len(code) == 6 || c.all[i].name == "" {
			c.all[i].name = r.Text(u.Name)
		}
		c.all[i].geom = append(c.all[i].geom, r.Geom...)
	}
	return c, nil
}

// pieceAreas are the areas in m² that the pieces of a patch by unit have of their own.
var pieceAreas = []string{"GDMJ", "YNMJ", "HXMJ"}

// readPieces reads how the run cut its patches by unit; nil when its product has no such layer.
func readPieces(ctx context.Context, p *product.Product) (*counties, error) {
	rows, has, err := p.Layer(ctx, "changes_units", "")
	if err != nil || !has {
		return nil, err
	}
	c := &counties{pieces: map[string][]county{}, origin: p.Dir}
	for _, r := range rows {
		code, cid := r.Text("XZQDM"), r.Text("cid")
		if code == "" {
			continue // in no unit: it stays with the largest part
		}
		list := c.pieces[cid]
		i := slices.IndexFunc(list, func(x county) bool { return x.code == code })
		if i < 0 {
			i = len(list)
			list = append(list, county{code: code, name: r.Text("XMC"), values: map[string]float64{}})
		}
		list[i].geom = append(list[i].geom, r.Geom...)
		for _, f := range pieceAreas {
			if a, ok := r.Number(f); ok {
				list[i].values[f] += a
			}
		}
		c.pieces[cid] = list
	}
	return c, nil
}

// at are the counties that a candidate may lie in, largest land first as far as that is known; redrawn ones may lie beyond
// the pieces that the run cut.
func (c *counties) at(x candidate) ([]county, error) {
	if c == nil {
		return nil, nil
	}
	if c.all != nil {
		return among(c.all, x.geom), nil
	}
	if x.Redrawn == nil {
		return c.pieces[x.CID], nil
	}
	var out []county
	for _, v := range append(slices.Clone(x.From), x.Version) {
		for _, k := range c.pieces[v.CID] {
			if !slices.ContainsFunc(out, func(o county) bool { return o.code == k.code }) {
				out = append(out, county{code: k.code, name: k.name})
			}
		}
	}
	if len(out) > 1 {
		return nil, pipeline.NewInputError(fmt.Errorf("%s was drawn anew where %s and %s meet: give the layer of counties with --units, so that it can be cut", x.CID, out[0].name, out[1].name))
	}
	return out, nil
}

// among are the counties whose land meets g. One that has all of it is alone.
func among(all []county, g orb.MultiPolygon) (out []county) {
	b := g.Bound()
	for _, k := range all {
		if !k.geom.Bound().Intersects(b) {
			continue
		}
		if !crosses(k.geom, b) {
			if planar.MultiPolygonContains(k.geom, g[0][0][0]) {
				return []county{k}
			}
			continue
		}
		out = append(out, k)
	}
	return out
}

// crosses reports whether the bounds of an edge of mp meet b: where none do, b is all within mp or all without.
func crosses(mp orb.MultiPolygon, b orb.Bound) bool {
	for _, p := range mp {
		for _, r := range p {
			for i := 1; i < len(r); i++ {
				u, v := r[i-1], r[i]
				if max(u[0], v[0]) >= b.Min[0] && min(u[0], v[0]) <= b.Max[0] && max(u[1], v[1]) >= b.Min[1] && min(u[1], v[1]) <= b.Max[1] {
					return true
				}
			}
		}
	}
	return false
}
