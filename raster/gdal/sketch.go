package gdal

/*
#include "integers.h"
*/
import "C"

import (
	"sync"
	"unsafe"

	"tuban/raster"
)

// sketch is a part of a file reduced fx and fy times: whole groups of so many pixels, counted from the first of the file. It
// holds sums of integers, so that the order in which chunks are added does not matter.
type sketch struct {
	window         raster.Window // in pixels of the file
	fx, fy         int
	chunkW, chunkH int
	sampler

	once sync.Once
	idle bool // decided once: nothing is added but by who draws

	mu sync.Mutex
	// sums are one plane per band over the groups, nil until the first chunk; those of signed samples are int32.
	sums [][]uint32
	// missing is how many pixels of a group have no value, nil while all have one.
	missing []uint16
	seen    chunkBits
}

// largestGroup is how many pixels can be summed.
const largestGroup = 1<<16 - 1

// newSketch returns a sketch of s over w, in whole groups, that nothing was added to yet.
func newSketch(s *placed, w raster.Window, fx, fy int) *sketch {
	return &sketch{window: w, fx: fx, fy: fy, chunkW: s.chunkW, chunkH: s.chunkH, sampler: s.sampler}
}

// chunk is the part of the window that a chunk has to do with.
func (k *sketch) chunk(cx, cy int) raster.Window {
	return raster.Window{X: cx * k.chunkW, Y: cy * k.chunkH, W: k.chunkW, H: k.chunkH}.Intersect(k.window)
}

// groups is the window w, in pixels of the file, in groups.
func (k *sketch) groups(w raster.Window) raster.Window {
	x, y := w.X/k.fx, w.Y/k.fy
	return raster.Window{X: x, Y: y, W: (w.X+w.W+k.fx-1)/k.fx - x, H: (w.Y+w.H+k.fy-1)/k.fy - y}
}

// bytes is the memory that a sketch takes.
func (k *sketch) bytes() int64 { return k.groups(k.window).Pixels() * int64(4*len(k.bands)+2) }

// has reports whether the chunk at cx, cy was added.
func (k *sketch) has(cx, cy int) bool {
	known, _ := k.seen.get(cx, cy)
	return known
}

// partial is the sums of one chunk.
type partial struct {
	columns []uint32
	sums    []uint32
	missing []uint16
}

var partials = sync.Pool{New: func() any { return new(partial) }}

// add adds a chunk, whose samples n holds: those of the bands of k are at picks. What holds only a part of it is not added.
func (k *sketch) add(n *integers, picks []int) {
	cx, cy := n.X/k.chunkW, n.Y/k.chunkH
	w := k.chunk(cx, cy)
	if w.Empty() || !n.Contains(w) || k.has(cx, cy) {
		return
	}
	to := k.groups(w)
	size := int(to.Pixels())
	p := partials.Get().(*partial)
	defer partials.Put(p)
	p.sums = sized(p.sums, size*len(picks))
	clear(p.sums)
	if n.bad != nil || n.void {
		p.missing = sized(p.missing, size)
		clear(p.missing)
		k.count(p.missing, to, n, w)
	}
	if !n.void {
		k.sum(p, to, n, w, picks)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.has(cx, cy) { // by another, meanwhile
		return
	}
	all := k.groups(k.window)
	if k.sums == nil {
		k.sums = make([][]uint32, len(k.bands))
		for i := range k.sums {
			k.sums[i] = make([]uint32, all.Pixels())
		}
	}
	for i, sums := range k.sums {
		into(sums, all, p.sums[i*size:(i+1)*size], to)
	}
	if n.bad != nil || n.void {
		if k.missing == nil {
			k.missing = make([]uint16, all.Pixels())
		}
		into(k.missing, all, p.missing, to)
	}
	k.seen.set(cx, cy, true)
}

// into adds src over sw to dst over dw, which contains it.
func into[T uint16 | uint32](dst []T, dw raster.Window, src []T, sw raster.Window) {
	for y := range sw.H {
		d := dst[(sw.Y+y-dw.Y)*dw.W+sw.X-dw.X:]
		for x, v := range src[y*sw.W : (y+1)*sw.W] {
			d[x] += v
		}
	}
}

// sum writes the sums of the part w of n to p, over the groups of to: first along the columns, for all samples alike, then
// what is left of each band along the rows.
func (k *sketch) sum(p *partial, to raster.Window, n *integers, w raster.Window, picks []int) {
	alternate := n.step > 1
	step := n.step
	p.columns = sized(p.columns, w.W*step)
	for y := w.Y; y < w.Y+w.H; {
		gy := y / k.fy
		rows := min((gy+1)*k.fy, w.Y+w.H) - y
		for i, band := range picks {
			if i == 0 || !alternate {
				clear(p.columns)
				first := band
				if alternate {
					first = 0
				}
				var bad *C.uint8_t
				if n.bad != nil {
					bad = (*C.uint8_t)(unsafe.Pointer(&n.bad[(y-n.Y)*n.W+w.X-n.X]))
				}
				C.tuban_sum(C.int(n.form), n.samples(first, w.X, y), C.size_t(n.W*step), C.int(step), bad, C.size_t(n.W),
					(*C.uint32_t)(unsafe.Pointer(&p.columns[0])), C.int(w.W), C.int(rows))
			}
			from := p.columns
			if alternate {
				from = from[band:]
			}
			row := p.sums[i*int(to.Pixels())+(gy-to.Y)*to.W:][:to.W]
			for x, g := 0, 0; x < w.W; g++ {
				end := min((to.X+g+1)*k.fx-w.X, w.W)
				var sum uint32
				for ; x < end; x++ {
					sum += from[x*step]
				}
				row[g] = sum
			}
		}
		y += rows
	}
}

// count writes how many pixels of the part w of n have no value.
func (k *sketch) count(missing []uint16, to raster.Window, n *integers, w raster.Window) {
	for y := w.Y; y < w.Y+w.H; y++ {
		row := missing[(y/k.fy-to.Y)*to.W:][:to.W]
		if n.void {
			for g := range row {
				row[g] += uint16(min((to.X+g+1)*k.fx, w.X+w.W) - max((to.X+g)*k.fx, w.X))
			}
			continue
		}
		for x, bad := range n.bad[(y-n.Y)*n.W+w.X-n.X:][:w.W] {
			if bad {
				row[(w.X+x)/k.fx-to.X]++
			}
		}
	}
}

// means writes the means over the part w of the window, whole groups, to b, a plane per band; NaN where no pixel has a value.
func (k *sketch) means(b *raster.Block, w raster.Window) {
	part, all := k.groups(w), k.groups(k.window)
	k.mu.Lock()
	defer k.mu.Unlock()
	for i, plane := range b.Planes {
		for y := range part.H {
			o := (part.Y+y-all.Y)*all.W + part.X - all.X
			rows := min((part.Y+y+1)*k.fy, k.window.Y+k.window.H) - (part.Y+y)*k.fy
			row := plane[y*part.W : (y+1)*part.W]
			for x := range row {
				n := rows * (min((part.X+x+1)*k.fx, k.window.X+k.window.W) - (part.X+x)*k.fx)
				if k.missing != nil {
					n -= int(k.missing[o+x])
				}
				switch {
				case n == 0:
					row[x] = raster.NaN
				case k.form == asInt16:
					row[x] = float32(int32(k.sums[i][o+x])) / float32(n)
				default:
					row[x] = float32(k.sums[i][o+x]) / float32(n)
				}
			}
			if s := k.bands[i]; s.Scale != 1 || s.Offset != 0 {
				rescale(row, s)
			}
		}
	}
}
