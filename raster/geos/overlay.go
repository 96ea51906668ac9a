package geos

import (
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/twpayne/go-geos"
)

// Piece is the part of a patch that a parcel takes; Index is the parcel's position in the call.
type Piece struct {
	Index int
	Geom  orb.MultiPolygon
}

// Tolerances of an overlay, as shares of the patch's area.
const (
	// sliver is the largest piece that is nothing but rounding where edges meet.
	sliver = 1e-10
	// agreement is how well areas must add up.
	agreement = 1e-9
)

// Overlay partitions patch by parcels: a piece is the patch on that parcel without what parcels of a lower index took,
// rest is what no parcel covers, nil when nothing. Pieces come in the order of the parcels and have area. The
// areas of pieces and rest add up to the patch's to 10⁻⁹ of it. Parcels and patch need not be valid: their
// geometry is repaired first, as Repair does.
func (e *Engine) Overlay(patch orb.MultiPolygon, parcels []orb.MultiPolygon) (pieces []Piece, rest orb.MultiPolygon, err error) {
	defer catch("overlaying a patch with parcels", &err)
	frame := patch.Bound()
	if len(patch) == 0 || frame.IsEmpty() {
		return nil, nil, nil
	}
	// Near the origin the same numbers carry more digits: an intersection computed at an easting of 42,000,000 m is
	// rounded to 7 nm, and a hundred of them are more than agreement allows. The shift of an input is exact.
	origin := frame.Min
	if math.IsNaN(origin[0]-frame.Max[0]) || math.IsNaN(origin[1]-frame.Max[1]) {
		return nil, nil, errors.New("overlaying a patch with parcels: the patch has coordinates that are not finite")
	}
	o := overlay{Engine: e, patch: e.valid(moved(patch, origin, -1))}
	if o.patch == nil {
		return nil, nil, nil
	}
	o.area = o.patch.Area()
	reach := orb.Bound{Max: orb.Point{frame.Max[0] - origin[0], frame.Max[1] - origin[1]}}
	for i, p := range parcels {
		if b := p.Bound(); len(p) > 0 && b.Intersects(frame) {
			if g := e.valid(moved(p, origin, -1)); g != nil {
				o.parcels = append(o.parcels, candidate{i, g})
				b := g.Bounds()
				reach = reach.Extend(orb.Point{b.MinX, b.MinY}).Extend(orb.Point{b.MaxX, b.MaxY})
			}
		}
	}
	o.grid = max(lattice(frame, 48), lattice(reach, 50))
	// A needle's edges are long for its area: what they move by counts beside what was promised.
	o.tolerance = max(agreement*o.area, 4*o.grid*o.patch.Length())
	pieces, rest, ok := o.quick()
	if !ok {
		if pieces, rest, ok = o.inTurn(); !ok {
			return nil, nil, fmt.Errorf("overlaying a patch with parcels: the areas of %d pieces do not add up", len(pieces))
		}
	}
	for i := range pieces {
		pieces[i].Geom = moved(pieces[i].Geom, origin, 1)
	}
	return pieces, moved(rest, origin, 1), nil
}

// lattice is the fineness of the lattice that overlays are computed on: the extent of b divided by 2 to the power of
// bits, itself a power of two so that pixel corners lie on it. In floating point GEOS 3.11 silently returns one
// of two neighbours as their intersection when they meet in edges that are collinear up to rounding, as pieces that were
// cut before do. On a lattice it snaps and is right; this one is as fine as float64 allows.
func lattice(b orb.Bound, bits int) float64 {
	_, exponent := math.Frexp(max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]))
	return math.Ldexp(1, exponent-bits)
}

type candidate struct {
	index int
	geom  *geos.Geom
}

type overlay struct {
	*Engine
	patch           *geos.Geom
	area            float64
	grid, tolerance float64
	parcels         []candidate
}

