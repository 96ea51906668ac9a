package gdal

import (
	"context"

	"tuban/raster"
)

// Ahead decodes what Read will need for windows of a scene, and is not there already, two storage blocks beside one another,
// which takes less time than one after the other; in a storage they are asked for together. Read finds it while the cache keeps
// it, so windows are those that are read next. It waits for nobody, may decode less than that or nothing, and leaves errors to
// Read.
func (r *Reader) Ahead(ctx context.Context, scene int, windows []raster.Window) {
	s := r.sources[scene]
	if !s.direct || len(s.bands) == 0 || s.trust.state.Load() != trusted || !r.together(scene) {
		return
	}
	// No more than the cache keeps until it is read, unless several readers ask for as much at once.
	room := r.cache.limit / 2
	var pair []*chunk
	decode := func() {
		_ = r.cache.ahead(pair, func() error { return r.decode(scene, pair...) }) // Read will tell
		pair = nil
	}
	for _, w := range windows {
		want := s.footprint.Intersect(w).Shift(-s.dx, -s.dy)
		if want.Empty() {
			continue
		}
		for cy := want.Y / s.chunkH; cy*s.chunkH < want.Y+want.H; cy++ {
			for cx := want.X / s.chunkW; cx*s.chunkW < want.X+want.W; cx++ {
				key := chunkKey{scene: scene, x: cx, y: cy}
				c := s.chunkWindow(cx, cy)
				if r.kept(key, c, want) {
					continue
				}
				room -= 4 * int64(s.form.room(int(c.Pixels()), len(s.bands)))
				if room < 0 || ctx.Err() != nil {
					decode()
					return
				}
				if k := r.cache.claim(key); k != nil {
					if pair = append(pair, k); len(pair) == 2 {
						decode()
					}
				}
			}
		}
	}
	decode()
}

// kept reports whether Read takes its part of the chunk c from the cache.
func (r *Reader) kept(key chunkKey, c, want raster.Window) bool {
	if r.cache.has(key) {
		return true
	}
	key.edge = edgeOf(c, c.Intersect(want))
	return key.edge != noEdge && r.cache.has(key)
}

// together reports whether two blocks of a scene take less time than one and then the other: those that are inflated here, and
// those that a storage sends.
func (r *Reader) together(scene int) bool {
	h, err := r.handle(scene)
	if err != nil {
		return false
	}
	defer r.handles.put(h, false)
	return h.blocks != nil && (h.blocks.deflate || h.blocks.far != nil)
}
