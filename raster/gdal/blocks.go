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
	// far is the storage that the file lies in, called key there; nil for a file of the system. coming is then what a read has
	// on its way.
	far      Files
	uri, key string
	coming   *arrivals
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
	b.uri = uri
	b.far, b.key = mounted(uri)
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

// read fills ns with the bands called by index, counted from 0. It is called within a leaf.
func (b *blockFile) read(ns []*integers, index []int, sc *scratch) error {
	sc.held = 0
	// An error leaves pieces that wait; the memory of a chunk may be dropped soon.
	defer func() {
		for i := range sc.pieces {
			sc.pieces[i].forget()
		}
	}()
	if b.far != nil {
		b.coming = arrivalsIdle.get()
		defer func() { arrivalsIdle.put(b.coming); b.coming = nil }()
		if err := b.coming.plan(b, ns, index); err != nil {
			return err
		}
	}
	for _, n := range ns {
		if b.samples > 1 {
			n.interleaved(len(index))
		} else {
			n.separate()
		}
	}
	if err := b.each(ns, index, func(n *integers, bx, by, i int) error { return b.block(n, bx, by, i, index, sc) }); err != nil {
		return err
	}
	return b.unpack(index, sc)
}

// each visits the blocks of ns: those of all bands, or for each i one of band i of the index.
func (b *blockFile) each(ns []*integers, index []int, visit func(n *integers, bx, by, i int) error) error {
	planes := 1
	if b.samples == 1 {
		planes = len(index)
	}
	for _, n := range ns {
		for by := n.Y / b.bh; by*b.bh < n.Y+n.H; by++ {
			for bx := n.X / b.bw; bx*b.bw < n.X+n.W; bx++ {
				for i := range planes {
					if err := visit(n, bx, by, i); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// window is a block, whose rows end where the image does when it is a strip.
func (b *blockFile) window(bx, by int) raster.Window {
	rows := b.bh
	if b.bw >= b.w {
		rows = min(rows, b.h-by*b.bh)
	}
	return raster.Window{X: bx * b.bw, Y: by * b.bh, W: b.bw, H: rows}
}

// piece is what is wanted of a storage block.
type piece struct {
	n      *integers
	bx, by int
	// in is the block, part what n wants of it, which goes to a plane of n.
	in, part raster.Window
	plane    int
	// packed is the block as stored, in room or on arrival; out as decoded: in memory, unless it is in its place.
	packed, room, memory, out []byte
}

// forget leaves nothing of p but memory of its own.
func (p *piece) forget() { p.n, p.out, p.packed = nil, nil, nil }

// block takes what n wants from one block: all bands, or band i of the index where each has blocks of its own. It may take it
// with the next block, or when unpack is called.
func (b *blockFile) block(n *integers, bx, by, i int, index []int, sc *scratch) error {
	if b.far != nil && b.coming.spent() {
		// What waits lies where the next blocks come to.
		if err := b.unpack(index, sc); err != nil {
			return err
		}
		if err := b.coming.ask(b); err != nil {
			return err
		}
	}
	p := &sc.pieces[sc.held]
	p.n, p.bx, p.by, p.plane = n, bx, by, 0
	p.in = b.window(bx, by)
	p.part = p.in.Intersect(n.Window)
	if b.samples == 1 {
		p.plane = i
	}
	// A block that is wanted as it is comes straight to its place, and is not copied.
	if size := b.blockBytes(p.in.H); p.part == p.in && n.W == b.bw && (b.samples == 1 || inOrder(index, b.samples)) {
		p.out = unsafe.Slice((*byte)(n.samples(p.plane, p.part.X, p.part.Y)), size)
	} else {
		p.memory = sized(p.memory, size)
		p.out = p.memory
	}
	unpacked, err := b.fetch(p, index[i])
	switch {
	case err != nil:
		return err
	case unpacked:
		b.take(p, index, sc)
		return nil
	}
	if sc.held++; sc.held < len(sc.pieces) {
		return nil
	}
	return b.unpack(index, sc)
}

// take takes what is wanted from a decoded block.
func (b *blockFile) take(p *piece, index []int, sc *scratch) {
	n, bytes := p.n, b.form.bytes()
	var picked *C.int
	if b.samples > 1 && !inOrder(index, b.samples) {
		sc.picked = sized(sc.picked, len(index))
		for k, band := range index {
			sc.picked[k] = C.int(band)
		}
		picked = &sc.picked[0]
	}
	top := unsafe.Pointer(&p.out[(p.part.Y-p.in.Y)*b.blockBytes(1)])
	if C.tuban_block_take(top, C.int(bytes), C.int(b.samples), C.int(b.bw), flag(b.predicted), C.int(p.part.X-p.in.X), C.int(p.part.W), C.int(p.part.H),
		picked, C.int(len(index)), n.samples(p.plane, p.part.X, p.part.Y), C.size_t(n.W*n.step*bytes), C.int(n.sought)) != 0 {
		n.found = true
	}
	p.forget() // the memory of a chunk, which may be dropped before the next block is decoded
}

// fetch brings the bytes of a block of a band, counted from 0, and reports whether they are decoded, but for the predictor.
func (b *blockFile) fetch(p *piece, band int) (unpacked bool, err error) {
	if b.far != nil {
		p.packed = b.coming.next()
		if !b.deflate {
			p.out = p.packed
		}
	} else if err := b.bring(p, band); err != nil {
		return false, err
	}
	if !b.deflate {
		return true, nil
	}
	// The library that GDAL has for it is better at the long matches of flat images (from 5 : 1 on it takes 0.75 of the time).
	if len(p.packed) < len(p.out)/flatness {
		return true, p.inflateByGDAL()
	}
	return false, nil
}

// bring reads the bytes of a block of a band.
func (b *blockFile) bring(p *piece, band int) error {
	at, err := b.find(band, p.bx, p.by)
	if err != nil {
		return err
	}
	to := p.out
	if b.deflate {
		p.room = sized(p.room, at.stored)
		to, p.packed = p.room, p.room
	}
	if C.tuban_block_bytes(b.file, C.uint64_t(at.offset), unsafe.Pointer(&to[0]), C.size_t(len(to))) == 0 {
		return at.short()
	}
	return nil
}

// place is where in the file a block lies, and how many bytes of it are read.
type place struct {
	bx, by int
	offset uint64
	stored int
}

// short is the error of a block that the file does not hold to its end.
func (p place) short() error { return fmt.Errorf("block %d, %d ends too early", p.bx, p.by) }

// find says where in the file a block of a band, counted from 0, is stored.
func (b *blockFile) find(band, bx, by int) (place, error) {
	var offset C.uint64_t
	var n C.size_t
	at, size := place{bx: bx, by: by}, b.blockBytes(b.window(bx, by).H)
	switch {
	case C.tuban_block_range(handleOf(b.ds), C.int(band+1), C.int(bx), C.int(by), &offset, &n) == 0:
		return at, fmt.Errorf("block %d, %d has no place in the file", bx, by)
	case !b.deflate && uint64(n) < uint64(size):
		return at, at.short()
	case b.deflate && uint64(n) > uint64(size)+largestBlock:
		return at, fmt.Errorf("block %d, %d has %d bytes for %d", bx, by, n, size)
	}
	at.offset, at.stored = uint64(offset), int(n)
	if !b.deflate {
		at.stored = size
	}
	return at, nil
}

// unpack inflates the blocks that wait for it, two of them at once, and takes what is wanted.
func (b *blockFile) unpack(index []int, sc *scratch) error {
	var ok [2]bool
	switch p := &sc.pieces; sc.held {
	case 0:
		return nil
	case 1:
		ok[0] = inflate(p[0].out, p[0].packed, false)
	case 2:
		ok = inflateTwo([2][]byte{p[0].out, p[1].out}, [2][]byte{p[0].packed, p[1].packed}, false)
	}
	for i := range sc.pieces[:sc.held] {
		p := &sc.pieces[i]
		if !ok[i] {
			if err := p.inflateByGDAL(); err != nil {
				return err
			}
		}
		b.take(p, index, sc)
	}
	sc.held = 0
	return nil
}

// inflateByGDAL inflates a block by the library of GDAL, which has the last word on what is damaged.
func (p *piece) inflateByGDAL() error {
	if !inflateByGDAL(p.out, p.packed) {
		return fmt.Errorf("block %d, %d is damaged", p.bx, p.by)
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
