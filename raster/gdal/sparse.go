package gdal

/*
#cgo pkg-config: gdal
#include "sparse_holes.h"
*/
import "C"

import (
	"context"
	"reflect"
	"runtime"
	"unsafe"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

// A sparse TIFF leaves out storage blocks that nothing was ever written to. GDAL fills them with the no-data value, or
// with 0 where there is none, which would be black ground; here what is not stored is no data, always.

// Absent reports whether it is certain, without decoding a pixel, that the scene has no value in w: w lies outside of its
// footprint, the scene has none of the roles, or its file stores nothing of the chunks that the pixels come from. A file
// is opened for it at most. The error is a *ReadError.
func (r *Reader) Absent(ctx context.Context, scene int, w raster.Window) (bool, error) {
	s := r.sources[scene]
	w = w.Intersect(s.footprint)
	if w.Empty() || len(s.bands) == 0 {
		return true, ctx.Err()
	}
	if s.direct {
		return r.absentNative(ctx, scene, w.Shift(-s.dx, -s.dy))
	}
	var sources []raster.Window
	h, err := r.handle(scene)
	if err != nil {
		return false, &ReadError{URI: s.URI, Window: s.need, Err: err}
	}
	for cy := w.Y / lattice; cy*lattice < w.Y+w.H; cy++ {
		for cx := w.X / lattice; cx*lattice < w.X+w.W; cx++ {
			cell := raster.Window{X: cx * lattice, Y: cy * lattice, W: lattice, H: lattice}.Intersect(r.grid.Window())
			sources = append(sources, sourceWindow(r.grid, cell, s.Native, h.toNative, s.warp.margin))
		}
	}
	r.handles.put(h, false)
	for _, from := range sources {
		if empty, err := r.absentNative(ctx, scene, from); err != nil || !empty {
			return false, err
		}
	}
	return true, nil
}

// absentNative is Absent for a window in pixels of the file.
func (r *Reader) absentNative(ctx context.Context, scene int, w raster.Window) (bool, error) {
	s := r.sources[scene]
	if w.Empty() {
		return true, ctx.Err()
	}
	for cy := w.Y / s.chunkH; cy*s.chunkH < w.Y+w.H; cy++ {
		for cx := w.X / s.chunkW; cx*s.chunkW < w.X+w.W; cx++ {
			known, empty := s.absent.get(cx, cy)
			if !known {
				if err := ctx.Err(); err != nil {
					return false, err
				}
				var err error
				if empty, err = r.askChunk(scene, cx, cy); err != nil {
					return false, err
				}
			}
			if !empty {
				return false, nil
			}
		}
	}
	return true, nil
}

// askChunk finds out, and remembers, whether the file stores nothing of a chunk.
func (r *Reader) askChunk(scene, cx, cy int) (empty bool, err error) {
	s := r.sources[scene]
	w := s.chunkWindow(cx, cy)
	h, err := r.handle(scene)
	if err == nil {
		err = leaf(Op{What: "decode", URI: s.URI, Window: w}, s.siblings, func() error {
			_, empty, err = s.holes(h.ds, w)
			return err
		})
		r.handles.put(h, err != nil)
	}
	if err != nil {
		return false, &ReadError{URI: s.URI, Window: w, Err: err}
	}
	s.absent.set(cx, cy, empty)
	return empty, nil
}

// chunkWindow is the part of the file that a chunk holds.
func (s *placed) chunkWindow(cx, cy int) raster.Window {
	return raster.Window{X: cx * s.chunkW, Y: cy * s.chunkH, W: s.chunkW, H: s.chunkH}.Intersect(s.need)
}

// hole is a block that is not stored, clipped to the window that was asked about.
type hole = raster.Window

// holes returns the parts of w, in pixels of the file, whose storage blocks are absent in one of the bands, and whether
// they are all of w. It is called within a leaf. Formats without sparse files have none.
func (d sampler) holes(ds *godal.Dataset, w raster.Window) (out []hole, all bool, err error) {
	if ds.Driver().ShortName() != "GTiff" {
		return nil, false, nil
	}
	st := ds.Structure()
	bw, bh := st.BlockSizeX, st.BlockSizeY
	bx0, by0 := w.X/bw, w.Y/bh
	cols, rows := (w.X+w.W-1)/bw-bx0+1, (w.Y+w.H-1)/bh-by0+1
	marks := make([]uint8, cols*rows)
	bands := make([]C.int, len(d.index))
	for i, k := range d.index {
		bands[i] = C.int(k + 1)
	}
	n := 0
	// An index of blocks that cannot be read must not pass for blocks that are not stored.
	said := guard(func() {
		n = int(C.tuban_holes(handleOf(ds), &bands[0], C.int(len(bands)), C.int(w.X), C.int(w.Y), C.int(w.W), C.int(w.H), (*C.uchar)(&marks[0])))
	})
	runtime.KeepAlive(ds)
	if said != nil {
		return nil, false, said
	}
	if n == 0 {
		return nil, false, nil
	}
	for i, m := range marks {
		if m != 0 {
			out = append(out, raster.Window{X: (bx0 + i%cols) * bw, Y: (by0 + i/cols) * bh, W: bw, H: bh}.Intersect(w))
		}
	}
	return out, n == len(marks), nil
}

// handleOf is GDAL's own handle of ds, which godal keeps to itself.
func handleOf(ds *godal.Dataset) unsafe.Pointer {
	return reflect.ValueOf(ds).Elem().Field(0).Field(0).UnsafePointer()
}

// markHoles sets bad, the window w reduced to ow × oh pixels, where a pixel covers any part of a hole.
func markHoles(bad []bool, holes []hole, w raster.Window, ow, oh int) {
	for _, h := range holes {
		x0, x1 := (h.X-w.X)*ow/w.W, ((h.X-w.X+h.W)*ow+w.W-1)/w.W
		y0, y1 := (h.Y-w.Y)*oh/w.H, ((h.Y-w.Y+h.H)*oh+w.H-1)/w.H
		for y := y0; y < y1; y++ {
			raster.Fill(bad[y*ow+x0:y*ow+x1], true)
		}
	}
}
