package gdal

import (
	"bytes"
	"encoding/binary"
	"hash/adler32"
	"testing"
)

// bits writes a stream by hand: numbers with their lowest bit first, codewords with their highest.
type bits struct {
	b []byte
	n int
}

func (w *bits) put(v, n int) *bits {
	for i := range n {
		if w.n%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.n/8] |= byte(v>>i&1) << (w.n % 8)
		w.n++
	}
	return w
}

func (w *bits) word(v, n int) *bits {
	for i := range n {
		w.put(v>>(n-1-i), 1)
	}
	return w
}

// codes begins a last block with codes of its own. Their lengths, of which there are literals + distances, are each written with
// 4 bits, and so must be below 16.
func (w *bits) codes(literals, distances int, lengths map[int]int) *bits {
	w.put(1, 1).put(2, 2).put(literals-257, 5).put(distances-1, 5).put(15, 4)
	for _, symbol := range []int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15} {
		if symbol < 16 {
			w.put(4, 3)
		} else {
			w.put(0, 3)
		}
	}
	for i := range literals + distances {
		w.word(lengths[i], 4)
	}
	return w
}

// TestInflateByHand inflates what no encoder writes: it must be taken, or refused, as compress/zlib does, and as it is said here.
func TestInflateByHand(t *testing.T) {
	fixed := func() *bits { return new(bits).put(1, 1).put(1, 2) }
	a := func(w *bits) *bits { return w.word(0x30+'a', 8) }
	for _, c := range []struct {
		name string
		w    *bits
		want string // "" for a refusal
	}{
		{"a match of the first byte", a(fixed()).word(1, 7).word(0, 5).word(0, 7), "aaaa"},
		{"a match before the first byte", a(fixed()).word(1, 7).word(1, 5).word(0, 7), ""},
		{"the longest match", a(fixed()).word(0xc5, 8).word(0, 5).word(0, 7), "a" + string(bytes.Repeat([]byte("a"), 258))},
		{"258 in the other way", a(fixed()).word(0xc4, 8).put(31, 5).word(0, 5).word(0, 7), "a" + string(bytes.Repeat([]byte("a"), 258))},
		{"length symbol 286", a(fixed()).word(0xc6, 8).word(0, 5).word(0, 7), ""},
		{"distance symbol 30", a(fixed()).word(1, 7).word(30, 5).word(0, 7), ""},
		{"no end", a(fixed()), ""},
		{"a block of type 3", a(new(bits).put(1, 1).put(3, 2)).word(0, 7), ""},
		{"stored", new(bits).put(1, 3).put(0, 5).put(1, 16).put(0xfffe, 16).put('a', 8), "a"},
		{"stored, with a wrong complement", new(bits).put(1, 3).put(0, 5).put(1, 16).put(0xffff, 16).put('a', 8), ""},
		{"stored, too short", new(bits).put(1, 3).put(0, 5).put(20, 16).put(0xffff-20, 16).put('a', 8), ""},
		{"stored after fixed", a(new(bits).put(0, 1).put(1, 2)).word(0, 7).put(1, 3).put(0, 3).put(1, 16).put(0xfffe, 16).put('b', 8), "ab"},
		{"a complete code, no distances", new(bits).codes(257, 1, map[int]int{'a': 1, 256: 1}).word(0, 1).word(1, 1), "a"},
		{"a match without a code for distances", new(bits).codes(258, 1, map[int]int{'a': 1, 256: 2, 257: 2}).word(0, 1).word(3, 2).word(0, 1).word(2, 2), ""},
		{"a single distance of one bit", new(bits).codes(258, 1, map[int]int{'a': 1, 256: 2, 257: 2, 258: 1}).word(0, 1).word(3, 2).word(0, 1).word(2, 2), "aaaa"},
		{"the other bit", new(bits).codes(258, 1, map[int]int{'a': 1, 256: 2, 257: 2, 258: 1}).word(0, 1).word(3, 2).word(1, 1).word(2, 2), ""},
		{"a single distance of two bits", new(bits).codes(258, 1, map[int]int{'a': 1, 256: 2, 257: 2, 258: 2}).word(0, 1).word(3, 2).word(0, 2).word(2, 2), ""},
		{"an incomplete code", new(bits).codes(257, 1, map[int]int{'a': 2, 256: 1}).word(2, 2).word(0, 1), ""},
		{"an over-subscribed code", new(bits).codes(257, 1, map[int]int{'a': 1, 'b': 1, 256: 1}).word(0, 1).word(1, 1), ""},
		{"a code without an end", new(bits).codes(257, 1, map[int]int{'a': 1, 'b': 1}).word(0, 1).word(1, 1), ""},
		{"codewords of 15 bits", new(bits).codes(257, 1, longCode()).word(1<<15-2, 15).word(1<<15-1, 15), "\x0e"},
		{"287 literals", new(bits).codes(287, 1, map[int]int{'a': 1, 256: 1}).word(0, 1).word(1, 1), ""},
		{"31 distances", new(bits).codes(257, 31, map[int]int{'a': 1, 256: 1}).word(0, 1).word(1, 1), ""},
		{"a repetition of nothing", new(bits).put(1, 1).put(2, 2).put(0, 10).put(0, 4).put(1, 3).put(1, 3).put(0, 6).put(0, 80), ""},
	} {
		src := append([]byte{0x78, 0x9c}, c.w.b...)
		src = binary.BigEndian.AppendUint32(src, adler32.Checksum([]byte(c.want)))
		var want []byte
		if c.want != "" {
			want = []byte(c.want)
		}
		if !bytes.Equal(inflated(src), want) {
			t.Errorf("%s: compress/zlib makes %q of it", c.name, inflated(src))
		}
		t.Run(c.name, func(t *testing.T) {
			for size := range 300 {
				if size == len(want) {
					checkInflate(t, src, size, want)
				} else {
					checkInflate(t, src, size, nil)
				}
			}
		})
	}
	for _, header := range [][]byte{{}, {0x78}, {0x78, 0x9d}, {0x79, 0x9b}, {0x88, 0x1c}, {0x78, 0xbb}} {
		checkInflate(t, append(header, 3, 0, 0, 0, 0, 1), 0, nil)
	}
	checkInflate(t, []byte{0x78, 0x9c, 3, 0, 0, 0, 0, 1}, 0, []byte{})
}

