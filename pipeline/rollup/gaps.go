package rollup

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/pipeline/assess"
	"tuban/pipeline/product"
	"tuban/raster/spell"
	"tuban/raster/vector"
)

// Units is a layer of administrative units: a file, its layer, and the fields of the code, of 6, 9 or 12 digits or more, and the name.
type Units struct{ Source, Layer, Encoding, Code, Name string }

// gap is a place that was not observed.
type gap struct {
	reason string
	area   Area
	geom   orb.MultiPolygon
}

// gaps reads what a product did not observe: the places, and their sums by reason, the largest first.
func gaps(ctx context.Context, p *product.Product) (places []gap, sums []Gap, err error) {
	rows, _, err := p.Layer(ctx, "unobserved", "")
	if err != nil {
		return nil, nil, err
	}
	sums = []Gap{}
	for _, r := range rows {
		a, _ := area(r, "MJ")
		g := gap{r.Text("reason"), a, r.Geom}
		places = append(places, g)
		i := slices.IndexFunc(sums, func(s Gap) bool { return s.Reason == g.reason })
		if i < 0 {
			i, sums = len(sums), append(sums, Gap{Reason: g.reason, Name: r.Text("YY")})
		}
		sums[i].Area += a
	}
	slices.SortStableFunc(sums, func(a, b Gap) int { return cmp.Compare(b.Area, a.Area) })
	return places, sums, nil
}

// unitLand is a unit with its land.
type unitLand struct {
	place Place
	geom  orb.MultiPolygon
}

// read reads the units in crs.
func (u Units) read(ctx context.Context, v pipeline.Vectors, crs string) ([]unitLand, error) {
	rows, info, err := product.Read(ctx, v, vector.LayerSpec{Source: u.Source, Layer: u.Layer, Encoding: u.Encoding}, crs)
	if err != nil {
		return nil, err
	}
	for _, f := range []string{u.Code, u.Name} {
		if !slices.ContainsFunc(info.Fields, func(g string) bool { return strings.EqualFold(f, g) }) {
			return nil, pipeline.NewInputError(fmt.Errorf("%s, layer %s has no field %q%s: give --units-code and --units-name; its fields are %s", u.Source, info.Name, f, spell.Hint(f, info.Fields), strings.Join(info.Fields, ", ")))
		}
	}
	var out []unitLand
	for _, r := range rows {
		code := r.Text(u.Code)
		if r.Problem != "" {
			return nil, pipeline.NewInputError(fmt.Errorf("%s, feature %d: %s: repair the layer", u.Source, r.FID, r.Problem))
		}
		if len(code) < 6 || strings.Trim(code[:6], "0123456789") != "" {
			return nil, pipeline.NewInputError(fmt.Errorf("%s, feature %d: the code %q does not begin with six digits: correct it, or name another field with --units-code", u.Source, r.FID, code))
		}
		units := make([]Unit, 3)
		for i, digits := range []int{6, 9, 12} {
			if len(code) >= digits {
				units[i].Code = code[:digits]
				if len(code) < digits+3 || digits == 12 {
					units[i].Name = r.Text(u.Name)
				}
			}
		}
		out = append(out, unitLand{placeOf(units[0], units[1], units[2]), r.Geom})
	}
	return out, nil
}

// locate counts what a product did not observe in the units in which it lies; what is in none counts in none. All parts of a gap add up
// to it.
func (u Units) locate(ctx context.Context, d pipeline.Drivers, root *Node, list []gap, crs string) error {
	units, err := u.read(ctx, d.Vectors, crs)
	if err != nil {
		return err
	}
	measure, err := pipeline.NewSurveyor(d.Coordinates, crs)
	if err != nil {
		return err
	}
	defer measure.Close()
	places, lands, order := make([]orb.MultiPolygon, len(list)), make([]orb.MultiPolygon, len(units)), make([]int, len(units))
	for i, g := range list {
		places[i] = g.geom
	}
	for i, x := range units {
		lands[i], order[i] = x.geom, i
	}
	pieces, _, err := assess.Overlay(ctx, d.Geometry(), places, lands, order, measure.Area)
	if err != nil {
		return pipeline.NewInputError(fmt.Errorf("%s: %w: repair the layer", u.Source, err))
	}
	for i, g := range list {
		weights, left := []Area{}, g.area
		for _, p := range pieces[i] {
			a := min(NewArea(p.Area), left)
			weights, left = append(weights, a), left-a
		}
		for k, a := range spread(g.area, append(weights, left)) {
			at := Place(nil)
			if k < len(pieces[i]) {
				at = units[pieces[i][k].Patch].place
			}
			root.at(at).ownMissed.add(g.reason, a)
		}
	}
	return nil
}

// Missed is what was not observed, by reason.
type Missed map[string]Area

func (m *Missed) add(reason string, a Area) {
	if a == 0 {
		return
	}
	if *m == nil {
		*m = Missed{}
	}
	(*m)[reason] += a
}

func (m *Missed) addAll(o Missed) {
	for reason, a := range o {
		m.add(reason, a)
	}
}

// Total is the sum over all reasons.
func (m Missed) Total() (sum Area) {
	for _, a := range m {
		sum += a
	}
	return sum
}
