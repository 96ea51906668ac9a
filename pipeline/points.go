package pipeline

import (
	"slices"

	"github.com/paulmach/orb"

	"tuban/raster"
)

// toPixels converts CRS coordinates to pixel coordinates of the grid.
func toPixels(g raster.Grid, mp orb.MultiPolygon) orb.MultiPolygon {
	return mapPoints(mp, func(x, y float64) (float64, float64) { return g.Pixel(x, y) })
}

// toCRS converts pixel coordinates of the grid to CRS coordinates, and turns rings round where the rows run downwards,
// so that exteriors stay counter-clockwise.
func toCRS(g raster.Grid, mp orb.MultiPolygon) orb.MultiPolygon {
	out := mapPoints(mp, g.Point)
	if g.Transform[1]*g.Transform[5]-g.Transform[2]*g.Transform[4] < 0 {
		for _, p := range out {
			for _, r := range p {
				slices.Reverse(r)
			}
		}
	}
	return out
}

func mapPoints(mp orb.MultiPolygon, f func(x, y float64) (float64, float64)) orb.MultiPolygon {
	if mp == nil {
		return nil
	}
	out := make(orb.MultiPolygon, len(mp))
	for i, p := range mp {
		out[i] = make(orb.Polygon, len(p))
		for j, r := range p {
			out[i][j] = make(orb.Ring, len(r))
			for k, q := range r {
				x, y := f(q[0], q[1])
				out[i][j][k] = orb.Point{x, y}
			}
		}
	}
	return out
}
