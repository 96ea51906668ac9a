package masktiff

import "encoding/binary"

// tileEdge is the edge of a storage tile in pixels; a row of it is within reach of a match.
const tileEdge = 512

// piece is a part of one row of a tile that holds a value other than 0.
type piece struct {
	y, x0, x1 uint16
	value     uint8
}

// A token is a byte, or a match of 3 to 258 bytes with those one byte before (a run) or one row before.
const (
	isMatch = 1 << 10
	fromRow = 1 << 9
	lengths = 1<<9 - 1

	minMatch, maxMatch = 3, 258
)

// Symbols of DEFLATE (RFC 1951, 3.2.5).
const (
	endOfBlock  = 256
	litSymbols  = 286
	distSymbols = 18 // of which the first is a distance of 1, and the last, with seven more bits, one of 385 to 512
	rowDistance = distSymbols - 1
)

// lengthSymbol is how the length of a match is sent.
var lengthSymbol = func() (out [maxMatch + 1]struct {
	symbol uint16
	extra  uint8 // bits
	value  uint16
}) {
	base := minMatch
	for s := 257; s < litSymbols-1; s++ {
		extra := max(0, (s-261)/4)
		for i := range 1 << extra {
			if base+i < maxMatch {
				out[base+i].symbol, out[base+i].extra, out[base+i].value = uint16(s), uint8(extra), uint16(i)
			}
		}
		base += 1 << extra
	}
	out[maxMatch].symbol = litSymbols - 1
	return out
}()

// encoder makes zlib streams of tiles. Its zero value is ready; the result of one call lasts until the next.
type encoder struct {
	tokens []uint16
	count  [litSymbols]uint32
	// run is how often value is still to be sent, copied how many bytes of the row before.
	run, copied int
	value       uint8
	a, b        uint64 // of Adler-32

	literals, headers code
	out               []byte
	bits              uint64
	held              uint
}

// tile returns the zlib stream of the tile whose pieces, in order and apart, are given; all else is 0.
func (e *encoder) tile(pieces []piece) []byte {
	e.tokens, e.count = e.tokens[:0], [litSymbols]uint32{}
	e.run, e.copied, e.a, e.b = 0, 0, 1, 0
	var before []piece
	row := 0
	for at := 0; at < len(pieces); {
		end := at + 1
		for end < len(pieces) && pieces[end].y == pieces[at].y {
			end++
		}
		now, y := pieces[at:end], int(pieces[at].y)
		if y > row {
			e.fill(0, (y-row)*tileEdge)
			before = nil
		}
		if sameRow(before, now) {
			e.repeat(now)
		} else {
			e.row(now)
		}
		before, row, at = now, y+1, end
	}
	e.fill(0, (tileEdge-row)*tileEdge)
	e.flush()
	return e.stream()
}

func sameRow(a, b []piece) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].x0 != b[i].x0 || a[i].x1 != b[i].x1 || a[i].value != b[i].value {
			return false
		}
	}
	return true
}

// row sends a row piece by piece.
func (e *encoder) row(pieces []piece) {
	x := 0
	for _, p := range pieces {
		e.fill(0, int(p.x0)-x)
		e.fill(p.value, int(p.x1-p.x0))
		x = int(p.x1)
	}
	e.fill(0, tileEdge-x)
}

// repeat sends a row that equals the one before.
func (e *encoder) repeat(pieces []piece) {
	if e.run > 0 {
		e.flush()
	}
	e.copied += tileEdge
	x := 0
	for _, p := range pieces {
		e.sum(0, int(p.x0)-x)
		e.sum(p.value, int(p.x1-p.x0))
		x = int(p.x1)
	}
	e.sum(0, tileEdge-x)
}

// fill sends n bytes of one value.
func (e *encoder) fill(value uint8, n int) {
	if n == 0 {
		return
	}
	e.sum(value, n)
	if e.copied > 0 || e.run > 0 && e.value != value {
		e.flush()
	}
	e.value = value
	e.run += n
}

// sum adds n bytes of one value to the checksum.
func (e *encoder) sum(value uint8, n int) {
	const prime = 65521
	count, v := uint64(n), uint64(value)
	e.b = (e.b + count*e.a + v*(count*(count+1)/2)) % prime
	e.a = (e.a + count*v) % prime
}

