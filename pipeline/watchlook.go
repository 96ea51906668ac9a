package pipeline

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"tuban/classify/bandmath"
	"tuban/classify/object"
	"tuban/classify/watch"
	"tuban/pipeline/survey"
	"tuban/raster"
	"tuban/raster/burn"
)

// vigil is a watched place as the run shows it.
type vigil struct {
	watched
	watch.Sight
	state  watch.State
	reason string
	// before and after are the origins that show most of it, −1 where none does.
	before, after int
	area          float64
}

// watchPiece is the edge in pixels of the windows in which places are read.
const watchPiece = 512

// look judges the watched places.
func (r *result) look(ctx context.Context, d Drivers, store *survey.Store, o Options) error {
	if len(r.vigils) == 0 {
		return nil
	}
	p, err := r.plan.watching(ctx, d, store, r.measured, o)
	if err != nil {
		return err
	}
	var dates [2]*dated
	for i := range dates {
		if dates[i], err = p.openDate(d.Imagery, i, p.Roles, 16<<20); err != nil {
			return err
		}
		defer dates[i].Close()
	}
	order := p.alongImagery(r.vigils)
	o.Progress.Stage("watch list", int64(len(order)))
	warn, _ := warnOnce(o)
	var mu sync.Mutex
	failed := func(f ReadFailure) {
		warn(f)
		mu.Lock()
		defer mu.Unlock()
		r.watchFailures = append(r.watchFailures, f)
	}
	return eachSpot(ctx, len(order), p.Workers, func(ctx context.Context, next func() (int, bool)) error {
		mosaics := [2]*mosaic{dates[0].mosaic(), dates[1].mosaic()}
		mosaics[0].failed, mosaics[1].failed = failed, failed
		mosaics[0].strict, mosaics[1].strict = o.Strict, o.Strict
		geo, err := d.Coordinates.Geographer(p.Grid.CRS)
		if err != nil {
			return err
		}
		defer geo.Close()
		w := watcher{describer: describer{plan: p, geo: geo}, scanner: newTileScanner(p, nil, mosaics[0], mosaics[1])}
		for i, ok := next(); ok; i, ok = next() {
			if err := w.judge(ctx, &r.vigils[order[i]]); err != nil {
				return err
			}
			o.Progress.Advance(1)
		}
		return nil
	})
}

// alongImagery orders places as storage blocks lie, so that each is mostly decoded once.
func (p *Plan) alongImagery(list []vigil) []int {
	order := make([]int, len(list))
	at := make([]raster.Window, len(list))
	for i := range list {
		order[i] = i
		if b := list[i].geom.Bound(); len(list[i].geom) > 0 {
			at[i] = p.Grid.Cover(raster.Bounds{MinX: b.Min[0], MinY: b.Min[1], MaxX: b.Max[0], MaxY: b.Max[1]})
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(at[i].Y/watchPiece, at[j].Y/watchPiece), cmp.Compare(at[i].X, at[j].X))
	})
	return order
}

// watcher looks at places with the buffers of one worker.
type watcher struct {
	describer
	scanner *tileScanner
	mask    []uint8
	pairs   map[uint16]int64
}

