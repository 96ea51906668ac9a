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
