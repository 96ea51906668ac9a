package kernel

// A strip holds Lanes rows interleaved: the elements of one column lie side by side. What has to go along a row one by one,
// such as a running sum, takes a whole column of a strip at a time.

// Lanes is how many rows a strip interleaves: a column is a line of the cache.
const Lanes = 16

// block is the edge of the squares that the assembly transposes.
const block = 8

// Interleave writes the first n elements of Lanes rows of src, stride apart, to the strip dst.
func Interleave(dst, src []float32, stride, n int) {
	dst, src = dst[:n*Lanes], src[:(Lanes-1)*stride+n]
	m := wide(n, block)
	if m > 0 {
		for l := 0; l < Lanes; l += block {
			transposeAVX2(dst[l:], Lanes, block*Lanes, src[l*stride:], stride, block, m/block)
		}
	}
	interleave(dst, src, stride, m, n)
}

// interleave is Interleave for the columns from … to.
func interleave(dst, src []float32, stride, from, to int) {
	for x := from; x < to; x++ {
		column := dst[x*Lanes:][:Lanes]
		for l := range column {
			column[l] = src[l*stride+x]
		}
	}
}

// Separate writes the n columns of the strip src to Lanes rows of dst, stride apart.
func Separate(dst []float32, stride int, src []float32, n int) {
	dst, src = dst[:(Lanes-1)*stride+n], src[:n*Lanes]
	m := wide(n, block)
	if m > 0 {
		for l := 0; l < Lanes; l += block {
			transposeAVX2(dst[l*stride:], stride, block, src[l:], Lanes, block*Lanes, m/block)
		}
	}
	separate(dst, stride, src, m, n)
}

// separate is Separate for the columns from … to.
func separate(dst []float32, stride int, src []float32, from, to int) {
	for l := range Lanes {
		row := dst[l*stride:][:to]
		for x := from; x < to; x++ {
			row[x] = src[x*Lanes+l]
		}
	}
}

// Advance adds row to head, and writes the sum of tail and that to dst.
func Advance(dst, head, row, tail []float32) {
	head, row, tail = head[:len(dst)], row[:len(dst)], tail[:len(dst)]
	n := wide(len(dst), 8)
	if n > 0 {
		advanceAVX2(dst[:n], head, row, tail)
	}
	advance(dst[n:], head[n:], row[n:], tail[n:])
}

func advance(dst, head, row, tail []float32) {
	head, row, tail = head[:len(dst)], row[:len(dst)], tail[:len(dst)]
	for i := range dst {
		head[i] += row[i]
		dst[i] = tail[i] + head[i]
	}
}

// Suffixes writes to each column of the strip dst the sum of that column of src and all behind it, added up from the last.
func Suffixes(dst, src []float32) {
	src = src[:len(dst)]
	if wide(len(dst), Lanes) > 0 {
		suffixesAVX2(dst, src)
		return
	}
	suffixes(dst, src)
}

func suffixes(dst, src []float32) {
	var acc [Lanes]float32
	for o := len(dst) - Lanes; o >= 0; o -= Lanes {
		d, s := dst[o:][:Lanes], src[o:][:Lanes]
		for l := range acc {
			acc[l] += s[l]
			d[l] = acc[l]
		}
	}
}

// Slide writes to column k of the strip dst the sum of column k of tail and of the first skip+k columns of head, these
// added up from the first.
func Slide(dst, tail, head []float32, skip int) {
	tail, head = tail[:len(dst)], head[:max(0, len(dst)+(skip-1)*Lanes)]
	if wide(len(dst), Lanes) > 0 {
		slideAVX2(dst, tail, head, skip)
		return
	}
	slide(dst, tail, head, skip)
}

func slide(dst, tail, head []float32, skip int) {
	var acc [Lanes]float32
	for o := 0; o < skip*Lanes; o += Lanes {
		for l, h := range head[o:][:Lanes] {
			acc[l] += h
		}
	}
	head = head[skip*Lanes:]
	for o := 0; o < len(dst); o += Lanes {
		d, t := dst[o:][:Lanes], tail[o:][:Lanes]
		if o > 0 {
			for l, h := range head[o-Lanes:][:Lanes] {
				acc[l] += h
			}
		}
		for l := range acc {
			d[l] = t[l] + acc[l]
		}
	}
}

// SlideLower lowers dst to c times what Slide writes, where that is less. No element is NaN or −0.
func SlideLower(dst, tail, head []float32, skip int, c float32) {
	tail, head = tail[:len(dst)], head[:max(0, len(dst)+(skip-1)*Lanes)]
	if wide(len(dst), Lanes) > 0 {
		slideLowerAVX2(dst, tail, head, skip, c)
		return
	}
	slideLower(dst, tail, head, skip, c)
}

func slideLower(dst, tail, head []float32, skip int, c float32) {
	var acc [Lanes]float32
	for o := 0; o < skip*Lanes; o += Lanes {
		for l, h := range head[o:][:Lanes] {
			acc[l] += h
		}
	}
	head = head[skip*Lanes:]
	for o := 0; o < len(dst); o += Lanes {
		d, t := dst[o:][:Lanes], tail[o:][:Lanes]
		if o > 0 {
			for l, h := range head[o-Lanes:][:Lanes] {
				acc[l] += h
			}
		}
		for l := range acc {
			sum := t[l] + acc[l]
			d[l] = min(d[l], float32(sum*c))
		}
	}
}
