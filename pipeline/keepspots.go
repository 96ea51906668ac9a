package pipeline

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"

	"tuban/classify/register"
	"tuban/raster"
)

// mostKept is how many bytes of samples are kept at most; a sixty-fourth of the memory holds them, a file the rest: that is
// quick beside decoding, and leaves the memory to the search for clouds.
const mostKept = 768 << 20

// keepSpots reads what the rounds of measuring look at, each cell of a scene once, and returns drivers that have kept it.
// What cannot be read is left to who needs it. Where there is one round, and no two spots share a cell, nothing is kept.
func (p *Plan) keepSpots(ctx context.Context, d Drivers, at spots, o Options) (_ Drivers, forget func(), err error) {
	given := d
	k := newKeeping(d.Imagery, p.Grid, filepath.Join(o.workFolder(), p.InputKey), o.Memory/64)
	d.Imagery, forget = k, k.forget
	halos := p.keptHalos(at)
	var all []*keptCells
	for date := range dateNames {
		windows := make([]raster.Window, len(at.windows))
		for i, w := range at.windows {
			windows[i] = w.Grow(halos[date]).Intersect(p.Grid.Window())
		}
		open, err := p.openDate(k, date, p.measuredRoles(), 16<<20)
		if err != nil {
			return d, forget, err
		}
		defer open.Close()
		layers := []Pixels{open.pixels, open.masks}
		for _, r := range open.rasters {
			layers = append(layers, r.pixels)
		}
		for i, px := range layers {
			if px, ok := px.(*spotPixels); ok {
				all = append(all, &keptCells{px: px, windows: windows, mosaic: i == 0, plan: p, date: date})
			}
		}
	}
	total := int64(len(at.windows))
	if p.onlyShown() && !slices.ContainsFunc(all, (*keptCells).shared) {
		o.Progress.Stage("measure", total)
		return given, forget, nil
	}
	for _, c := range all {
		for scene := range c.px.scenes {
			total += int64(len(c.cells(scene, nil)))
		}
	}
	o.Progress.Stage("measure", total)
	for _, c := range all {
		if err := c.keep(ctx, p.Workers, o); err != nil {
			return d, forget, err
		}
	}
	if k.failed != nil {
		o.Log.Warn("what the run is measured from cannot be kept on disk: it is read again", "error", k.failed)
	}
	return d, forget, nil
}

// keptHalos are the pixels around a spot that are looked at, by date: those of textures where limits are measured, and for the
// after date those that it may be moved by.
func (p *Plan) keptHalos(at spots) [2]int {
	move := 0
	if p.Registration {
		move = register.Options{}.MostHalo()
	}
	if len(p.sampledSources()) == 0 {
		return [2]int{0, move}
	}
	halos := [2]int{p.TextureHalo, p.TextureHalo + move}
	if p.keptBytes(at, halos) > mostKept {
		return [2]int{0, move} // the last round reads for itself
	}
	return halos
}

// keptBytes is what the spots take with their halos, as whole numbers.
func (p *Plan) keptBytes(at spots, halos [2]int) (n int64) {
	for _, h := range halos {
		edge := int64(at.edge + 2*h)
		n += 2 * edge * edge * int64(len(at.windows)*len(p.measuredRoles()))
	}
	return n
}

// keptCells keeps what spots show of the scenes of one list.
type keptCells struct {
	plan    *Plan
	date    int
	px      *spotPixels
	windows []raster.Window
	// mosaic says that a scene shows what those before it do not.
	mosaic bool
}

// keptCell is what the spots show of one cell of the lattice of a scene.
type keptCell struct {
	cx, cy int
	parts  []keptPart
}

// box is what is read of the cell.
func (c keptCell) box() (w raster.Window) {
	for _, part := range c.parts {
		w = w.Union(part.Window)
	}
	return w
}

// keptPart is a part of a spot.
type keptPart struct {
	raster.Window
	spot int
}

// cells cuts the windows, but those in skip, into the cells of a scene, sorted by row and column.
func (c *keptCells) cells(scene int, skip []bool) []keptCell {
	first, foot := c.px.Lattice(scene), c.px.Footprint(scene)
	byCell := map[[2]int][]keptPart{}
	for spot, w := range c.windows {
		w = w.Intersect(foot)
		if w.Empty() || skip != nil && skip[spot] {
			continue
		}
		for cy := floorDiv(w.Y-first.Y, first.H); first.Y+cy*first.H < w.Y+w.H; cy++ {
			for cx := floorDiv(w.X-first.X, first.W); first.X+cx*first.W < w.X+w.W; cx++ {
				part := raster.Window{X: first.X + cx*first.W, Y: first.Y + cy*first.H, W: first.W, H: first.H}.Intersect(w)
				byCell[[2]int{cx, cy}] = append(byCell[[2]int{cx, cy}], keptPart{part, spot})
			}
		}
	}
	out := make([]keptCell, 0, len(byCell))
	for at, parts := range byCell {
		out = append(out, keptCell{at[0], at[1], parts})
	}
	slices.SortFunc(out, func(a, b keptCell) int { return cmp.Or(cmp.Compare(a.cy, b.cy), cmp.Compare(a.cx, b.cx)) })
	return out
}

