package gdal

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/airbusgeo/godal"
	"golang.org/x/sync/errgroup"

	"tuban/raster"
)

// Sketches are scenes that are reduced for a picture of all of them while Readers decode them for other reasons, so that the
// picture need not decode them again. What nobody decoded, or who decoded it had other bands, the picture decodes: it is the
// same with and without. Safe for concurrent use; nil has none.
type Sketches struct {
	mu   sync.Mutex
	byID map[string]*sketch
}

// Begin sketches scenes for a picture of roles on the grid view, as far as bytes of memory go, and returns how many of them it
// used. Scenes that a picture costs little are left out: those with 16 bits at most have sums.
func (k *Sketches) Begin(view raster.Grid, scenes []raster.Scene, roles []raster.Role, bytes int64) (used int64) {
	// Below it the picture is small, and its sketch takes more memory than its blocks time.
	const leastGroup = 16
	setup()
	for _, scene := range scenes {
		s, err := newPlaced(view, scene, ReaderOptions{Roles: roles, Resampling: "bilinear"})
		if err != nil || s.direct || s.footprint.Empty() || len(s.bands) == 0 || s.form == asValues || s.Nearest {
			continue // who is asked for the picture says what is wrong
		}
		from, fx, fy, err := s.reduction(view)
		if err != nil || fx*fy < leastGroup || fx*fy > largestGroup {
			continue
		}
		// A strip of the picture may reach a little further than its whole.
		from = whole(from.Grow(s.warp.margin).Intersect(s.Native.Window()), fx, fy).Intersect(s.Native.Window())
		sk := newSketch(s, from, fx, fy)
		if size := sk.bytes(); used+size <= bytes {
			used += size
			k.put(s, sk)
		}
	}
	return used
}

func (k *Sketches) put(s *placed, sk *sketch) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byID == nil {
		k.byID = map[string]*sketch{}
	}
	k.byID[s.URI] = sk
}

// End forgets the sketches.
func (k *Sketches) End() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.byID = nil
}

// of returns the sketch of a scene, nil when there is none.
func (k *Sketches) of(s *placed) *sketch {
	if k == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	sk := k.byID[s.URI]
	if sk == nil || sk.alpha != s.alpha || sk.byEdge != s.byEdge || sk.collar != s.collar {
		return nil // the same file as something else
	}
	return sk
}

// serves reports whether a picture of the part w of a scene can be drawn from k: it shows the bands of k, no less reduced.
func (k *sketch) serves(s *placed, w raster.Window) bool {
	// The scale of a strip of a picture in another system differs a little from that of the whole.
	const nearly = 0.98
	return k != nil && slices.Equal(k.bands, s.bands) && k.window.Contains(w) &&
		1/s.warp.xScale >= nearly*float64(k.fx) && 1/s.warp.yScale >= nearly*float64(k.fy)
}

// sketch adds a chunk that was decoded in the bands of s. It is called within a leaf.
func (s *placed) sketch(ds *godal.Dataset, n *integers) {
	k := s.drawn
	if k == nil || k.has(n.X/s.chunkW, n.Y/s.chunkH) {
		return
	}
	picks := make([]int, len(k.bands))
	for i, b := range k.bands {
		if picks[i] = slices.Index(s.bands, b); picks[i] < 0 {
			return
		}
	}
	k.once.Do(func() { k.idle = s.coarse(ds, k.fx) }) // from overviews a picture is drawn faster
	if !k.idle && (len(picks) == len(s.bands) || n.sharesBad(picks, k.bands)) {
		k.add(n, picks)
	}
}

// sharesBad reports whether it is sure that the pixels of n without a value have none in the bands at picks alone.
func (n *integers) sharesBad(picks []int, bands []raster.Band) bool {
	if n.void {
		return false
	}
	if n.bad == nil {
		return true
	}
	sample := func(pixel, pick int) int {
		o := pixel*n.step + pick*n.band
		if n.form == asUint8 {
			return int(n.mem[o])
		}
		return int(*(*uint16)(unsafe.Pointer(&n.mem[2*o])))
	}
	noData := make([]int, len(picks))
	for i, b := range bands {
		noData[i] = -1 // no sample
		if v, ok := n.form.holds(b.NoData); b.HasNoData && ok {
			noData[i] = v & 0xffff
		}
	}
	for p, bad := range n.bad {
		if !bad {
			continue
		}
		own := false
		for i, pick := range picks {
			own = own || sample(p, pick) == noData[i]
		}
		if !own {
			return false
		}
	}
	return true
}

// complete adds to k what it lacks of the part w of the file. f is open.
func (s *placed) complete(ctx context.Context, f *image, k *sketch, w raster.Window) error {
	var lacking [][2]int
	for cy := w.Y / s.chunkH; cy*s.chunkH < w.Y+w.H; cy++ {
		for cx := w.X / s.chunkW; cx*s.chunkW < w.X+w.W; cx++ {
			if !k.has(cx, cy) {
				lacking = append(lacking, [2]int{cx, cy})
			}
		}
	}
	if len(lacking) == 0 {
		return ctx.Err()
	}
	picks := make([]int, len(s.bands))
	for i := range picks {
		picks[i] = i
	}
	// The two dates of a picture are drawn at once.
	workers := min(max(1, runtime.GOMAXPROCS(0)/2), len(lacking))
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for i := range workers {
		g.Go(func() error {
			f := f
			if i > 0 { // a handle belongs to one goroutine
				own, err := s.open()
				if err != nil {
					return err
				}
				defer own.close()
				f = &own
			}
			slab := slabs.Get().(*[]float32)
			defer slabs.Put(slab)
			for {
				j := int(next.Add(1)) - 1
				if j >= len(lacking) {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				part := k.chunk(lacking[j][0], lacking[j][1])
				*slab = sized(*slab, s.form.room(int(part.Pixels()), len(s.bands)))
				n := s.form.within(*slab, part, len(s.bands))
				err := leaf(Op{What: "preview", URI: s.URI, Window: part}, s.siblings, func() error { return s.readIntegers(f, &n) })
				if err != nil {
					return err
				}
				k.add(&n, picks)
			}
		})
	}
	return g.Wait()
}
