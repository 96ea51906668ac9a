package assess

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"tuban/classify/accuracy"
	"tuban/classify/rules"
	"tuban/raster"
	"tuban/raster/vector"
)

// Names of the strata, and of the map class, that no kind has.
const (
	Unchanged = "unchanged"
	bufferOf  = "buffer"
	noGroup   = "none"
)

// StrataBy says by what flagged land is divided into strata.
type StrataBy string

// What flagged land can be divided by: by kind the strata are the map classes, otherwise they are not.
const (
	ByKind      StrataBy = "kind"
	ByCategory  StrataBy = "category"
	ByLandClass StrataBy = "landclass"
)

// strata divides a product: the stratum of each candidate's pixels, then the land around them, then the rest.
type strata struct {
	p     *product
	names []string
	// of and class give the stratum and the map class of a candidate, by position; its zone has the value position + 1.
	of      []int
	class   []int
	patches zones
	extent  *extent
	within  zones // only there; nil means everywhere
	// reach is the width of the buffer in pixels.
	reachX, reachY int
}

// newStrata groups the published patches.
func (p *product) newStrata(ctx context.Context, o DrawOptions) (*strata, error) {
	list, err := p.candidates(ctx, nil, true)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(c candidate) bool { return !c.published })
	s := &strata{p: p}
	all, err := p.ordinals(nil)
	if err != nil {
		return nil, err
	}
	if s.extent, err = p.extent(ctx, all); err != nil {
		return nil, err
	}
	group := func(c candidate) string {
		name := c.kind
		switch o.By {
		case ByCategory:
			name = c.category
		case ByLandClass:
			name = firstLevel(c.class)
		}
		if name == "" {
			return noGroup
		}
		return name
	}
	if s.names = p.order(list, group, o.By); o.Buffer > 0 {
		s.names = append(s.names, bufferOf)
		x, y, err := p.Coordinates.GroundSize(p.grid)
		if err != nil {
			return nil, badInput(err)
		}
		s.reachX, s.reachY = int(math.Ceil(o.Buffer/x)), int(math.Ceil(o.Buffer/y))
	}
	s.names = append(s.names, Unchanged)
	for i, c := range list {
		s.of = append(s.of, slices.Index(s.names, group(c)))
		s.class = append(s.class, slices.IndexFunc(p.kinds, kindCalled(c.kind)))
		s.patches = s.patches.add(p.grid, c.geom, int32(i+1))
	}
	return s, s.restrict(ctx, o)
}

// order lists the groups that have patches: kinds as in the rules, others by name.
func (p *product) order(list []candidate, group func(candidate) string, by StrataBy) (names []string) {
	for _, c := range list {
		if n := group(c); !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	if by == ByKind {
		slices.SortStableFunc(names, func(a, b string) int {
			return slices.IndexFunc(p.kinds, kindCalled(a)) - slices.IndexFunc(p.kinds, kindCalled(b))
		})
	}
	return names
}

// firstLevel is the first level of a land class code: 01 of 0103.
func firstLevel(code string) string { return code[:min(2, len(code))] }

// restrict reads the polygons that the sample is drawn within.
func (s *strata) restrict(ctx context.Context, o DrawOptions) error {
	if o.Within == "" {
		return nil
	}
	spec := vector.LayerSpec{Source: o.Within, Layer: o.WithinLayer}
	info, err := s.p.Vectors.DescribeLayer(ctx, spec)
	if err != nil {
		return badInput(asOption(err, "--within-layer"))
	}
	if info.CRS == "" {
		return badInput(fmt.Errorf("%s, layer %s has no coordinate reference system: assign the one it is in (ogr2ogr -a_srs EPSG:n out.gpkg FILE)", o.Within, info.Name))
	}
	if err := s.p.meets(o.Within, info.CRS, info.Bounds); err != nil {
		return err
	}
	s.within = zones{}
	return s.p.eachPolygon(ctx, spec, func(mp orb.MultiPolygon, _ []string) { s.within = s.within.add(s.p.grid, mp, 1) })
}

// count lets every pixel of the product take part in the lottery of its stratum.
func (s *strata) count(ctx context.Context, l *accuracy.Lottery) error {
	var ids, inside []int32
	var observed, flagged, around []bool
	g := s.p.grid
	last := len(s.names) - 1
	return eachTile(ctx, g, func(w raster.Window) error {
		halo := raster.Window{X: w.X - s.reachX, Y: w.Y - s.reachY, W: w.W + 2*s.reachX, H: w.H + 2*s.reachY}.Intersect(g.Window())
		ids, flagged = grown(ids, int(halo.Pixels())), grown(flagged, int(halo.Pixels()))
		observed, inside = grown(observed, int(w.Pixels())), grown(inside, int(w.Pixels()))
		raster.Fill(ids, 0)
		s.patches.burn(ids, halo)
		for i, v := range ids {
			flagged[i] = v > 0
		}
		around = dilate(around, flagged, halo, s.reachX, s.reachY)
		s.extent.observed(observed, w)
		raster.Fill(inside, 1)
		if s.within != nil {
			raster.Fill(inside, 0)
			s.within.burn(inside, w)
		}
		for i := range observed {
			x, y := w.X+i%w.W, w.Y+i/w.W
			at := (y-halo.Y)*halo.W + x - halo.X
			stratum := last
			switch {
			case inside[i] == 0:
				continue
			case ids[at] > 0:
				stratum = s.of[ids[at]-1]
			case !observed[i]:
				continue
			case around[at]:
				stratum = last - 1
			}
			l.See(stratum, uint64(y)*uint64(g.W)+uint64(x))
		}
		return nil
	})
}

// classAt is the map class of the pixel at column x, row y: the position of a kind, −1 for unchanged.
func (s *strata) classAt(x, y int) int {
	var id [1]int32
	s.patches.burn(id[:], raster.Window{X: x, Y: y, W: 1, H: 1})
	if id[0] == 0 {
		return -1
	}
	return s.class[id[0]-1]
}

// dilate marks the pixels of w within rx columns and ry rows of a flagged one, in a rectangle.
func dilate(dst, flagged []bool, w raster.Window, rx, ry int) []bool {
	dst = grown(dst, len(flagged))
	if rx == 0 && ry == 0 {
		copy(dst, flagged)
		return dst
	}
	rows := make([]bool, len(flagged))
	for y := range w.H {
		spread(rows[y*w.W:], flagged[y*w.W:], w.W, 1, rx)
	}
	for x := range w.W {
		spread(dst[x:], rows[x:], w.H, w.W, ry)
	}
	return dst
}

// spread marks the elements of a line of n, step apart, within r of one that is set.
func spread(dst, src []bool, n, step, r int) {
	last := -r - 1
	for i := range n {
		if src[i*step] {
			last = i
		}
		dst[i*step] = i-last <= r
	}
	last = n + r
	for i := n - 1; i >= 0; i-- {
		if src[i*step] {
			last = i
		}
		dst[i*step] = dst[i*step] || last-i <= r
	}
}

// ParseStrata returns the division called s.
func ParseStrata(s string) (StrataBy, error) {
	all := []string{string(ByKind), string(ByCategory), string(ByLandClass)}
	if !slices.Contains(all, s) {
		return "", fmt.Errorf("--strata %s: one of %s", s, strings.Join(all, ", "))
	}
	return StrataBy(s), nil
}

func kindCalled(code string) func(rules.Kind) bool {
	return func(k rules.Kind) bool { return k.Code == code }
}
