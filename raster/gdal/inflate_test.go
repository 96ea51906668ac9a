package gdal

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/adler32"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// deflated is data as a zlib stream.
func deflated(t testing.TB, data []byte, level int) []byte {
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// inflated is what compress/zlib makes of a stream, nil when it refuses it.
func inflated(src []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(src))
	if err != nil {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(r, 1<<22))
	if err != nil {
		return nil
	}
	return append([]byte{}, data...)
}

// checkInflate inflates src to size bytes amid others that must stay as they are, in each way, alone and beside another stream;
// want is nil for a refusal.
func checkInflate(t *testing.T, src []byte, size int, want []byte) {
	t.Helper()
	for _, plain := range []bool{false, true} {
		c := newCase(src, size, want)
		c.check(t, inflate(c.dst(), c.src, plain))
		others := besides(t)
		other := others[len(src)%len(others)]
		checkTwo(t, newCase(src, size, want), newCase(other.src, len(other.want), other.want), plain)
	}
}

// checkTwo inflates two streams beside one another, either of them first.
func checkTwo(t *testing.T, a, b *inflateCase, plain bool) {
	t.Helper()
	for range 2 {
		a.clear()
		b.clear()
		ok := inflateTwo([2][]byte{a.dst(), b.dst()}, [2][]byte{a.src, b.src}, plain)
		a.check(t, ok[0])
		b.check(t, ok[1])
		a, b = b, a
	}
}

// inflateCase is a stream and what is to come of it: want, nil for a refusal, amid bytes that must stay as they are.
type inflateCase struct {
	src, mem, want []byte
}

const around = 64

func newCase(src []byte, size int, want []byte) *inflateCase {
	// Exactly as long as it is, so that a read beyond would be one of another object.
	c := &inflateCase{src: append(make([]byte, 0, len(src)), src...), mem: make([]byte, size+2*around), want: want}
	c.clear()
	return c
}

func (c *inflateCase) clear() {
	for i := range c.mem {
		c.mem[i] = 0xa5
	}
}

func (c *inflateCase) dst() []byte { return c.mem[around : len(c.mem)-around] }

func (c *inflateCase) check(t *testing.T, ok bool) {
	t.Helper()
	size := len(c.dst())
	if ok != (c.want != nil) {
		t.Fatalf("%d bytes to %d: %v", len(c.src), size, ok)
	}
	if ok && !bytes.Equal(c.dst(), c.want) {
		t.Fatalf("%d bytes to %d are wrong", len(c.src), size)
	}
	for i := range around {
		if c.mem[i] != 0xa5 || c.mem[around+size+i] != 0xa5 {
			t.Fatalf("%d bytes to %d: written beyond", len(c.src), size)
		}
	}
}

// besides are good streams, of many matches and of none.
func besides(t testing.TB) []*inflateCase {
	goodStreams.Do(func() {
		data := someData(900)
		for _, kind := range []string{"imagery", "periods", "skewed"} {
			for _, level := range []int{flate.HuffmanOnly, flate.BestCompression} {
				goodCases = append(goodCases, newCase(deflated(t, data[kind], level), len(data[kind]), data[kind]))
			}
		}
	})
	return goodCases
}

var (
	goodStreams sync.Once
	goodCases   []*inflateCase
)

// someData are n bytes of several kinds, each of which takes its own way through a decoder.
func someData(n int) map[string][]byte {
	random := rand.New(rand.NewPCG(7, uint64(n)))
	fill := func(next func(b []byte, i int) byte) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = next(b, i)
		}
		return b
	}
	return map[string][]byte{
		"zero":   make([]byte, n),
		"most":   bytes.Repeat([]byte{255}, n), // the largest sums
		"random": fill(func([]byte, int) byte { return byte(random.Uint32()) }),
		"imagery": fill(func(_ []byte, i int) byte { // differences of 16 bits
			if i%2 == 1 {
				return -byte(random.IntN(2))
			}
			return byte(int(random.NormFloat64() * 12))
		}),
		"skewed": fill(func([]byte, int) byte { // codewords of all lengths
			b := byte(0)
			for b < 40 && random.IntN(8) > 2 {
				b++
			}
			return b
		}),
		"periods": fill(func(b []byte, i int) byte { // near matches, of each distance
			if d := 1 + i/300%40; i >= d && random.IntN(50) > 0 {
				return b[i-d]
			}
			return byte(random.Uint32())
		}),
		"far": fill(func(b []byte, i int) byte { // distances up to the longest
			if i >= 32768 && i/100%2 == 0 {
				return b[i-32768]
			}
			return byte(random.Uint32())
		}),
	}
}

