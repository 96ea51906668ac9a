package gdal

/*
#cgo pkg-config: gdal
#include <stdlib.h>
#include "blocks.h"
*/
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

// blockFile decodes the storage blocks of a TIFF without the detours that GDAL makes on the way from a block to a window: a
// copy of each band into the block cache, another to the buffer. GDAL says where a block lies and what undoes its compression;
// what is done here is to take out the samples. Anything but 8 or 16 bits, plain or DEFLATE, is left to GDAL.
type blockFile struct {
	ds   *godal.Dataset
	file unsafe.Pointer
	form form
	// bw and bh are the size of a block, in a file of w × h pixels. samples are in a pixel of a block: all bands, or one.
	bw, bh, w, h, samples int
	deflate, predicted    bool
}

// openBlocks opens the file of ds at uri for samples of a form; nil when its blocks are not of the kind that is decoded here.
func openBlocks(ds *godal.Dataset, uri string, f form) *blockFile {
	if f == asValues || ds.Driver().ShortName() != "GTiff" {
		return nil
	}
	st := ds.Structure()
	if formOf[st.DataType.String()] != f { // the file was replaced
		return nil
	}
	b := &blockFile{ds: ds, form: f, bw: st.BlockSizeX, bh: st.BlockSizeY, w: st.SizeX, h: st.SizeY, samples: 1}
	about := func(key string) string { return ds.Metadata(key, godal.Domain("IMAGE_STRUCTURE")) }
	switch about("COMPRESSION") {
	case "":
	case "DEFLATE":
		b.deflate = true
	default:
		return nil
	}
	switch about("PREDICTOR") {
	case "", "1":
	case "2":
		b.predicted = true
	default:
		return nil
	}
	if about("INTERLEAVE") == "PIXEL" {
		b.samples = st.NBands
	}
	// Fewer bits than the type has; and, as they can be as large as the image, blocks that do not fit a buffer.
	if ds.Bands()[0].Metadata("NBITS", godal.Domain("IMAGE_STRUCTURE")) != "" || b.blockBytes(b.bh) > largestBlock {
		return nil
	}
	path := C.CString(uri)
	defer C.free(unsafe.Pointer(path))
	if b.file = C.tuban_block_open(path); b.file == nil {
		return nil
	}
	return b
}

// largestBlock bounds the blocks that are decoded in one piece.
const largestBlock = 32 << 20

// flatness is how many bytes come out of one where long matches take over.
const flatness = 4

// blockBytes is the size of a decoded block of so many rows.
func (b *blockFile) blockBytes(rows int) int { return b.bw * rows * b.samples * b.form.bytes() }

func (b *blockFile) close() {
	if b != nil {
		C.tuban_block_close(b.file)
	}
}

// read fills n with the bands called by index, counted from 0. It is called within a leaf.
func (b *blockFile) read(n *integers, index []int, sc *scratch) error {
	planes := 1
	if b.samples > 1 {
		n.interleaved(len(index))
	} else {
		planes = len(index)
		n.separate()
	}
	for by := n.Y / b.bh; by*b.bh < n.Y+n.H; by++ {
		for bx := n.X / b.bw; bx*b.bw < n.X+n.W; bx++ {
			for i := range planes {
				if err := b.block(n, bx, by, i, index, sc); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// block takes what n wants from one block: all bands, or band i of the index where each has blocks of its own.
func (b *blockFile) block(n *integers, bx, by, i int, index []int, sc *scratch) error {
	rows := b.bh
	if b.bw >= b.w { // the last strip ends where the image does
		rows = min(rows, b.h-by*b.bh)
	}
	size, bytes := b.blockBytes(rows), b.form.bytes()
	in := raster.Window{X: bx * b.bw, Y: by * b.bh, W: b.bw, H: rows}
	part := in.Intersect(n.Window)
	plane := 0
	if b.samples == 1 {
		plane = i
	}
	var picked *C.int
	if b.samples > 1 && !inOrder(index, b.samples) {
		sc.picked = sized(sc.picked, len(index))
		for k, band := range index {
			sc.picked[k] = C.int(band)
		}
		picked = &sc.picked[0]
	}
	// A block that is wanted as it is comes straight to its place, and is not copied.
	to := n.samples(plane, part.X, part.Y)
	if part != in || n.W != b.bw || picked != nil {
		sc.block = sized(sc.block, size)
		to = unsafe.Pointer(&sc.block[0])
	}
	if err := b.decode(i, bx, by, index, to, size, sc); err != nil {
		return err
	}
	predicted := C.int(0)
	if b.predicted {
		predicted = 1
	}
	top := unsafe.Add(to, (part.Y-in.Y)*b.blockBytes(1))
	if C.tuban_block_take(top, C.int(bytes), C.int(b.samples), C.int(b.bw), predicted, C.int(part.X-in.X), C.int(part.W), C.int(part.H),
		picked, C.int(len(index)), n.samples(plane, part.X, part.Y), C.size_t(n.W*n.step*bytes), C.int(n.sought)) != 0 {
		n.found = true
	}
	return nil
}

// decode writes the size bytes of a block to memory, without the predictor undone.
func (b *blockFile) decode(i, bx, by int, index []int, to unsafe.Pointer, size int, sc *scratch) error {
	var offset C.uint64_t
	var stored C.size_t
	if C.tuban_block_range(handleOf(b.ds), C.int(index[i]+1), C.int(bx), C.int(by), &offset, &stored) == 0 {
		return fmt.Errorf("block %d, %d has no place in the file", bx, by)
	}
	if !b.deflate {
		if int(stored) < size || C.tuban_block_bytes(b.file, offset, to, C.size_t(size)) == 0 {
			return fmt.Errorf("block %d, %d ends too early", bx, by)
		}
		return nil
	}
	if stored > C.size_t(size)+largestBlock {
		return fmt.Errorf("block %d, %d has %d bytes for %d", bx, by, stored, size)
	}
	sc.packed = sized(sc.packed, int(stored))
	if C.tuban_block_bytes(b.file, offset, unsafe.Pointer(&sc.packed[0]), stored) == 0 {
		return fmt.Errorf("block %d, %d ends too early", bx, by)
	}
	// The library that GDAL has for it is better at the long matches of flat images (from 5 : 1 on it takes 0.75 of the time),
	// and has the last word on what is damaged.
	out := unsafe.Slice((*byte)(to), size)
	if flat := int(stored) < size/flatness; (flat || !inflate(out, sc.packed, false)) && !inflateByGDAL(out, sc.packed) {
		return fmt.Errorf("block %d, %d is damaged", bx, by)
	}
	return nil
}

// inOrder reports whether index is all of n bands in their order.
func inOrder(index []int, n int) bool {
	for i, k := range index {
		if i != k {
			return false
		}
	}
	return len(index) == n
}
