package gdal

/*
#include "integers.h"
*/
import "C"

import (
	"unsafe"

	"tuban/raster"
)

// form is how samples are kept until someone asks for values. Those of 8 and 16 bits stay as they are stored: half the
// memory, and one pass over them that separates the bands, converts and blanks.
type form uint8

const (
	asValues form = 0 // float32 already
	asUint8  form = C.TUBAN_UINT8
	asUint16 form = C.TUBAN_UINT16
	asInt16  form = C.TUBAN_INT16
)

var formOf = map[string]form{"Byte": asUint8, "UInt16": asUint16, "Int16": asInt16}

// bytes is the size of a sample.
func (f form) bytes() int {
	switch f {
	case asUint8:
		return 1
	case asUint16, asInt16:
		return 2
	}
	return 4
}

// holds returns the sample that reads as the value v, if there is one.
func (f form) holds(v float64) (sample int, ok bool) {
	least, most := 0, 255
	switch f {
	case asUint16:
		most = 1<<16 - 1
	case asInt16:
		least, most = -1<<15, 1<<15-1
	}
	// As values are compared: a tag of 0.00000001 more than a sample means the sample.
	v = float64(float32(v))
	if !(float64(least) <= v && v <= float64(most)) || v != float64(int(v)) {
		return 0, false
	}
	return int(v), true
}

// integers are the samples of a window of a file in some of its bands.
type integers struct {
	raster.Window
	form form
	mem  []byte
	// Sample k of band i lies step·k + band·i samples from the first: bands alternate, or follow one another.
	step, band int
	// bad are the pixels without a value, nil when there are none; void says that no pixel has one.
	bad  []bool
	void bool
	// sought is the sample that is no data, as 16 bits, −1 when there is no such or several; found says that there may be some.
	sought int
	found  bool
}

// room is how many float32 of memory hold the integers of n pixels in so many bands, and which of them are bad.
func (f form) room(n, bands int) int { return (n*bands*f.bytes() + n + 3) / 4 }

// within lays the integers of a window into memory for room float32.
func (f form) within(slab []float32, w raster.Window, bands int) integers {
	mem := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(slab))), 4*len(slab))
	n := int(w.Pixels())
	used := n * bands * f.bytes()
	bad := unsafe.Slice((*bool)(unsafe.Pointer(unsafe.SliceData(mem[used:]))), n)
	return integers{Window: w, form: f, mem: mem[:used:used], bad: bad, sought: -1}
}

// interleaved and separate say how the bands lie.
func (n *integers) interleaved(bands int) { n.step, n.band = bands, 1 }
func (n *integers) separate()             { n.step, n.band = 1, int(n.Pixels()) }

// samples returns the address of the sample of band i at (x, y) of the file.
func (n *integers) samples(i, x, y int) unsafe.Pointer {
	o := ((y-n.Y)*n.W+x-n.X)*n.step + i*n.band
	return unsafe.Pointer(&n.mem[o*n.form.bytes()])
}

// values writes the pixels of part to dst, planes over dw, one for each band; nil ones are left out.
func (n *integers) values(dst [][]float32, dw, part raster.Window, bands []raster.Band) {
	o := (part.Y-dw.Y)*dw.W + part.X - dw.X
	if !n.void && n.form == asUint16 && n.step == 4 && len(dst) == 4 && dst[0] != nil && dst[1] != nil && dst[2] != nil && dst[3] != nil {
		C.tuban_widen4((*C.uint16_t)(n.samples(0, part.X, part.Y)), C.size_t(n.W*4),
			float(dst[0][o:]), float(dst[1][o:]), float(dst[2][o:]), float(dst[3][o:]), C.size_t(dw.W), C.int(part.W), C.int(part.H))
	} else {
		for i, p := range dst {
			switch {
			case p == nil:
			case n.void:
				for y := range part.H {
					raster.Fill(p[o+y*dw.W:][:part.W], raster.NaN)
				}
			default:
				C.tuban_widen(C.int(n.form), n.samples(i, part.X, part.Y), C.size_t(n.step), C.size_t(n.W*n.step),
					float(p[o:]), C.size_t(dw.W), C.int(part.W), C.int(part.H))
			}
		}
	}
	for i, p := range dst {
		if p == nil || n.void {
			continue
		}
		if b := bands[i]; b.Scale != 1 || b.Offset != 0 {
			for y := range part.H {
				rescale(p[o+y*dw.W:][:part.W], b)
			}
		}
		if n.bad != nil {
			at := (part.Y-n.Y)*n.W + part.X - n.X
			C.tuban_blank((*C.uint8_t)(unsafe.Pointer(&n.bad[at])), C.size_t(n.W), float(p[o:]), C.size_t(dw.W), C.int(part.W), C.int(part.H))
		}
	}
}

func float(p []float32) *C.float { return (*C.float)(unsafe.Pointer(unsafe.SliceData(p))) }

// rescale brings samples to values.
func rescale(p []float32, b raster.Band) {
	for j, v := range p {
		// The conversions keep the product from being fused with the sum.
		p[j] = float32(float64(float64(v)*b.Scale) + b.Offset)
	}
}

// seek notes the sample that is no data in every one of the bands, so that whoever brings the samples looks out for it: most
// blocks have none.
func (n *integers) seek(bands []raster.Band) {
	n.sought = -1
	for i, b := range bands {
		v, ok := n.form.holds(b.NoData)
		v &= 0xffff
		if !b.HasNoData || !ok || i > 0 && v != n.sought {
			n.sought = -1
			return
		}
		n.sought = v
	}
}

// markNoData marks the pixels that are no data in one of the bands.
func (n *integers) markNoData(bands []raster.Band) (any bool) {
	if n.sought >= 0 && !n.found {
		return false
	}
	for i, b := range bands {
		if v, ok := n.form.holds(b.NoData); b.HasNoData && ok {
			C.tuban_mark(C.int(n.form), unsafe.Pointer(&n.mem[i*n.band*n.form.bytes()]), C.size_t(n.step), C.size_t(n.Pixels()), C.int(v),
				(*C.uint8_t)(unsafe.Pointer(&n.bad[0])))
			any = true
		}
	}
	return any
}
