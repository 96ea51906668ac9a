package pipeline

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"tuban/classify/object"
	"tuban/pipeline/survey"
	"tuban/raster/ellipsoid"
)

// describeGaps turns the unobserved areas into polygons. They keep their pixel edges.
func (d *describer) describeGaps(gaps []object.Run) ([]gapPatch, error) {
	areas, err := gapComponents(gaps)
	if err != nil {
		return nil, err
	}
	out := make([]gapPatch, len(areas))
	for i, a := range areas {
		g := gapPatch{reason: a.reason, undecided: a.undecided, geom: toCRS(d.plan.Grid, object.Trace(a.runs))}
		area, err := d.area(g.geom)
		if err != nil {
			return nil, err
		}
		g.area = cents(area)
		out[i] = g
	}
	return out, nil
}

// sumGaps sums what was not observed by parcel, kind and reason. Areas are pixels times the ellipsoidal area of the
// pixel at the grid's centre, which is good to the change of scale across a run (some 0.01 % a county).
func (d *describer) sumGaps(gaps gapPixels) ([]parcelGap, error) {
	type key struct {
		parcel int32
		kind   int
		reason object.Reason
	}
	pixels := map[key]int64{}
	for g, n := range gaps {
		for k := range d.plan.Rules.Kinds {
			if g.undecided&(1<<k) != 0 {
				pixels[key{g.parcel, k, g.reason}] += n
			}
		}
	}
	keys := make([]key, 0, len(pixels))
	for k := range pixels {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.parcel, b.parcel), cmp.Compare(a.kind, b.kind), cmp.Compare(a.reason, b.reason))
	})
	pixel, err := d.pixelArea()
	if err != nil {
		return nil, err
	}
	out := make([]parcelGap, len(keys))
	var parcel survey.Parcel
	for i, k := range keys {
		if k.parcel != parcel.Index {
			parcel = survey.Parcel{}
			if k.parcel != 0 {
				if parcel, err = d.store.Parcel(k.parcel); err != nil {
					return nil, err
				}
			}
		}
		out[i] = parcelGap{kind: d.plan.Rules.Kinds[k.kind].Code, reason: k.reason, area: cents(float64(pixels[k]) * pixel)}
		if parcel.Index != 0 {
			out[i].class = parcel.Values[0]
			out[i].id = d.store.Value(parcel, d.plan.Survey.ID)
		}
	}
	return out, nil
}

// pixelArea is the ellipsoidal area in m² of the pixel at the grid's centre.
func (d *describer) pixelArea() (float64, error) {
	x, y := float64(d.plan.Grid.W/2), float64(d.plan.Grid.H/2)
	ll, err := d.lonLat(toCRS(d.plan.Grid, orb.MultiPolygon{{{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}, {x, y}}}}))
	return ellipsoid.Area(ll), err
}
