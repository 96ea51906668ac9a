package pipeline

import (
	"slices"

	"github.com/paulmach/orb"

	"tuban/pipeline/survey"
	"tuban/raster"
	"tuban/raster/burn"
)

// eligibility says where a kind can matter: the region, and the survey's classes. A nil store means everywhere.
type eligibility struct {
	grid   raster.Grid
	region orb.MultiPolygon
	store  *survey.Store
	// kinds has, per class of the store, a bit per kind; bare is for land on no parcel; all has every kind's bit.
	kinds     []uint32
	bare, all uint32
}

// eligibility resolves each class of the survey to the kinds that it is eligible for.
func (p *Plan) eligibility(store *survey.Store) (*eligibility, error) {
	e := &eligibility{grid: p.Grid, region: p.Region, store: store, all: 1<<len(p.Rules.Kinds) - 1}
	if store == nil {
		return e, nil
	}
	// Without a region of its own the run ends where the survey does; with one, land on no parcel belongs to it too.
	for k, kind := range p.Rules.Kinds {
		if kind.Everywhere() && p.OffParcel {
			e.bare |= 1 << k
		}
	}
	eligible := e.bare
	for _, code := range store.Classes() {
		var bits uint32
		for k, kind := range p.Rules.Kinds {
			if kind.Eligible(code) {
				bits |= 1 << k
			}
		}
		e.kinds = append(e.kinds, bits)
		eligible |= bits
	}
	if eligible == 0 {
		return nil, badInput("no parcel of the survey is of a class that any kind is eligible for: the classes are %v; check `class:` and `system:`", store.Classes())
	}
	return e, nil
}

// burn fills parcel and inside over the core, and returns the kinds that are eligible at some pixel of it.
func (s *tileScanner) burn(core raster.Window) (can uint32, err error) {
	n := int(core.Pixels())
	s.parcel, s.inside = grow(s.parcel, n), s.inside[:0]
	clear(s.parcel)
	e := s.elig
	if e.region != nil {
		s.inside = grow(s.inside, n)
		clear(s.inside)
		burn.Fill(s.inside, core, e.region, 1)
	}
	if e.store != nil {
		s.near = e.store.Near(s.near[:0], core)
		// Where parcels overlap, the first of the survey counts, as it does in the overlay of patches.
		for _, i := range slices.Backward(s.near) {
			p, err := e.store.Parcel(i)
			if err != nil {
				return 0, err
			}
			burn.Fill(s.parcel, core, toPixels(e.grid, p.Geom), i)
		}
	}
	s.examined = 0
	// Neighbours mostly lie on one parcel, and so are asked for once.
	for k := 0; k < n; {
		first := k
		k += s.sameLand(first, n)
		if kinds := s.kindsAt(first); kinds != 0 {
			can |= kinds
			s.examined += int64(k - first)
		}
	}
	return can, nil
}

// sameLand returns how many pixels of the core from k on, before end, lie on one parcel, all in the region or all outside.
func (s *tileScanner) sameLand(k, end int) int {
	n := leading(s.parcel[k:end])
	if len(s.inside) > 0 {
		n = leading(s.inside[k : k+n])
	}
	return n
}

// leading returns how many values at the start of p are the same, eight at a time: p has one at least.
func leading[T int32 | uint8](p []T) int {
	v, n := p[0], 1
	for ; n+8 <= len(p); n += 8 {
		if q := p[n : n+8]; (q[0]^v)|(q[1]^v)|(q[2]^v)|(q[3]^v)|(q[4]^v)|(q[5]^v)|(q[6]^v)|(q[7]^v) != 0 {
			break
		}
	}
	for n < len(p) && p[n] == v {
		n++
	}
	return n
}

// idle says why no pixel of the core is eligible.
func (s *tileScanner) idle() Tally {
	for k := range s.parcel {
		if s.isInside(k) {
			return TilesNotEligible
		}
	}
	return TilesOutside
}

// isInside reports whether pixel k of the core lies in the run's region. Without one, nothing is noted of any pixel.
func (s *tileScanner) isInside(k int) bool { return len(s.inside) == 0 || s.inside[k] != 0 }

// kindsAt returns the kinds that are eligible at pixel k of the core.
func (s *tileScanner) kindsAt(k int) uint32 {
	switch {
	case !s.isInside(k):
		return 0
	case s.elig.store == nil:
		return s.elig.all
	case s.parcel[k] == 0:
		return s.elig.bare
	}
	return s.elig.kinds[s.elig.store.Class(s.parcel[k])]
}
