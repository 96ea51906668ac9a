package object

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// anyRuns draws runs of any kind and in any order, with numbers up to the ends of their ranges.
func anyRuns() *rapid.Generator[[]Run] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Run {
		r := Run{
			Y:         rapid.OneOf(rapid.Int32Range(0, 5), rapid.Int32Range(0, math.MaxInt32-1)).Draw(t, "y"),
			X0:        rapid.OneOf(rapid.Int32Range(0, 50), rapid.Int32Range(0, math.MaxInt32-1)).Draw(t, "x"),
			Parcel:    rapid.OneOf(rapid.Int32Range(0, 1), rapid.Int32Range(0, math.MaxInt32)).Draw(t, "parcel"),
			Undecided: rapid.OneOf(rapid.Uint32Range(0, 1), rapid.Uint32()).Draw(t, "undecided"),
			Pair:      rapid.Uint16().Draw(t, "pair"),
			Kind:      rapid.Uint8().Draw(t, "kind"),
			Reason:    Reason(rapid.IntRange(0, int(reasons)-1).Draw(t, "reason")),
		}
		r.X1 = rapid.Int32Range(r.X0+1, math.MaxInt32).Draw(t, "end")
		if rapid.Bool().Draw(t, "evidence") {
			for e := range r.Sums {
				r.Sums[e] = rapid.Int64().Draw(t, "sum")
			}
		}
		if rapid.Bool().Draw(t, "lacking") {
			for e := range r.Missing {
				r.Missing[e] = rapid.Int32Range(0, int32(r.Pixels())).Draw(t, "missing")
			}
		}
		return r
	}), 0, 12)
}

var wide = Header{Key: "sha256:五", W: math.MaxInt32, H: math.MaxInt32, Kinds: 255}

func encode(t testing.TB, h Header, runs []Run) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, h, runs); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRunFileRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		runs := anyRuns().Draw(rt, "runs")
		file := encode(t, wide, runs)
		h, got, err := Decode(iotest.OneByteReader(bytes.NewReader(file)), len(runs))
		if err != nil || h != wide || !slices.Equal(got, runs) {
			rt.Fatalf("got %+v, %v, %v\nwant %v", h, got, err, runs)
		}
	})
}

func TestRunFileBeyondOneBuffer(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	runs := make([]Run, 50_000)
	for i := range runs {
		runs[i] = Run{Y: int32(i / 100), X0: int32(i % 100 * 10), Kind: uint8(rng.IntN(4) + 1), Parcel: rng.Int32(), Sums: [NEvidence]int64{rng.Int64()}}
		runs[i].X1 = runs[i].X0 + 1 + rng.Int32N(9)
	}
	h := Header{W: 1000, H: 500, Kinds: 4}
	file := encode(t, h, runs)
	if got, back, err := Decode(bytes.NewReader(file), 0); err != nil || got != h || !slices.Equal(back, runs) {
		t.Fatalf("%d bytes do not come back: %v", len(file), err)
	}
}

func TestNeighboursAreSmall(t *testing.T) {
	p := picture{w: 100, h: 100, kind: bytes.Repeat([]byte{1, 1, 1, 1, 0}, 2000)}
	runs := p.runs(t)
	if file := encode(t, Header{W: 100, H: 100, Kinds: 1}, runs); len(file) > 5*len(runs) {
		t.Errorf("%d bytes for %d runs", len(file), len(runs))
	}
}

func sampleFile(t testing.TB) (Header, []Run, []byte) {
	h := Header{Key: "key", W: 40, H: 30, Kinds: 2}
	runs := []Run{
		{Y: 0, X0: 3, X1: 9, Kind: 1, Parcel: 700, Sums: [NEvidence]int64{-5, 0, 900}, Missing: [NEvidence]int32{0, 6, 1}},
		{Y: 0, X0: 9, X1: 12, Kind: 2, Pair: 1},
		{Y: 29, X0: 39, X1: 40, Undecided: 3, Reason: Cloud},
	}
	return h, runs, encode(t, h, runs)
}

// TestEveryDamageIsFound flips each bit and cuts at each byte.
func TestEveryDamageIsFound(t *testing.T) {
	_, _, file := sampleFile(t)
	for i := range file {
		for bit := range 8 {
			bad := bytes.Clone(file)
			bad[i] ^= 1 << bit
			if _, _, err := Decode(bytes.NewReader(bad), 0); err == nil || !strings.Contains(err.Error(), "at byte ") {
				t.Errorf("bit %d of byte %d flipped: %v", bit, i, err)
			}
		}
		if _, _, err := Decode(bytes.NewReader(file[:i]), 0); err == nil {
			t.Errorf("cut at byte %d: no error", i)
		}
	}
	if _, _, err := Decode(bytes.NewReader(append(bytes.Clone(file), 0)), 0); err == nil || !strings.Contains(err.Error(), "after the end") {
		t.Errorf("a byte more: %v", err)
	}
}

