package assess

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"tuban/classify/object"
	"tuban/raster"
	"tuban/raster/burn"
	"tuban/raster/vector"
)

// zone is a polygon in pixels of the grid, box the pixels that it can have, value what it stands for.
type zone struct {
	geom  orb.MultiPolygon
	box   raster.Window
	value int32
}

// zones are burnt in their order: of several, the last has the pixel.
type zones []zone

// add appends the polygons of mp, given in the grid's CRS, one zone each so that their boxes are small.
func (z zones) add(g raster.Grid, mp orb.MultiPolygon, value int32) zones {
	for _, p := range mp {
		q := make(orb.Polygon, len(p))
		b := raster.EmptyBounds()
		for i, r := range p {
			q[i] = make(orb.Ring, len(r))
			for k, v := range r {
				x, y := g.Pixel(v[0], v[1])
				q[i][k] = orb.Point{x, y}
				b = b.Extend(x, y)
			}
		}
		clamp := func(v float64, n int) int { return int(math.Max(0, math.Min(v, float64(n)))) }
		box := raster.Window{X: clamp(math.Floor(b.MinX), g.W), Y: clamp(math.Floor(b.MinY), g.H)}
		box.W, box.H = clamp(math.Ceil(b.MaxX), g.W)-box.X, clamp(math.Ceil(b.MaxY), g.H)-box.Y
		if !box.Empty() {
			z = append(z, zone{orb.MultiPolygon{q}, box, value})
		}
	}
	return z
}

// burn sets the pixels of dst over w that zones take to their values.
func (z zones) burn(dst []int32, w raster.Window) {
	for _, x := range z {
		if !x.box.Intersect(w).Empty() {
			burn.Fill(dst, w, x.geom, x.value)
		}
	}
}

// extent is where a product says something: scenes of both dates are there, and it was observed.
type extent struct {
	before, after, hidden zones
	buf                   []int32
}

// extent reads where the kinds of the ordinals chosen were observed.
func (p *product) extent(ctx context.Context, chosen [256]bool) (*extent, error) {
	e := &extent{}
	spec, _, err := p.layer(ctx, scenes, []string{"date"})
	if err != nil {
		return nil, err
	}
	err = p.eachPolygon(ctx, spec, func(mp orb.MultiPolygon, v []string) {
		if v[0] == "before" {
			e.before = e.before.add(p.grid, mp, 1)
		} else {
			e.after = e.after.add(p.grid, mp, 1)
		}
	})
	if err != nil {
		return nil, err
	}
	if spec, _, err = p.layer(ctx, unobserved, []string{"reason", "kinds"}); err != nil {
		return nil, err
	}
	return e, p.eachPolygon(ctx, spec, func(mp orb.MultiPolygon, v []string) {
		if p.hides(v[0], strings.Fields(v[1]), chosen) {
			e.hidden = e.hidden.add(p.grid, mp, 1)
		}
	})
}

// hides reports whether what was not observed there, for that reason and those kinds, hides changes of the chosen kinds. A
// cloud hides them all; where the bands cannot decide one kind, another may still be seen.
func (p *product) hides(reason string, kinds []string, chosen [256]bool) bool {
	undecided := map[string]bool{}
	for _, k := range kinds {
		undecided[k] = true
	}
	all, some := true, false
	for i, k := range p.kinds {
		if chosen[i+1] {
			all = all && undecided[k.Code]
			some = some || undecided[k.Code]
		}
	}
	if reason == object.NotJudgeable.String() {
		return all
	}
	return some
}

func (p *product) eachPolygon(ctx context.Context, spec vector.LayerSpec, visit func(mp orb.MultiPolygon, values []string)) error {
	err := p.Vectors.ReadLayer(ctx, spec, p.grid.CRS, func(f vector.Feature) error {
		if len(f.WKB) == 0 {
			return nil
		}
		mp, err := vector.Polygons(f.WKB)
		if err == nil {
			visit(mp, f.Values)
		}
		return err
	})
	if err != nil {
		return badInput(fmt.Errorf("%s, layer %s: %w", spec.Source, spec.Layer, err))
	}
	return nil
}

// observed says of each pixel of w whether it was.
func (e *extent) observed(dst []bool, w raster.Window) {
	e.buf = grown(e.buf, len(dst))
	raster.Fill(dst, true)
	for _, date := range []zones{e.before, e.after} {
		raster.Fill(e.buf, 0)
		date.burn(e.buf, w)
		for i, v := range e.buf {
			dst[i] = dst[i] && v != 0
		}
	}
	raster.Fill(e.buf, 0)
	e.hidden.burn(e.buf, w)
	for i, v := range e.buf {
		dst[i] = dst[i] && v == 0
	}
}

// grown returns a slice of n elements, buf where it is large enough.
func grown[T any](buf []T, n int) []T {
	if cap(buf) < n {
		return make([]T, n)
	}
	return buf[:n]
}