// quick intersects each parcel with the whole patch; ok when no two pieces overlap.
func (o *overlay) quick() (pieces []Piece, rest orb.MultiPolygon, ok bool) {
	var err error
	defer func() { ok = ok && err == nil }()
	defer catch("", &err)

	var parts []*geos.Geom
	var sum float64
	prepared := o.patch.Prepare()
	for _, c := range o.parcels {
		if len(o.parcels) > 1 && !prepared.Intersects(c.geom) {
			continue
		}
		part, mp := o.intersection(o.patch, c.geom)
		if mp == nil {
			continue
		}
		parts = append(parts, part)
		pieces = append(pieces, Piece{c.index, mp})
		sum += area(mp)
		if len(pieces) == 1 && o.same(sum, o.area) {
			// Parcels of a higher index get nothing of it.
			return pieces, nil, true
		}
	}
	switch {
	case len(parts) == 0:
		return nil, o.polygons(o.patch), true
	case sum > o.area+o.tolerance:
		return nil, nil, false
	}
	if o.same(sum, o.area) && apart(pieces, o.grid) {
		return pieces, nil, true
	}
	union := parts[0]
	if len(parts) > 1 {
		union = o.ctx.NewCollection(geos.TypeIDGeometryCollection, parts).UnaryUnionPrec(o.grid)
	}
	if o.same(union.Area(), o.area) {
		// The difference would cost as much as all before, for nothing.
		return pieces, nil, o.agree(sum, o.area)
	}
	rest = o.sizeable(o.patch.DifferencePrec(union, o.grid))
	return pieces, rest, o.agree(sum+area(rest), o.area)
}

// inTurn lets one parcel after the other take its part of what is left.
func (o *overlay) inTurn() (pieces []Piece, rest orb.MultiPolygon, ok bool) {
	left, sum := o.patch, 0.0
	for _, c := range o.parcels {
		if _, mp := o.intersection(left, c.geom); mp != nil {
			pieces = append(pieces, Piece{c.index, mp})
			sum += area(mp)
			remaining := o.sizeable(left.DifferencePrec(c.geom, o.grid))
			if remaining == nil {
				return pieces, nil, o.agree(sum, o.area)
			}
			left = o.fromOrb(remaining)
		}
	}
	rest = o.polygons(left)
	return pieces, rest, o.agree(sum+area(rest), o.area)
}

// intersection returns what a and b share as polygons, in both forms; nil when that is no more than rounding.
func (o *overlay) intersection(a, b *geos.Geom) (*geos.Geom, orb.MultiPolygon) {
	g := a.IntersectionPrec(b, o.grid)
	mp := o.sizeable(g)
	if mp != nil && !isPolygonal(g) {
		// Where the two also touch along a line, the line is no part of the piece.
		g = o.fromOrb(mp)
	}
	return g, mp
}

// sizeable returns the polygons of g, nil when all of them together are no more than rounding.
func (o *overlay) sizeable(g *geos.Geom) orb.MultiPolygon {
	if mp := o.polygons(g); area(mp) > sliver*o.area {
		return mp
	}
	return nil
}

func (o *overlay) agree(a, b float64) bool { return math.Abs(a-b) <= o.tolerance }

// same is stricter than agree: nothing that is worth a piece may lie between.
func (o *overlay) same(a, b float64) bool { return math.Abs(a-b) <= sliver*o.area }

// valid hands mp to GEOS, repaired where it must be; nil when it has no area.
func (e *Engine) valid(mp orb.MultiPolygon) *geos.Geom {
	if g := e.tryOrb(mp); g != nil && g.IsValid() {
		return g
	}
	var mended orb.MultiPolygon
	for _, p := range mp {
		var kept orb.Polygon
		for i, r := range p {
			if r, _ = mendRing(r); r != nil {
				kept = append(kept, r)
			} else if i == 0 {
				break
			}
		}
		if len(kept) > 0 {
			mended = append(mended, kept)
		}
	}
	if mended = e.makeValid(mended); len(mended) == 0 {
		return nil
	}
	return e.fromOrb(mended)
}

func (e *Engine) tryOrb(mp orb.MultiPolygon) (g *geos.Geom) {
	var err error
	defer catch("", &err)
	return e.fromOrb(mp)
}

// moved returns mp with sign·origin added to each coordinate.
func moved(mp orb.MultiPolygon, origin orb.Point, sign float64) orb.MultiPolygon {
	if mp == nil {
		return nil
	}
	dx, dy := sign*origin[0], sign*origin[1]
	out := make(orb.MultiPolygon, len(mp))
	for i, p := range mp {
		out[i] = make(orb.Polygon, len(p))
		for j, r := range p {
			ring := make(orb.Ring, len(r))
			for k, c := range r {
				ring[k] = orb.Point{c[0] + dx, c[1] + dy}
			}
			out[i][j] = ring
		}
	}
	return out
}
