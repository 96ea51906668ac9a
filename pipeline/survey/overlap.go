package survey

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"tuban/raster"
	"tuban/raster/burn"
)

// Overlap is land on which parcels of two files lie. The parcels of First, the earlier file, count there.
type Overlap struct {
	First, Second string
	// Pixels is an estimate where the overlap spans more than some hundred million pixels.
	Pixels int64
}

const (
	// thickness in pixels is what an overlap must have in both directions: thinner ones are slivers, as two files leave
	// that were cut along one line and transformed from two zones. count is written for three.
	thickness = 3
	// maxOverlapCells bounds the cells that are looked at; of more, so many at even distances speak for all. Two files
	// that are the same take some 2.5 s of a processor at 1,024 cells.
	maxOverlapCells = 1024
)

// filePair is two files that share land, by their positions.
type filePair struct{ first, second int }

// overlaps measures where the parcels of different files lie on each other, in pixels whose centres are on both.
func (s *Store) overlaps(ctx context.Context) ([]Overlap, error) {
	shared := s.sharedCells()
	step := (len(shared) + maxOverlapCells - 1) / maxOverlapCells
	if step == 0 {
		return nil, nil
	}
	var next atomic.Int64
	workers := make([]map[filePair]int64, max(1, runtime.GOMAXPROCS(0)))
	g, ctx := errgroup.WithContext(ctx)
	for k := range workers {
		workers[k] = map[filePair]int64{}
		g.Go(func() error {
			m := overlapMeter{store: s, pixels: workers[k]}
			for {
				i := int(next.Add(1)-1) * step
				if i >= len(shared) {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := m.measure(shared[i]); err != nil {
					return err
				}
			}
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	total := map[filePair]int64{}
	var pairs []filePair
	for _, w := range workers {
		for p, n := range w {
			if total[p] == 0 {
				pairs = append(pairs, p)
			}
			total[p] += n * int64(step)
		}
	}
	slices.SortFunc(pairs, func(a, b filePair) int { return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.second, b.second)) })
	out := make([]Overlap, len(pairs))
	for i, p := range pairs {
		out[i] = Overlap{s.x.Files[p.first].Source, s.x.Files[p.second].Source, total[p]}
	}
	return out, nil
}

// sharedCells are the cells touched by parcels of several files.
func (s *Store) sharedCells() []raster.Window {
	var out []raster.Window
	nx := (s.x.Grid.W + cell - 1) / cell
	for c := range len(s.x.Start) - 1 {
		// The parcels of a cell are in ascending order, and so are their files.
		if p := s.x.Parcels[s.x.Start[c]:s.x.Start[c+1]]; len(p) > 1 && s.File(p[0]) != s.File(p[len(p)-1]) {
			out = append(out, raster.Window{X: c % nx * cell, Y: c / nx * cell, W: cell, H: cell}.Intersect(s.x.Grid.Window()))
		}
	}
	return out
}

// overlapMeter holds the buffers of one worker.
type overlapMeter struct {
	store  *Store
	pixels map[filePair]int64
	near   []int32
	// owner is the first file on each pixel and other the second, both plus one.
	owner, other []uint16
	mask         []uint8
	// pair is the files of an overlap, owner before other, 0 for none; thick says where it is no sliver.
	pair  []uint32
	thick []bool
}

// measure adds the overlaps in the cell core. It looks a little beyond, so that thickness does not depend on the cells.
func (m *overlapMeter) measure(core raster.Window) error {
	w := core.Grow(thickness).Intersect(m.store.x.Grid.Window())
	n := int(w.Pixels())
	m.owner, m.other = slices.Grow(m.owner[:0], n)[:n], slices.Grow(m.other[:0], n)[:n]
	clear(m.owner)
	clear(m.other)
	m.near = m.store.Near(m.near[:0], w)
	overlap := false
	for _, i := range m.near {
		found, err := m.burn(w, i)
		if err != nil {
			return err
		}
		overlap = overlap || found
	}
	if overlap {
		m.count(core, w)
	}
	return nil
}

// burn puts parcel i on the pixels of w and reports whether another file's parcel was there.
func (m *overlapMeter) burn(w raster.Window, i int32) (found bool, err error) {
	p, err := m.store.Parcel(i)
	if err != nil {
		return false, err
	}
	file := uint16(m.store.File(i) + 1)
	in := m.store.Bounds(i).Intersect(w)
	n := int(in.Pixels())
	m.mask = slices.Grow(m.mask[:0], n)[:n]
	clear(m.mask)
	burn.Fill(m.mask, in, pixelShape(m.store.x.Grid, p.Geom), 1)
	for y := range in.H {
		o := (y+in.Y-w.Y)*w.W + in.X - w.X
		for x, set := range m.mask[y*in.W : (y+1)*in.W] {
			switch at := o + x; {
			case set == 0 || m.owner[at] == file:
			case m.owner[at] == 0:
				m.owner[at] = file
			case m.other[at] == 0:
				m.other[at], found = file, true
			}
		}
	}
	return found, nil
}

// count adds the pixels of core that lie in a square of thickness pixels of one overlap. The squares are found, and then filled,
// along the rows first and then across them.
func (m *overlapMeter) count(core, w raster.Window) {
	n := len(m.owner)
	m.pair = slices.Grow(m.pair[:0], n)[:n]
	for i, second := range m.other {
		m.pair[i] = 0
		if second != 0 {
			m.pair[i] = uint32(m.owner[i])<<16 | uint32(second)
		}
	}
	m.thick = slices.Grow(m.thick[:0], n)[:n]
	begins := func(i, step int) bool { return m.pair[i] == m.pair[i+step] && m.pair[i] == m.pair[i+2*step] }
	for i := range m.thick {
		m.thick[i] = m.pair[i] != 0 && i%w.W < w.W-2 && begins(i, 1)
	}
	for i := range m.thick {
		m.thick[i] = m.thick[i] && i+2*w.W < n && begins(i, w.W) && m.thick[i+w.W] && m.thick[i+2*w.W]
	}
	// Backwards, so that what was filled does not fill on.
	for i := n - 1; i >= 0; i-- {
		m.thick[i] = m.thick[i] || i >= w.W && m.thick[i-w.W] || i >= 2*w.W && m.thick[i-2*w.W]
	}
	for i := n - 1; i >= 0; i-- {
		x := i % w.W
		m.thick[i] = m.thick[i] || x >= 1 && m.thick[i-1] || x >= 2 && m.thick[i-2]
	}
	for y := core.Y - w.Y; y < core.Y-w.Y+core.H; y++ {
		o := y*w.W + core.X - w.X
		for i := o; i < o+core.W; {
			first := i
			for i++; i < o+core.W && m.thick[i] == m.thick[first] && m.pair[i] == m.pair[first]; {
				i++
			}
			if m.thick[first] {
				p := m.pair[first]
				m.pixels[filePair{int(p>>16) - 1, int(p&0xffff) - 1}] += int64(i - first)
			}
		}
	}
}

// pixelShape is mp in pixel coordinates of g.
func pixelShape(g raster.Grid, mp orb.MultiPolygon) orb.MultiPolygon {
	out := make(orb.MultiPolygon, len(mp))
	for i, p := range mp {
		out[i] = make(orb.Polygon, len(p))
		for j, r := range p {
			out[i][j] = make(orb.Ring, len(r))
			for k, q := range r {
				out[i][j][k][0], out[i][j][k][1] = g.Pixel(q[0], q[1])
			}
		}
	}
	return out
}
