package clean

import "encoding/binary"

// Opening and closing look at each pixel's neighbours in turn, so that 64 pixels at a time are words of bits: a box of radius r is r
// boxes of radius 1 after one another, whose pixels outside of the mask take no part in either.

// bitmap is a mask, a bit for each pixel, rows of whole words. Bits beyond a row's end are 0.
type bitmap struct {
	w, h, words int
	bits        []uint64
	some        []bool // whether a row has a bit
	rows        [3][]uint64
}

// row returns the words of row y.
func (b *bitmap) row(y int) []uint64 { return b.bits[y*b.words : (y+1)*b.words] }

// reset makes b w × h pixels of unspecified content.
func (b *bitmap) reset(w, h int) {
	b.w, b.h, b.words = w, h, (w+63)/64
	if n := b.words * h; cap(b.bits) < n {
		b.bits = make([]uint64, n)
	} else {
		b.bits = b.bits[:n]
	}
	if cap(b.some) < h {
		b.some = make([]bool, h)
	}
	b.some = b.some[:h]
	for i := range b.rows {
		if cap(b.rows[i]) < b.words {
			b.rows[i] = make([]uint64, b.words)
		}
		b.rows[i] = b.rows[i][:b.words]
	}
}

// pack sets the bits of the fired pixels of mask.
func (b *bitmap) pack(mask []uint8) {
	// The bit of each of eight bytes goes to its place in the highest.
	const gather = 0x0102040810204080
	for y := range b.h {
		src, dst := mask[y*b.w:(y+1)*b.w], b.row(y)
		var any uint64
		for i := range dst {
			var word uint64
			part := src[i*64 : min(i*64+64, b.w)]
			k := 0
			for ; k+8 <= len(part); k += 8 {
				if v := binary.LittleEndian.Uint64(part[k:]) & eightFired; v != 0 {
					word |= v >> 1 * gather >> 56 << k
				}
			}
			for ; k < len(part); k++ {
				word |= uint64(part[k]>>1&1) << k
			}
			dst[i] = word
			any |= word
		}
		b.some[y] = any != 0
	}
}

// eightBytes has eight pixels for each eight bits.
var eightBytes = func() (t [256]uint64) {
	for v := range t {
		for k := range 8 {
			t[v] |= uint64(v) >> k & 1 << 1 << (8 * k)
		}
	}
	return t
}()

// unpack writes the pixels to mask, 0 or 2.
func (b *bitmap) unpack(mask []uint8) {
	for y := range b.h {
		dst, src := mask[y*b.w:(y+1)*b.w], b.row(y)
		if !b.some[y] {
			clear(dst)
			continue
		}
		for i, word := range src {
			part := dst[i*64 : min(i*64+64, b.w)]
			k := 0
			for ; k+8 <= len(part); k += 8 {
				binary.LittleEndian.PutUint64(part[k:], eightBytes[word>>k&255])
			}
			for ; k < len(part); k++ {
				part[k] = uint8(word>>k&1) << 1
			}
		}
	}
}

// dilate sets every pixel with a neighbour that is set, erode clears every one with a neighbour that is not; r times.
func (b *bitmap) dilate(r int) { b.grow(r, 0) }
func (b *bitmap) erode(r int)  { b.grow(r, ^uint64(0)) }

// grow is dilate of what is set, or, with flip, of what is not.
func (b *bitmap) grow(r int, flip uint64) {
	for range r {
		above, here, below := b.rows[0], b.rows[1], b.rows[2]
		clear(above) // nothing lies above the mask
		b.along(here, 0, flip)
		was := false // whether the row above had a bit, before it was written
		for y := range b.h {
			if y+1 < b.h {
				b.along(below, y+1, flip)
			} else {
				clear(below)
			}
			has := b.some[y]
			next := y+1 < b.h && b.some[y+1]
			b.some[y] = b.across(b.row(y), above, here, below, flip, was, has, next)
			was = has
			above, here, below = here, below, above
		}
	}
}

// along writes to dst row y, flipped, with what lies to the left and right of it.
func (b *bitmap) along(dst []uint64, y int, flip uint64) {
	if flip == 0 && !b.some[y] {
		clear(dst)
		return
	}
	src := b.row(y)
	dst = dst[:len(src)]
	last := len(src) - 1
	ends := b.ends()
	left := uint64(0)
	v := src[0] ^ flip
	if last == 0 {
		v &= ends
	}
	for i := range src {
		right := uint64(0)
		if i < last {
			right = src[i+1] ^ flip
			if i+1 == last {
				right &= ends
			}
		}
		dst[i] = v | v<<1 | left>>63 | v>>1 | right<<63
		left, v = v, right
	}
	dst[last] &= ends
}

// across writes to dst the three rows together, flipped back, and reports whether it has a bit. was, has and next say which of the
// rows had one.
func (b *bitmap) across(dst, above, here, below []uint64, flip uint64, was, has, next bool) bool {
	if flip != 0 && !has || flip == 0 && !was && !has && !next {
		clear(dst)
		return false
	}
	above, here, below = above[:len(dst)], here[:len(dst)], below[:len(dst)]
	var any uint64
	for i := range dst {
		v := (above[i] | here[i] | below[i]) ^ flip
		if i == len(dst)-1 {
			v &= b.ends()
		}
		dst[i] = v
		any |= v
	}
	return any != 0
}

// ends has the bits that the last word of a row has.
func (b *bitmap) ends() uint64 { return ^uint64(0) >> (63 & (64 - b.w%64)) }