// flush makes tokens of what is to be sent.
func (e *encoder) flush() {
	if e.run > 0 {
		e.literal(e.value)
		if e.run--; e.run >= minMatch {
			e.match(e.run, 0)
		} else {
			for range e.run {
				e.literal(e.value)
			}
		}
	}
	if e.copied > 0 {
		e.match(e.copied, fromRow)
	}
	e.run, e.copied = 0, 0
}

func (e *encoder) literal(value uint8) {
	e.tokens = append(e.tokens, uint16(value))
	e.count[value]++
}

// match makes tokens of a match of n bytes, 3 or more.
func (e *encoder) match(n int, from uint16) {
	for n > 0 {
		l := min(n, maxMatch)
		if left := n - l; left > 0 && left < minMatch {
			l -= minMatch - left
		}
		e.tokens = append(e.tokens, isMatch|from|uint16(l))
		e.count[lengthSymbol[l].symbol]++
		n -= l
	}
}

// stream writes the tokens as one block of DEFLATE with codes of its own (RFC 1950 and 1951).
func (e *encoder) stream() []byte {
	e.out, e.bits, e.held = append(e.out[:0], 0x78, 0x9c), 0, 0
	e.count[endOfBlock] = 1
	e.literals.build(e.count[:], 15)
	e.put(1|2<<1, 3) // the last block, of dynamic codes
	e.header()
	for _, t := range e.tokens {
		if t&isMatch == 0 {
			e.put(uint64(e.literals.bits[t]), uint(e.literals.length[t]))
			continue
		}
		l := &lengthSymbol[t&lengths]
		e.put(uint64(e.literals.bits[l.symbol]), uint(e.literals.length[l.symbol]))
		e.put(uint64(l.value), uint(l.extra))
		if t&fromRow == 0 {
			e.put(0, 1)
		} else {
			e.put(1|(tileEdge-385)<<1, 8)
		}
	}
	e.put(uint64(e.literals.bits[endOfBlock]), uint(e.literals.length[endOfBlock]))
	e.put(0, 7) // whatever is held goes out
	return binary.BigEndian.AppendUint32(e.out, uint32(e.b<<16|e.a))
}

// put appends the n lowest bits of v, at most 32. What does not fill a byte waits.
func (e *encoder) put(v uint64, n uint) {
	e.bits |= v << e.held
	e.held += n
	for e.held >= 8 {
		e.out = append(e.out, byte(e.bits))
		e.bits >>= 8
		e.held -= 8
	}
}

// headerOrder is the order in which the lengths of the code for lengths are sent.
var headerOrder = [...]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// header sends the lengths of both codes. That of distances is always the same: one bit.
func (e *encoder) header() {
	var all [litSymbols + distSymbols]uint8
	copy(all[:], e.literals.length)
	all[litSymbols], all[litSymbols+rowDistance] = 1, 1
	// A symbol is a length, or 17 or 18 for a repetition of 0; 16, for one of another length, is not worth it here.
	type symbol struct{ s, repeat uint8 }
	var list [len(all)]symbol
	n := 0
	var count [len(headerOrder)]uint32
	for i := 0; i < len(all); {
		run := 1
		for all[i] == 0 && run < 138 && i+run < len(all) && all[i+run] == 0 {
			run++
		}
		s := symbol{s: all[i]}
		switch {
		case run >= 11:
			s = symbol{18, uint8(run - 11)}
		case run >= 3:
			s = symbol{17, uint8(run - 3)}
		default:
			run = 1
		}
		count[s.s]++
		list[n] = s
		n, i = n+1, i+run
	}
	e.headers.build(count[:], 7)
	e.put(litSymbols-257, 5)
	e.put(distSymbols-1, 5)
	e.put(uint64(len(headerOrder)-4), 4)
	for _, s := range headerOrder {
		e.put(uint64(e.headers.length[s]), 3)
	}
	for _, s := range list[:n] {
		e.put(uint64(e.headers.bits[s.s]), uint(e.headers.length[s.s]))
		switch s.s {
		case 17:
			e.put(uint64(s.repeat), 3)
		case 18:
			e.put(uint64(s.repeat), 7)
		}
	}
}
