package rollup

import (
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"tuban/classify/landclass"
	"tuban/pipeline/product"
)

// patch is a published patch, as far as sums need it.
type patch struct {
	cid, gv string
	// after is the 图斑类型.
	after string
	// middle is that of its bounds, in the system of its product.
	middle     orb.Point
	crs        string
	area       Area
	categories []string
	parts      []part
	// values has what the patch is in the dimensions in which it is one thing; one that the product lacks is left out.
	values map[Dimension]string
	// groups and classes share its area, nil without a survey.
	groups, classes []amount
	overlays        []overlaid
	labels          []string
}

// part is what of a patch lies in one unit; the first of a patch is the unit that it counts in.
type part struct {
	place      Place
	area, crop Area
	// in has the areas that the product gives of the part, by the column's name.
	in map[string]Area
}

// overlaid is a layer that a patch lies in; real says with more than a sliver.
type overlaid struct {
	legalLayer
	area Area
	real bool
}

// main is the unit that the patch counts in.
func (p *patch) main() Place { return p.parts[0].place }

// inUnit is the largest part in a county; ok is false when none lies there.
func (p *patch) inUnit(county string) (at part, ok bool) {
	for _, x := range p.parts {
		if x.place.within(county) && (!ok || x.area > at.area) {
			at, ok = x, true
		}
	}
	return at, ok
}

// area is a column as an area; ok is false for null.
func area(r product.Row, column string) (Area, bool) {
	v, ok := r.Number(column)
	return NewArea(v), ok
}

// units are the unit columns of a row of changes or changes_units.
func units(r product.Row) Place {
	unit := func(code, name string) Unit { return Unit{r.Text(code), r.Text(name)} }
	county, town, village := unit("XZQDM", "XMC"), unit("XZDM", "XZMC"), unit("CDM", "CMC")
	// A product without units has the location code of the main parcel: 12 digits of units, then 7 of none.
	if code := r.Text("ZLDWDM"); town.Code == "" && len(code) >= 12 && code[:6] == county.Code {
		town.Code, village = code[:9], Unit{code[:12], r.Text("ZLDWMC")}
	}
	return placeOf(county, town, village)
}

// groupColumns are the areas by 三大类, cropland first.
var groupColumns = []struct {
	column, key string
}{{"GDMJ", "cropland"}, {"QTNYDMJ", "agricultural"}, {"WLYDMJ", "unused"}, {"JSYDMJ", "construction"}, {"QTMJ", none}}

// groups are the areas by 三大类; nil where the product has no survey.
func groups(r product.Row) (out []amount) {
	for i, g := range groupColumns {
		a, ok := area(r, g.column)
		if !ok {
			return nil
		}
		out = append(out, amount{g.key, a, i == 0})
	}
	return out
}

// classes are the areas by 一级类, from the column of shares; what it does not list is on no class.
func classes(r product.Row, sys landclass.System, total Area, names Names) []amount {
	var out []amount
	at := map[string]int{}
	left := total
	for _, share := range strings.Fields(r.Text("DLFX")) {
		code, m2, ok := strings.Cut(share, ":")
		v, err := strconv.ParseFloat(m2, 64)
		if !ok || err != nil || NewArea(v) > left {
			break // the column was too narrow for all of them
		}
		class, known := sys.Lookup(code)
		key := none
		if known {
			key = class.First
			names.learn(ByClass, key, class.FirstName)
		}
		if _, seen := at[key]; !seen {
			at[key] = len(out)
			out = append(out, amount{key: key, crop: class.Cropland})
		}
		out[at[key]].total += NewArea(v)
		left -= NewArea(v)
	}
	if left > 0 {
		i, seen := at[none]
		if !seen {
			i, out = len(out), append(out, amount{key: none})
		}
		out[i].total += left
	}
	return out
}

// largest is the key of the largest amount.
func largest(list []amount) (key string) {
	most := Area(-1)
	for _, a := range list {
		if a.total > most {
			key, most = a.key, a.total
		}
	}
	return key
}