func TestDecodeLimitsAndReaders(t *testing.T) {
	_, runs, file := sampleFile(t)
	if _, _, err := Decode(bytes.NewReader(file), len(runs)-1); err == nil || !strings.Contains(err.Error(), "limit of 2") {
		t.Errorf("limit: %v", err)
	}
	broken := errors.New("the disk is gone")
	for n := range len(file) {
		r := io.MultiReader(bytes.NewReader(file[:n]), iotest.ErrReader(broken))
		if _, _, err := Decode(r, 0); !errors.Is(err, broken) {
			t.Errorf("reader that fails at byte %d: %v", n, err)
		}
	}
	// A file that promises two thousand million runs and ends.
	head := append([]byte(runFileMagic), runFileVersion, 0, 9, 9, 9, 0xff, 0xff, 0xff, 0xff, 0x07)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := Decode(bytes.NewReader(head), 0)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; err == nil || took > 1<<20 {
		t.Errorf("%d bytes allocated, error %v", took, err)
	}
}

func TestDecodeRunRefuses(t *testing.T) {
	good := []byte{0, 0, 2, newKind, 1} // row 0, columns [0, 2), kind 1
	if r, n, err := decodeRun(good, &Run{}); err != nil || n != len(good) || r != (Run{X1: 2, Kind: 1}) {
		t.Fatalf("got %v, %d, %v", r, n, err)
	}
	for name, b := range map[string][]byte{
		"an unknown flag":                   {0, 0, 2, newKind | 0x80, 1},
		"no column":                         {0, 0, 0, newKind, 1},
		"above the grid":                    {1, 0, 2, newKind, 1},
		"left of the grid":                  {0, 1, 2, newKind, 1},
		"right of every grid":               {0, 4, 0xff, 0xff, 0xff, 0xff, 7, newKind, 1},
		"a kind of two bytes":               {0, 0, 2, newKind, 0x80, 2},
		"an unknown reason":                 {0, 0, 2, newReason, byte(reasons)},
		"more lack evidence than there are": {0, 0, 2, newKind | hasMissing, 1, 0, 3, 0, 0},
		"an endless number":                 bytes.Repeat([]byte{0x80}, 20),
	} {
		if r, _, err := decodeRun(b, &Run{}); err == nil {
			t.Errorf("%s: %v", name, r)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	h := Header{W: 10, H: 5, Kinds: 2}
	for name, c := range map[string]struct {
		h Header
		r Run
	}{
		"right of the grid": {h, Run{X0: 9, X1: 11, Kind: 1}},
		"below the grid":    {h, Run{Y: 5, X1: 1, Kind: 1}},
		"a kind too high":   {h, Run{X1: 1, Kind: 3}},
		"an empty run":      {h, Run{X0: 2, X1: 2}},
		"a long key":        {Header{W: 10, H: 5, Key: strings.Repeat("k", maxKey+1)}, Run{X1: 1}},
		"a negative grid":   {Header{W: -1, H: 5}, Run{X1: 1}},
		"kinds":             {Header{W: 10, H: 5, Kinds: 256}, Run{X1: 1}},
	} {
		if err := Encode(io.Discard, c.h, []Run{c.r}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	// Every write may fail: the header with the runs, and the checksum.
	_, runs, file := sampleFile(t)
	for _, n := range []int{0, len(file) - 4} {
		if err := Encode(&limitedWriter{n}, Header{W: 40, H: 30, Kinds: 2, Key: "key"}, runs); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("writer that fails after %d bytes: %v", n, err)
		}
	}
}

type limitedWriter struct{ left int }

func (w *limitedWriter) Write(b []byte) (int, error) {
	if len(b) > w.left {
		return 0, io.ErrShortWrite
	}
	w.left -= len(b)
	return len(b), nil
}

func FuzzDecode(f *testing.F) {
	_, _, file := sampleFile(f)
	f.Add(file)
	f.Add(file[:len(file)-6])
	f.Add(encode(f, wide, []Run{{X0: 1, X1: 2, Kind: 255, Sums: [NEvidence]int64{math.MinInt64, math.MaxInt64}}}))
	f.Fuzz(func(t *testing.T, file []byte) {
		h, runs, err := Decode(bytes.NewReader(file), 1000)
		if err != nil {
			return
		}
		h2, again, err := Decode(bytes.NewReader(encode(t, h, runs)), 1000)
		if err != nil || h2 != h || !slices.Equal(again, runs) {
			t.Fatalf("%+v %v does not come back: %v", h, runs, err)
		}
	})
}

// FuzzDecodeRun gets behind the checksum.
func FuzzDecodeRun(f *testing.F) {
	f.Add(appendRun(nil, &Run{}, &Run{X1: 1, Kind: 3, Parcel: 9, Sums: [NEvidence]int64{1, -1}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		prev := Run{}
		for len(b) > 0 {
			r, n, err := decodeRun(b, &prev)
			if err != nil {
				return
			}
			back, _, err := decodeRun(appendRun(nil, &prev, &r), &prev)
			if err != nil || !reflect.DeepEqual(back, r) {
				t.Fatalf("%v comes back as %v, %v", r, back, err)
			}
			b, prev = b[n:], r
		}
	})
}
