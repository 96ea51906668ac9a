package geos

import (
	"math"

	"github.com/paulmach/orb"
)

// Simplify removes vertices such that no point of an outline moves by more than tolerance, keeping every ring and
// every hole. Where the full tolerance would make the outline cross itself it tries half and a quarter of it; when
// these fail too the input is returned as it is.
func (e *Engine) Simplify(mp orb.MultiPolygon, tolerance float64) (out orb.MultiPolygon, err error) {
	if len(mp) == 0 || !(tolerance > 0) || math.IsInf(tolerance, 1) {
		return mp, nil
	}
	if out, ok := e.simplifyOutlines(mp, tolerance); ok {
		return out, nil
	}
	return e.simplify(mp, tolerance)
}

// simplifyOutlines is Simplify without GEOS, or with no more of it than a check, where that is certain to be the same.
func (e *Engine) simplifyOutlines(mp orb.MultiPolygon, tolerance float64) (out orb.MultiPolygon, ok bool) {
	out, touch, ok := e.outlines.simplify(mp, tolerance)
	if touch {
		ok, _ = e.Valid(out)
	}
	return out, ok
}

// simplify is Simplify by GEOS.
func (e *Engine) simplify(mp orb.MultiPolygon, tolerance float64) (out orb.MultiPolygon, err error) {
	defer catch("simplifying a polygon", &err)
	g := e.fromOrb(mp)
	for _, t := range []float64{tolerance, tolerance / 2, tolerance / 4} {
		e.hold(64 * g.NumCoordinates())
		s := g.TopologyPreserveSimplify(t)
		if s == nil || s.IsEmpty() || !s.IsValid() {
			continue
		}
		if simple := e.polygons(s); rings(simple) == rings(mp) {
			return simple, nil
		}
	}
	return mp, nil
}

func rings(mp orb.MultiPolygon) (n int) {
	for _, p := range mp {
		n += len(p)
	}
	return n
}

// Valid reports whether mp is valid by the OGC's rules and, if not, why and where.
func (e *Engine) Valid(mp orb.MultiPolygon) (ok bool, reason string) {
	var err error
	defer func() {
		if err != nil {
			ok, reason = false, err.Error()
		}
	}()
	defer catch("checking a polygon", &err)
	g := e.fromOrb(mp)
	if g.IsValid() {
		return true, ""
	}
	return false, g.IsValidReason()
}
