package pipeline

import (
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"tuban/pipeline/overlay"
	"tuban/raster/ellipsoid"
)

// slivers reports whether every connected piece of g is a sliver. What is the whole patch is none, however small.
func (d *describer) slivers(g orb.MultiPolygon, s overlay.Sliver, whole bool) (bool, error) {
	if whole {
		return false, nil
	}
	ll, err := d.lonLat(g)
	if err != nil {
		return false, err
	}
	for _, p := range ll {
		if !s.Is(ellipsoid.Area(orb.MultiPolygon{p}), ellipsoid.Perimeter(p)) {
			return false, nil
		}
	}
	return true, nil
}

// realTogether reports whether parts that do not overlap are more than slivers when those that touch are one piece.
func (d *describer) realTogether(parts []orb.MultiPolygon, s overlay.Sliver, whole bool) (bool, error) {
	g, err := united(d.engine, slices.Concat(parts...))
	if err != nil {
		return false, err
	}
	all, err := d.slivers(g, s, whole)
	return !all, err
}

func sortedCodes(sums map[string]float64) []string { return slices.Sorted(maps.Keys(sums)) }