// TestInflateBeforeBegin copies from before the first byte, far from both ends of the stream, where what lies there would make
// the sum right.
func TestInflateBeforeBegin(t *testing.T) {
	for n := range 40 {
		w, data := new(bits).put(1, 1).put(1, 2), bytes.Repeat([]byte{'a'}, n)
		for range n {
			w.word(0x30+'a', 8)
		}
		w.word(1, 7) // 3 bytes, from n + 1 back
		switch {
		case n < 4:
			w.word(n, 5)
		case n < 8:
			w.word(4+(n-4)/2, 5).put((n-4)%2, 1)
		case n < 16:
			w.word(6+(n-8)/4, 5).put((n-8)%4, 2)
		case n < 32:
			w.word(8+(n-16)/8, 5).put((n-16)%8, 3)
		default:
			w.word(10+(n-32)/16, 5).put((n-32)%16, 4)
		}
		whole := append([]byte{0xa5}, data...) // checkInflate has this byte around
		for i := range 3 {
			data = append(data, whole[i%(n+1)])
		}
		for range 400 {
			w.word(0x30+'b', 8)
			data = append(data, 'b')
		}
		w.word(0, 7)
		src := binary.BigEndian.AppendUint32(append([]byte{0x78, 0x9c}, w.b...), adler32.Checksum(data))
		checkInflate(t, src, len(data), nil)
	}
}

// TestInflateToTheEnd makes as many bytes by each step as there can be, two literals and a match of 15, up to the last one.
func TestInflateToTheEnd(t *testing.T) {
	for n := range 60 {
		w := new(bits).codes(268, 8, map[int]int{'a': 1, 256: 2, 267: 2, 268 + 7: 1})
		for range 16 {
			w.word(0, 1)
		}
		for range n {
			w.word(0, 2).word(3, 2).put(0, 1).word(0, 1).put(3, 2)
		}
		w.word(2, 2)
		data := bytes.Repeat([]byte{'a'}, 16+17*n)
		src := binary.BigEndian.AppendUint32(append([]byte{0x78, 0x9c}, w.b...), adler32.Checksum(data))
		checkInflate(t, append(src, make([]byte, 1000)...), len(data), data) // the end of the input is far
	}
}

// longCode has codewords of 1 to 15 bits, that of the end last.
func longCode() map[int]int {
	lengths := map[int]int{256: 15}
	for i := range 15 {
		lengths[i] = i + 1
	}
	return lengths
}