// judge looks at a place and says how it stands.
func (w *watcher) judge(ctx context.Context, v *vigil) error {
	v.before, v.after = -1, -1
	v.Kinds, v.Unknown = map[string]int64{}, map[string]int64{}
	if len(v.geom) == 0 {
		v.state, v.reason = watch.Undecidable, watch.NoGeometry
		return nil
	}
	pixels := toPixels(w.plan.Grid, v.geom)
	b := v.geom.Bound()
	all := w.plan.Grid.Cover(raster.Bounds{MinX: b.Min[0], MinY: b.Min[1], MaxX: b.Max[0], MaxY: b.Max[1]})
	if all.Empty() {
		// It may lie so far off that the run's system has no area for it.
		v.state, v.reason = watch.Undecidable, watch.Outside
		return nil
	}
	area, err := w.area(v.geom)
	if err != nil {
		return err
	}
	v.area = cents(area)
	w.pairs = map[uint16]int64{}
	for y := all.Y; y < all.Y+all.H; y += watchPiece {
		for x := all.X; x < all.X+all.W; x += watchPiece {
			piece := raster.Window{X: x, Y: y, W: watchPiece, H: watchPiece}.Intersect(all)
			if err := w.piece(ctx, v, piece, pixels); err != nil {
				return err
			}
		}
	}
	if off := int64(math.Round(math.Abs(planar.Area(pixels)))) - v.Pixels; off > 0 && !inside(pixels, w.plan.Grid) {
		v.Unknown[watch.Outside] += off
		v.Pixels += off
	}
	best := int64(0)
	for pair, n := range w.pairs {
		if before, after := w.plan.unpair(pair); n > best || n == best && pair < w.plan.pair(int32(v.before), int32(v.after)) {
			best, v.before, v.after = n, before, after
		}
	}
	v.state, v.reason = watch.Default().Judge(v.Sight)
	return nil
}

// inside reports whether a geometry in pixel coordinates lies on the grid.
func inside(pixels orb.MultiPolygon, g raster.Grid) bool {
	b := pixels.Bound()
	return b.Min[0] >= 0 && b.Min[1] >= 0 && b.Max[0] <= float64(g.W) && b.Max[1] <= float64(g.H)
}

// piece adds up what the pixels of a place show in a window.
func (w *watcher) piece(ctx context.Context, v *vigil, at raster.Window, pixels orb.MultiPolygon) error {
	w.mask = grow(w.mask, int(at.Pixels()))
	clear(w.mask)
	burn.Fill(w.mask, at, pixels, 1)
	if !slices.Contains(w.mask, 1) {
		return nil
	}
	s := w.scanner
	if err := s.loadTextured(ctx, at); err != nil {
		return err
	}
	for y := range at.H {
		mask := w.mask[y*at.W : (y+1)*at.W]
		for x := 0; x < at.W; x += bandmath.Chunk {
			n := min(bandmath.Chunk, at.W-x)
			if slices.Contains(mask[x:x+n], 1) {
				s.view.hand(s.whole.machine, at.X+x, at.Y+y, n)
				w.chunk(v, mask[x:x+n], (at.Y+y-s.view.Y)*s.view.W+at.X+x-s.view.X)
			}
		}
	}
	return nil
}

// chunk adds up the pixels of the mask that the machine was given, which begin at o of the view.
func (w *watcher) chunk(v *vigil, mask []uint8, o int) {
	p, s := w.plan, w.scanner
	verdicts := make([][]uint8, len(p.Rules.Kinds))
	for k := range verdicts {
		verdicts[k] = s.whole.machine.Condition(k)
	}
	for i, in := range mask {
		if in == 0 {
			continue
		}
		v.Pixels++
		before, after := s.some[0][o+i], s.some[1][o+i]
		if before < 0 || after < 0 {
			v.Unknown[gapReason(before, after).String()]++
			continue
		}
		w.pairs[p.pair(before, after)]++
		kind, known := firstTrue(verdicts, i)
		if !known || p.adjust.refuses && s.view.adjuster.refused[o+i] != alikeEnough {
			v.Unknown[object.NotJudgeable.String()]++
			continue
		}
		v.Kinds[p.Rules.Kinds[kind].Code]++
		if p.Calendar.On(p.AfterOrigins[after].Date).Growing {
			v.Growing++
		}
	}
}

// firstTrue is the first kind whose verdict at i is true; known is false when one before it is unknown, or none is true.
func firstTrue(verdicts [][]uint8, i int) (kind int, known bool) {
	for k, v := range verdicts {
		switch v[i] {
		case kleeneTrue:
			return k, true
		case kleeneUnknown:
			return 0, false
		}
	}
	return 0, false
}
