package gdal

import (
	"errors"

	"tuban/raster"
)

// decode reads chunks of a scene, which their keys name, from the file.
func (r *Reader) decode(scene int, ks ...*chunk) error {
	s := r.sources[scene]
	var w raster.Window
	var stored []*chunk
	for _, k := range ks {
		at := s.chunkWindow(k.key.x, k.key.y)
		r.cache.memory(k, at, len(s.bands), s.form)
		k.bands = s.bands
		if known, empty := s.absent.get(k.key.x, k.key.y); known && empty {
			k.nothing()
			continue
		}
		stored, w = append(stored, k), w.Union(at)
	}
	if len(stored) == 0 {
		return nil
	}
	h, err := r.handle(scene)
	if err != nil {
		return &ReadError{URI: s.URI, Window: w, Err: err}
	}
	load := func() error { return s.load(h, stored) }
	for _, k := range stored[1:] {
		next := load
		load = func() error { return beside(Op{What: "decode", URI: s.URI, Window: k.Window}, next) }
	}
	err = leaf(Op{What: "decode", URI: s.URI, Window: stored[0].Window}, s.siblings, load)
	r.handles.put(h, err != nil && !errors.Is(err, errAhead))
	if err != nil {
		return &ReadError{URI: s.URI, Window: w, Err: err}
	}
	for _, k := range stored {
		r.decoded.Add(k.Pixels())
		if s.form != asValues {
			r.keepEdges(k)
		}
	}
	return nil
}

// load fills chunks. It is called within a leaf.
func (s *placed) load(h *handle, ks []*chunk) error {
	if s.form == asValues {
		for _, k := range ks {
			if err := s.read(&h.image, k.Window, k.planes, k.slab); err != nil {
				return err
			}
		}
		return nil
	}
	ns := make([]*integers, len(ks))
	for i, k := range ks {
		ns[i] = &k.integers
	}
	if err := s.readIntegers(&h.image, ns...); err != nil {
		return err
	}
	for _, k := range ks {
		s.whole.set(k.key.x, k.key.y, k.bad == nil && !k.void)
		s.sketch(h.ds, &k.integers)
	}
	return nil
}