// TestInflate inflates what compress/zlib deflated, at each level, to as many bytes, and to one more and one less.
func TestInflate(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 31, 32, 33, 63, 257, 258, 300, 575, 1000, 5551, 5552, 5553, 70_001, 300_007} {
		for name, data := range someData(n) {
			for level := flate.HuffmanOnly; level <= flate.BestCompression; level++ {
				if n > 10_000 && level > 1 && level != 6 {
					continue
				}
				src := deflated(t, data, level)
				checkInflate(t, src, n, data)
				checkInflate(t, append(src, 1, 2, 3), n, data)
				checkInflate(t, src, n+1, nil)
				if n > 0 {
					checkInflate(t, src, n-1, nil)
				}
				for range 5 { // a wrong sum
					bad := bytes.Clone(src)
					bad[len(bad)-1-int(rand.Uint32()%4)] ^= 1 << (rand.Uint32() % 8)
					checkInflate(t, bad, n, nil)
				}
			}
			if t.Failed() {
				t.Fatal(name)
			}
		}
	}
}

// TestInflateTwo inflates any two streams beside one another, some of them damaged: each must be taken as if it were alone.
func TestInflateTwo(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		stream := func(name string) *inflateCase {
			n := rapid.OneOf(rapid.IntRange(0, 300), rapid.IntRange(0, 40_000)).Draw(rt, name+" bytes")
			kinds := someData(n)
			data := kinds[rapid.SampledFrom(slices.Sorted(maps.Keys(kinds))).Draw(rt, name)]
			src := deflated(t, data, rapid.IntRange(flate.HuffmanOnly, flate.BestCompression).Draw(rt, name+" level"))
			if !rapid.Bool().Draw(rt, name+" is damaged") {
				return newCase(src, n, data)
			}
			i := rapid.IntRange(0, 8*len(src)-1).Draw(rt, name+" bit")
			src[i/8] ^= 1 << (i % 8)
			want := inflated(src)
			if len(want) != n {
				want = nil
			}
			return newCase(src, n, want)
		}
		checkTwo(t, stream("first"), stream("second"), rapid.Bool().Draw(rt, "plain"))
	})
}

// TestInflateDamaged truncates a stream at each byte, which must be refused, and flips each of its bits, which must be taken as
// compress/zlib takes it.
func TestInflateDamaged(t *testing.T) {
	for _, n := range []int{40, 700} {
		for name, data := range someData(n) {
			for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, flate.BestCompression} {
				// Not all of the longer ones, which are there for what is done far from both ends.
				if n > 40 && (level == flate.NoCompression || name == "random" || name == "far") {
					continue
				}
				src := deflated(t, data, level)
				for i := range src {
					checkInflate(t, src[:i], n, nil)
				}
				for i := range 8 * len(src) {
					bad := bytes.Clone(src)
					bad[i/8] ^= 1 << (i % 8)
					want := inflated(bad)
					if len(want) != n {
						want = nil
					}
					checkInflate(t, bad, n, want)
				}
				if t.Failed() {
					t.Fatal(name, level)
				}
			}
		}
	}
}

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

// FuzzInflate takes any bytes for DEFLATE, and gives them the sum that compress/flate finds: what that decodes must be decoded,
// to the same bytes, and the rest refused.
func FuzzInflate(f *testing.F) {
	for _, data := range someData(2000) {
		for _, level := range []int{flate.HuffmanOnly, flate.NoCompression, flate.BestSpeed, flate.BestCompression} {
			src := deflated(f, data, level)
			f.Add(src[2 : len(src)-4])
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		const most = 1 << 18
		in := bytes.NewReader(raw)
		data, err := io.ReadAll(io.LimitReader(flate.NewReader(in), most))
		if len(data) == most {
			return
		}
		src := append([]byte{0x78, 0x9c}, raw[:len(raw)-in.Len()]...)
		src = binary.BigEndian.AppendUint32(src, adler32.Checksum(data))
		if err != nil {
			data = append(data[:0:0], data...)
			checkInflate(t, src, len(data), nil)
			return
		}
		checkInflate(t, src, len(data), append([]byte{}, data...))
	})
}

// BenchmarkInflate inflates two blocks of imagery, four bands of 16 bits, by the decoder of this package, beside one another and
// one after the other, without the instructions that only some processors have, and by the library that GDAL uses.
func BenchmarkInflate(b *testing.B) {
	data := someData(512 * 512 * 8)["imagery"]
	for _, level := range []int{1, 6, 9} {
		src, dst := deflated(b, data, level), [2][]byte{make([]byte, len(data)), make([]byte, len(data))}
		each := func(run func(dst []byte) bool) func() bool {
			return func() bool { return run(dst[0]) && run(dst[1]) }
		}
		two := func(plain bool) func() bool {
			return func() bool { return inflateTwo(dst, [2][]byte{src, src}, plain) == [2]bool{true, true} }
		}
		for _, c := range []struct {
			name string
			run  func() bool
		}{
			{"two", two(false)},
			{"own", each(func(dst []byte) bool { return inflate(dst, src, false) })},
			{"plain-two", two(true)},
			{"plain", each(func(dst []byte) bool { return inflate(dst, src, true) })},
			{"GDAL", each(func(dst []byte) bool { return inflateByGDAL(dst, src) })},
		} {
			b.Run(fmt.Sprintf("%d/%s", level, c.name), func(b *testing.B) {
				b.SetBytes(2 * int64(len(data)))
				for b.Loop() {
					if !c.run() {
						b.Fatal("refused")
					}
				}
			})
		}
	}
}
