package pipeline

import (
	"encoding/binary"
	"math"

	"tuban/raster"
)

// packing is how samples are kept.
type packing uint8

const (
	// asFloats keeps them as they are.
	asFloats packing = iota
	// asWhole keeps whole numbers below 65535, of which most imagery consists, in two bytes; NaN is 65535.
	asWhole
)

// noWhole stands for NaN among whole numbers.
const noWhole = math.MaxUint16

func (p packing) size() int {
	if p == asWhole {
		return 2
	}
	return 4
}

// pack packs part of b, those planes of it that has says, one after the other, in dst's memory if it suffices; whole says
// that no sample is NaN.
func pack(dst []byte, b *raster.Block, part raster.Window, has []bool) (out []byte, p packing, whole bool) {
	var planes []int
	for i, h := range has {
		if h {
			planes = append(planes, i)
		}
	}
	n := len(planes) * int(part.Pixels())
	dst = grow(dst, 4*n)
	if whole, ok := packWhole(dst, b, part, planes); ok {
		return dst[:2*n], asWhole, whole
	}
	whole = true
	at := dst
	for _, i := range planes {
		for y := part.Y; y < part.Y+part.H; y++ {
			for k, v := range b.Row(i, y)[part.X-b.X:][:part.W] {
				binary.LittleEndian.PutUint32(at[4*k:], math.Float32bits(v))
				whole = whole && v == v
			}
			at = at[4*part.W:]
		}
	}
	return dst, asFloats, whole
}

// packWhole is pack as whole numbers; not ok where some sample is none.
func packWhole(dst []byte, b *raster.Block, part raster.Window, planes []int) (whole, ok bool) {
	whole = true
	for _, i := range planes {
		for y := part.Y; y < part.Y+part.H; y++ {
			row := b.Row(i, y)[part.X-b.X:][:part.W]
			for k, v := range row {
				n := uint16(noWhole)
				switch {
				case v != v:
					whole = false
				case !(v >= 0 && v < noWhole):
					return false, false
				default:
					n = uint16(v)
					if math.Float32bits(float32(n)) != math.Float32bits(v) { // −0 is another number
						return false, false
					}
				}
				binary.LittleEndian.PutUint16(dst[2*k:], n)
			}
			dst = dst[2*part.W:]
		}
	}
	return whole, true
}

// unpack copies part of the plane of a packed window from to dst over w.
func (p packing) unpack(dst []float32, w raster.Window, packed []byte, from raster.Window, plane int, part raster.Window) {
	size := p.size()
	for y := part.Y; y < part.Y+part.H; y++ {
		o := (y-w.Y)*w.W + part.X - w.X
		row := dst[o : o+part.W]
		src := packed[size*((plane*from.H+y-from.Y)*from.W+part.X-from.X):][:size*part.W]
		if p == asFloats {
			for i := range row {
				row[i] = math.Float32frombits(binary.LittleEndian.Uint32(src[4*i:]))
			}
			continue
		}
		for i := range row {
			n := binary.LittleEndian.Uint16(src[2*i:])
			row[i] = float32(n)
			if n == noWhole {
				row[i] = raster.NaN
			}
		}
	}
}
