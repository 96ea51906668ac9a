package pipeline

import "github.com/paulmach/orb"

// split divides g among shapes, which take their parts in order, as Geometry.Overlay does: a piece for each that takes some,
// and the rest. Mostly one shape has all of g or none has any, and no overlay is needed.
func (d *describer) split(g orb.MultiPolygon, shapes []orb.MultiPolygon) (pieces []Piece, rest orb.MultiPolygon, err error) {
	if len(g) == 0 || len(shapes) == 0 {
		return nil, g, nil
	}
	if i, ok := alone(g.Bound(), d.plan.pixelSize()/64, shapes); ok {
		if i < 0 {
			return nil, g, nil
		}
		return []Piece{{i, g}}, nil, nil
	}
	return d.engine.Overlay(g, thinned(shapes, g.Bound().Pad(d.plan.pixelSize())))
}
