package pipeline

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"tuban/pipeline/overlay"
)

// UnitPart is the part of a patch in one administrative unit, the smallest of which the run knows the outline. Areas are in
// m² with two decimals; those of all parts are the patch's together.
type UnitPart struct {
	// Code is that of a village (12 digits), town (9) or county (6); "" for what lies in no unit.
	Code string
	// County, Town and Village are those that the code names.
	County, Town, Village Unit
	Geom                  orb.MultiPolygon
	Area                  float64
	// Cropland is that of the part; Within the area in each kind of layer that divides by units.
	Cropland float64
	Within   map[string]float64
}

// Unit is an administrative unit; its name is "" where no layer gives it.
type Unit struct{ Code, Name string }

// dividedKinds are the kinds of layers whose areas are also given by unit.
var dividedKinds = []string{"basic_farmland", "red_line"}

// unitLevels are the digits of the codes of counties, towns and villages.
var unitLevels = []int{6, 9, 12}

// unitCode returns the code with so many digits, one of unitLevels, that a code of a unit begins with; "" where the unit is larger.
func unitCode(code string, digits int) string {
	if len(code) < digits {
		return ""
	}
	return code[:digits]
}

// units divides p among administrative units: villages first, what lies in none among towns, and the rest among counties.
// What is in no village by these layers the survey's location codes divide further.
func (d *describer) units(p *Patch) error {
	parts := map[string][]orb.MultiPolygon{}
	rest := p.Geom
	for _, store := range d.legal.stores {
		kind := store.Group.Kind
		if kind.Use != overlay.ForUnits {
			continue
		}
		near, err := d.near(store, rest)
		if err != nil {
			return err
		}
		near = slices.DeleteFunc(near, func(f *overlay.Feature) bool { return f.UnitCode(kind.Digits) == "" })
		var pieces []Piece
		if pieces, rest, err = d.split(rest, geometries(near)); err != nil {
			return err
		}
		for _, piece := range pieces {
			code := near[piece.Index].UnitCode(kind.Digits)
			parts[code] = append(parts[code], piece.Geom)
		}
		if len(rest) == 0 {
			break
		}
	}
	if len(rest) > 0 {
		parts[""] = append(parts[""], rest)
	}
	if err := d.locate(p, parts); err != nil {
		return err
	}
	return d.measureUnits(p, parts)
}

// measureUnits fills in p's units from their geometries by code.
func (d *describer) measureUnits(p *Patch, parts map[string][]orb.MultiPolygon) error {
	var list []UnitPart
	var areas []float64
	for _, code := range slices.Sorted(maps.Keys(parts)) {
		u := UnitPart{
			Code: code, County: d.legal.unit(code, 6), Town: d.legal.unit(code, 9), Village: d.legal.unit(code, 12),
			Geom: parts[code][0], Within: map[string]float64{},
		}
		if u.Village.Code != "" && u.Village.Name == "" {
			u.Village.Name = d.locationName(u.Village.Code)
		}
		var err error
		if len(parts[code]) > 1 {
			if u.Geom, err = united(d.engine, slices.Concat(parts[code]...)); err != nil {
				return err
			}
		}
		a, err := d.area(u.Geom)
		if err != nil {
			return err
		}
		list, areas = append(list, u), append(areas, a)
	}
	for i, a := range spread(p.Area, areas) {
		list[i].Area = a
	}
	// What has no whole hundredth has no row, and no share in what follows.
	if p.Area == 0 {
		list = list[:1]
	} else {
		list = slices.DeleteFunc(list, func(u UnitPart) bool { return u.Area == 0 })
	}
	if d.store != nil {
		crop, _, _, _, _ := p.groups(d.plan.Survey.System)
		if err := divide(list, crop, func(u UnitPart) (float64, error) { return d.croplandOn(u.Geom, u.Area) }, func(u *UnitPart, a float64) { u.Cropland = a }); err != nil {
			return err
		}
	}
	for _, kind := range dividedKinds {
		total, ok := p.Legal.Within[kind]
		if !ok {
			continue
		}
		if err := divide(list, total.Area, func(u UnitPart) (float64, error) { return d.areaWithin(p, u.Geom, kind) }, func(u *UnitPart, a float64) { u.Within[kind] = a }); err != nil {
			return err
		}
	}
	p.Legal.Units = mainFirst(list)
	return nil
}

// divide spreads a total of the patch over its units, in the proportion of what each has of it.
func divide(list []UnitPart, total float64, measure func(UnitPart) (float64, error), set func(*UnitPart, float64)) error {
	parts := make([]float64, len(list))
	for i := range list {
		if total == 0 || len(list) == 1 {
			continue
		}
		var err error
		if parts[i], err = measure(list[i]); err != nil {
			return err
		}
	}
	shares := spread(total, parts)
	if shares == nil {
		// Of a unit alone, or of slivers that were measured as nothing.
		shares = make([]float64, len(list))
		shares[0] = total
	}
	for i, a := range shares {
		set(&list[i], a)
	}
	return nil
}

// areaWithin is the area of g, a part of p, in the features of a kind in effect when p was seen.
func (d *describer) areaWithin(p *Patch, g orb.MultiPolygon, kind string) (float64, error) {
	sum := 0.0
	for _, store := range d.legal.stores {
		if store.Group.Kind.Code != kind {
			continue
		}
		near, err := d.near(store, g)
		if err != nil {
			return 0, err
		}
		day := d.plan.AfterOrigins[p.After].Date
		near = slices.DeleteFunc(near, func(f *overlay.Feature) bool { return !f.Effect.At(day) })
		pieces, _, err := d.split(g, geometries(near))
		if err != nil {
			return 0, err
		}
		for _, piece := range pieces {
			a, err := d.area(piece.Geom)
			if err != nil {
				return 0, err
			}
			sum += a
		}
	}
	return sum, nil
}

// mainFirst orders parts by the county with most of the patch, in it the town, in that the village; what lies in no unit is
// last. So the first is where the patch counts. Equal areas go to the lower code.
func mainFirst(list []UnitPart) []UnitPart {
	sums := map[string]float64{}
	for _, u := range list {
		for _, digits := range unitLevels {
			sums[unitCode(u.Code, digits)] += u.Area
		}
	}
	slices.SortFunc(list, func(a, b UnitPart) int {
		if (a.Code == "") != (b.Code == "") {
			return cmp.Compare(b.Code, a.Code)
		}
		for _, digits := range unitLevels {
			x, y := unitCode(a.Code, digits), unitCode(b.Code, digits)
			if x == y {
				continue
			}
			if (x == "") != (y == "") {
				return cmp.Compare(y, x)
			}
			return cmp.Or(cmp.Compare(math.Round(sums[y]*100), math.Round(sums[x]*100)), cmp.Compare(x, y))
		}
		return 0
	})
	return list
}
