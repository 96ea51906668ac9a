package pipeline

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"tuban/pipeline/survey"
	"tuban/raster"
	"tuban/raster/ellipsoid"
)

// overlay splits the patch, of the given area in m², by the parcels it lies on.
func (d *describer) overlay(p *Patch, area float64) error {
	bounds := p.Geom.Bound()
	b := raster.EmptyBounds().Extend(bounds.Min[0], bounds.Min[1]).Extend(bounds.Max[0], bounds.Max[1])
	// One pixel more: simplification may have moved an edge across a parcel's bounds.
	near := d.store.Near(nil, d.plan.Grid.Cover(b).Grow(1))
	parcels, geoms := make([]survey.Parcel, len(near)), make([]orb.MultiPolygon, len(near))
	for i, index := range near {
		var err error
		if parcels[i], err = d.parcels.get(d.store, index); err != nil {
			return err
		}
		geoms[i] = parcels[i].Geom
	}
	d.on = ground{parcels: parcels, geoms: geoms, alone: -1}
	if i, ok := alone(bounds, d.plan.pixelSize()/64, geoms); ok {
		byClass := map[string]float64{}
		if i >= 0 {
			byClass[parcels[i].Values[0]] = area
			p.NetCropland = d.plan.netCropland(parcels[i], area)
			d.on.alone = i
			if p.Area > 0 {
				p.Main = parcels[i]
			}
		}
		p.Shares, p.Uncovered = apportion(p.Area, byClass, 0)
		return nil
	}
	parts, uncovered, err := d.parts(p, geoms)
	if err != nil {
		return err
	}
	best := 0.0
	byClass := map[string]float64{}
	for _, part := range parts {
		byClass[parcels[part.index].Values[0]] += part.area
		p.NetCropland += d.plan.netCropland(parcels[part.index], part.area)
		// In whole cents: equal halves do not lie equally far north, and must tie all the same.
		if a := cents(part.area); a > best {
			best, p.Main = a, parcels[part.index]
		}
	}
	p.Shares, p.Uncovered = apportion(p.Area, byClass, uncovered)
	return nil
}

// taken is the area in m² of a patch on a parcel, by its position among those near.
type taken struct {
	index int
	area  float64
}

// parts measures the patch on each parcel, in their order, and where no parcel covers it. Nearly always the parcels cover
// it exactly once; what needs GEOS is the edge of a survey, and parcels that overlap or do not meet vertex by vertex.
func (d *describer) parts(p *Patch, geoms []orb.MultiPolygon) (parts []taken, uncovered float64, err error) {
	if cut, ok := d.cutter.Cut(p.Geom, geoms); ok {
		if err := d.pointsLonLat(cut.Points); err != nil {
			return nil, 0, err
		}
		for _, piece := range cut.Pieces {
			// An axis of the CRS may run the other way than on the map.
			parts = append(parts, taken{piece.Index, math.Abs(ellipsoid.Outline(cut.Points, piece.Outline))})
		}
		return parts, 0, nil
	}
	pieces, rest, err := d.engine.Overlay(p.Geom, geoms)
	if err != nil {
		return nil, 0, fmt.Errorf("overlaying the patch %s with the survey: %w", p.CID, err)
	}
	for _, piece := range pieces {
		a, err := d.area(piece.Geom)
		if err != nil {
			return nil, 0, err
		}
		parts = append(parts, taken{piece.Index, a})
	}
	uncovered, err = d.area(rest)
	return parts, uncovered, err
}
