package gdal

import "tuban/raster"

// Whoever reads tiles with a margin, row by row, comes back to a block for the last few of its rows or columns, when the rest was
// dropped long ago. So these are kept on their own, at a small part of the memory: else a margin of one pixel would cost another
// decoding of whole blocks.

// edgePixels is how far a margin may reach into a chunk.
const edgePixels = 64

// edgeOf says along which edge of the chunk c all of part lies; 0 for none.
func edgeOf(c, part raster.Window) edge {
	for e := bottomEdge; e <= rightEdge; e++ {
		if e.of(c).Contains(part) {
			return e
		}
	}
	return noEdge
}

// edge is a side of a chunk.
type edge uint8

const (
	noEdge edge = iota
	bottomEdge
	rightEdge
)

// of returns the pixels of c along an edge.
func (e edge) of(c raster.Window) raster.Window {
	w, h := min(edgePixels, c.W), min(edgePixels, c.H)
	switch e {
	case bottomEdge:
		c.Y, c.H = c.Y+c.H-h, h
	case rightEdge:
		c.X, c.W = c.X+c.W-w, w
	}
	return c
}

// KeepEdges takes so many bytes of the cache for what lies along the edges of chunks. It is called before the first Read.
func (r *Reader) KeepEdges(bytes int64) {
	r.cache.edgeLimit = bytes
	r.cache.limit -= bytes
}

// keepEdges keeps what lies along the edges of k, which was just decoded.
func (r *Reader) keepEdges(k *chunk) {
	if r.cache.edgeLimit == 0 || k.W < 4*edgePixels || k.H < 4*edgePixels {
		return
	}
	for e := bottomEdge; e <= rightEdge; e++ {
		key := k.key
		key.edge = e
		r.cache.put(key, func(to *chunk) {
			r.cache.memory(to, e.of(k.Window), len(k.bands), k.form)
			to.bands = k.bands
			to.take(&k.integers, len(k.bands))
		})
	}
}

// take fills n with its part of from, which has as many bands.
func (n *integers) take(from *integers, bands int) {
	n.void, n.step, n.band = from.void, from.step, from.band
	planes := 1
	if from.band != 1 {
		n.band, planes = int(n.Pixels()), bands
	}
	row := n.W * n.step * n.form.bytes()
	if !n.void {
		for i := range planes {
			for y := range n.H {
				o := (i*n.band + y*n.W*n.step) * n.form.bytes()
				p := ((n.Y+y-from.Y)*from.W + n.X - from.X) * from.step
				p = (p + i*from.band) * n.form.bytes()
				copy(n.mem[o:o+row], from.mem[p:p+row])
			}
		}
	}
	if from.bad == nil {
		n.bad = nil
		return
	}
	for y := range n.H {
		p := (n.Y+y-from.Y)*from.W + n.X - from.X
		copy(n.bad[y*n.W:(y+1)*n.W], from.bad[p:p+n.W])
	}
}
