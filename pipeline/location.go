package pipeline

import (
	"maps"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"tuban/pipeline/survey"
)

// nameField is the survey's name of a parcel's location (坐落单位名称).
const nameField = "ZLDWMC"

// location is the unit in which a parcel lies by its location code (坐落单位代码), whose leading digits are a village's, or a
// town's or a county's where it has fewer; "" where it has none.
func (p *Plan) location(q survey.Parcel) string {
	code := ""
	for i, f := range p.Survey.Fields {
		if f == p.Survey.Unit {
			code = q.Values[i]
		}
	}
	for _, digits := range slices.Backward(unitLevels) {
		if c := unitCode(code, digits); c != "" && strings.Trim(c, "0123456789") == "" {
			return c
		}
	}
	return ""
}

// locationName is what the survey calls the village with that code, by the parcels near the patch in work.
func (d *describer) locationName(code string) string {
	if d.store == nil || d.plan.Survey.Unit == "" {
		return ""
	}
	at := slices.Index(d.plan.Survey.Fields, nameField)
	for _, q := range d.on.parcels {
		if at >= 0 && q.Values[at] != "" && d.plan.location(q) == code {
			return q.Values[at]
		}
	}
	return ""
}

// locate divides what of p's parts is in no village by the location codes of the survey, where these name a unit within that
// of the part. Land on no parcel goes where most of the part does.
func (d *describer) locate(p *Patch, parts map[string][]orb.MultiPolygon) error {
	if d.store == nil || d.plan.Survey.Unit == "" || len(p.Shares) == 0 {
		return nil
	}
	for _, code := range slices.Sorted(maps.Keys(parts)) {
		if len(code) == unitLevels[len(unitLevels)-1] {
			continue
		}
		finer := make([]string, len(d.on.parcels)) // the code of the part itself where a parcel's lies elsewhere
		for i, q := range d.on.parcels {
			finer[i] = code
			if l := d.plan.location(q); strings.HasPrefix(l, code) {
				finer[i] = l
			}
		}
		whole := parts[code]
		delete(parts, code)
		if first := finer[0]; !slices.ContainsFunc(finer, func(f string) bool { return f != first }) {
			parts[first] = append(parts[first], whole...)
			continue
		}
		located, err := d.byLocation(whole, code, finer)
		if err != nil {
			return err
		}
		for to, list := range located {
			parts[to] = append(parts[to], list...)
		}
	}
	return nil
}

// byLocation divides geometries by the codes of the parcels that they lie on; code is that of the whole.
func (d *describer) byLocation(whole []orb.MultiPolygon, code string, finer []string) (map[string][]orb.MultiPolygon, error) {
	located, areas := map[string][]orb.MultiPolygon{}, map[string]float64{}
	var bare []orb.MultiPolygon
	for _, g := range whole {
		pieces, rest, err := d.split(g, d.on.geoms)
		if err != nil {
			return nil, err
		}
		for _, piece := range pieces {
			to := finer[piece.Index]
			a, err := d.area(piece.Geom)
			if err != nil {
				return nil, err
			}
			located[to], areas[to] = append(located[to], piece.Geom), areas[to]+a
		}
		if len(rest) > 0 {
			bare = append(bare, rest)
		}
	}
	most := code
	for _, to := range sortedCodes(areas) {
		if cents(areas[to]) > cents(areas[most]) {
			most = to
		}
	}
	if len(bare) > 0 {
		located[most] = append(located[most], bare...)
	}
	return located, nil
}
