package geos

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/twpayne/go-geos"
)

// Repair returns the polygonal part of a geometry as valid WKB and what had to be repaired, "" for nothing: then out
// is the input itself, else a MultiPolygon. Overlapping shells are united and holes subtracted, so that an area
// that was drawn twice counts once; points, lines and what has no area are dropped. A geometry of which nothing
// remains gives nil and the reason. WKB that cannot be read is an error.
func (e *Engine) Repair(in []byte) (out []byte, reason string, err error) {
	defer catch("repairing a geometry", &err)
	if len(in) == 0 {
		return nil, "no geometry", nil
	}
	if g := e.read(in); g != nil && !g.IsEmpty() && isPolygonal(g) {
		if g.IsValid() {
			return in, "", nil
		}
		reason = g.IsValidReason()
	}
	mp, why, err := restructure(in)
	if err != nil {
		return nil, "", fmt.Errorf("repairing a geometry: %w", err)
	}
	if why == "" {
		why = kind(reason)
	}
	if len(mp) == 0 {
		if why == "" {
			why = "no polygon"
		}
		return nil, why, nil
	}
	mp = e.makeValid(mp)
	if len(mp) == 0 {
		return nil, why, nil
	}
	if why == "" {
		why = "parts that are not polygons"
	}
	return wkb.MustMarshal(mp), why, nil
}

// read is fromWKB without its panic: nil when GEOS refuses the geometry.
func (e *Engine) read(b []byte) (g *geos.Geom) {
	var err error
	defer catch("reading a geometry", &err)
	return e.fromWKB(b)
}

func isPolygonal(g *geos.Geom) bool {
	return g.TypeID() == geos.TypeIDPolygon || g.TypeID() == geos.TypeIDMultiPolygon
}

// kind is GEOS's reason without the position, so that reasons can be counted.
func kind(reason string) string {
	name, _, _ := strings.Cut(reason, "[")
	return strings.ToLower(strings.TrimSpace(name))
}

// makeValid unites what mp's rings enclose. It panics as GEOS does.
func (e *Engine) makeValid(mp orb.MultiPolygon) orb.MultiPolygon {
	g := e.fromOrb(mp)
	if g.IsValid() {
		return mp
	}
	structure := g.MakeValidWithParams(geos.MakeValidStructure, geos.MakeValidDiscardCollapsed)
	if structure == nil {
		// GEOS 3.11 gives up on some rings that run over themselves; the other method takes the area that is
		// enclosed an odd number of times.
		return e.polygons(g.MakeValid())
	}
	out := e.polygons(structure)
	if len(out) == 0 || structure.IsValid() {
		return out
	}
	// It may also leave two parts that share an edge.
	united := e.fromOrb(out).UnaryUnion()
	if !united.IsValid() {
		panic(errStillInvalid)
	}
	return e.polygons(united)
}

var (
	errNotWKB       = errors.New("not well-known binary")
	errStillInvalid = errors.New("the geometry cannot be made valid")
)

// restructure reads the polygons of any geometry and mends what GEOS refuses to look at: rings that are not closed
// are, rings of fewer than three points go, a polygon whose outer ring goes does too. A coordinate that is not
// finite is left out.
func restructure(in []byte) (mp orb.MultiPolygon, reason string, err error) {
	g, err := wkb.Unmarshal(in)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", errNotWKB, err)
	}
	for _, p := range polygonal(nil, g) {
		var kept orb.Polygon
		for i, r := range p {
			r, why := mendRing(r)
			if why != "" {
				reason = why
			}
			if r == nil {
				if i == 0 {
					break
				}
				continue
			}
			kept = append(kept, r)
		}
		if len(kept) > 0 {
			mp = append(mp, kept)
		}
	}
	return mp, reason, nil
}

func mendRing(r orb.Ring) (orb.Ring, string) {
	var reason string
	out := make(orb.Ring, 0, len(r)+1)
	for _, p := range r {
		if math.IsNaN(p[0]) || math.IsInf(p[0], 0) || math.IsNaN(p[1]) || math.IsInf(p[1], 0) {
			reason = "coordinate not finite"
			continue
		}
		out = append(out, p)
	}
	if len(out) > 0 && out[0] != out[len(out)-1] {
		if reason == "" {
			reason = "ring not closed"
		}
		out = append(out, out[0])
	}
	if len(out) < 4 {
		return nil, "ring of too few points"
	}
	return out, reason
}
