package pipeline

import (
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"tuban/pipeline/survey"
)

// ridgeField is the survey's share of field ridges (扣除地类系数, 田坎) in the area of a parcel, at least 0 and below 1.
const ridgeField = "KCXS"

// ground is where a patch lies on the survey: the parcels near it, and the position of the one that has it alone, −1 when
// none does.
type ground struct {
	parcels []survey.Parcel
	geoms   []orb.MultiPolygon
	alone   int
}

// ridges is the share of field ridges in the parcel: 0 where it is no cropland or has none, NaN where the survey does not say.
func (p *Plan) ridges(q survey.Parcel) float64 {
	if class, ok := p.Survey.System.Lookup(q.Values[0]); !ok || !class.Cropland {
		return 0
	}
	for i, f := range p.Survey.Fields {
		if f != ridgeField {
			continue
		}
		if q.Values[i] == "" {
			return 0
		}
		if k, err := strconv.ParseFloat(q.Values[i], 64); err == nil && k >= 0 && k < 1 {
			return k
		}
	}
	return math.NaN()
}

// netCropland is the cropland in m² of an area on the parcel without field ridges.
func (p *Plan) netCropland(q survey.Parcel, area float64) float64 {
	if class, ok := p.Survey.System.Lookup(q.Values[0]); !ok || !class.Cropland {
		return 0
	}
	return area * (1 - p.ridges(q))
}

// ridgesOn is the area in m² of the field ridges on g, which is the patch in work or a part of it, of the given area.
func (d *describer) ridgesOn(g orb.MultiPolygon, area float64) (float64, error) {
	if d.store == nil || !slices.Contains(d.plan.Survey.Fields, ridgeField) {
		return math.NaN(), nil
	}
	if i := d.on.alone; i >= 0 {
		return area * d.plan.ridges(d.on.parcels[i]), nil
	}
	even := true
	for _, q := range d.on.parcels {
		even = even && d.plan.ridges(q) == 0
	}
	if even {
		return 0, nil
	}
	pieces, _, err := d.split(g, d.on.geoms)
	sum := 0.0
	for _, piece := range pieces {
		a, err := d.area(piece.Geom)
		if err != nil {
			return 0, err
		}
		if k := d.plan.ridges(d.on.parcels[piece.Index]); k != 0 {
			sum += a * k
		}
	}
	return sum, err
}

// croplandOn is the cropland in m² on g, a part of the patch in work of the given area.
func (d *describer) croplandOn(g orb.MultiPolygon, area float64) (float64, error) {
	crop := func(i int) bool {
		class, ok := d.plan.Survey.System.Lookup(d.on.parcels[i].Values[0])
		return ok && class.Cropland
	}
	if d.on.alone >= 0 {
		if crop(d.on.alone) {
			return area, nil
		}
		return 0, nil
	}
	pieces, _, err := d.split(g, d.on.geoms)
	sum := 0.0
	for _, piece := range pieces {
		if !crop(piece.Index) {
			continue
		}
		a, err := d.area(piece.Geom)
		if err != nil {
			return 0, err
		}
		sum += a
	}
	return sum, err
}