// shared reports whether some cell is touched by several spots.
func (c *keptCells) shared() bool {
	for scene := range c.px.scenes {
		if slices.ContainsFunc(c.cells(scene, nil), func(cell keptCell) bool { return len(cell.parts) > 1 }) {
			return true
		}
	}
	return false
}

// keep reads the cells of all scenes.
func (c *keptCells) keep(ctx context.Context, workers int, o Options) error {
	clouds := c.plan.besides[c.date].clouds
	covered := make([]bool, len(c.windows))
	for scene, kept := range c.px.scenes {
		all := int64(len(c.cells(scene, nil)))
		if !kept.done {
			skip := slices.Clone(covered)
			for spot, w := range c.windows {
				w = w.Intersect(c.px.Footprint(scene))
				if gone, err := c.px.Absent(ctx, scene, w); err == nil && gone {
					skip[spot] = true
				}
			}
			cells := c.cells(scene, skip)
			if err := c.read(ctx, scene, cells, workers); err != nil {
				return err
			}
		}
		o.Progress.Advance(all)
		if !c.mosaic || clouds != nil && clouds[scene] != nil {
			continue
		}
		for _, s := range kept.spots {
			covered[s.spot] = covered[s.spot] || s.whole && s.Window == c.windows[s.spot]
		}
	}
	return nil
}

// read fills what is kept of a scene from its cells.
func (c *keptCells) read(ctx context.Context, scene int, cells []keptCell, workers int) error {
	kept, has := c.px.scenes[scene], c.px.has[scene]
	kept.done = true
	pieces := make([][]keptPiece, len(cells))
	whole := make([]bool, len(cells))
	// Two cells together are decoded in less time than one after the other, unless that leaves a worker with nothing to do.
	together := 1
	if len(cells) >= 2*workers {
		together = 2
	}
	err := eachSpot(ctx, (len(cells)+together-1)/together, workers, func(ctx context.Context, next func() (int, bool)) error {
		var b raster.Block
		var packed []byte
		for n, ok := next(); ok; n, ok = next() {
			first := n * together
			group := cells[first:min(first+together, len(cells))]
			boxes := make([]raster.Window, len(group))
			for i, cell := range group {
				boxes[i] = cell.box()
			}
			if together > 1 {
				c.px.Pixels.Ahead(ctx, scene, boxes)
			}
			for i, cell := range group {
				b.Reset(boxes[i], len(has))
				if err := c.px.Pixels.Read(ctx, scene, boxes[i], b.Planes); err != nil {
					if ctx.Err() != nil {
						return ctx.Err()
					}
					if unavailable(err) {
						return err
					}
					continue
				}
				pieces[first+i], whole[first+i], packed = c.px.keeping.pack(&b, cell, has, packed)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	spots := make([]keptSpot, len(c.windows))
	lacks := make([]bool, len(c.windows))
	for i, cell := range cells {
		for k, part := range cell.parts {
			s := &spots[part.spot]
			if pieces[i] == nil {
				lacks[part.spot] = true
				continue
			}
			if s.Empty() {
				s.spot, s.whole = part.spot, true
			}
			s.Window = s.Union(part.Window)
			s.pieces = append(s.pieces, pieces[i][k])
			s.whole = s.whole && whole[i]
		}
	}
	for spot, s := range spots {
		if !s.Empty() && !lacks[spot] { // a scene shows few of them
			kept.spots = append(kept.spots, s)
		}
	}
	return nil
}

// pack keeps the parts of a cell that was read to b, and reports whether all of their pixels have a value; no pieces where there is
// no room. packed is memory for it.
func (k *keeping) pack(b *raster.Block, cell keptCell, has []bool, packed []byte) (pieces []keptPiece, whole bool, _ []byte) {
	whole = true
	for _, part := range cell.parts {
		var how packing
		var all bool
		packed, how, all = pack(packed, b, part.Window, has)
		piece, ok := k.put(packed)
		if !ok {
			return nil, whole, packed
		}
		piece.Window, piece.packing = part.Window, how
		pieces = append(pieces, piece)
		whole = whole && all
	}
	return pieces, whole, packed
}

// floorDiv is a/b rounded down, b > 0.
func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
