package kernel

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// drawTruths returns n truth values at an odd address: mixed, or nearly all the same.
func drawTruths(r *rand.Rand, n int) []uint8 {
	skip := r.IntN(33)
	s := make([]uint8, skip+n)[skip:]
	uniform, most := r.IntN(2) == 0, uint8(r.IntN(3))
	for i := range s {
		s[i] = most
		if !uniform || r.IntN(200) == 0 {
			s[i] = uint8(r.IntN(3))
		}
	}
	return s
}

// One letter per pixel, as the three values are written: f, u, t.
func kleene(s string) []uint8 {
	out := make([]uint8, len(s))
	for i, r := range s {
		out[i] = uint8(strings.IndexRune("fut", r))
	}
	return out
}

// Every pair of values, at every place of a word and of a tail.
func TestTruthTables(t *testing.T) {
	x, y := "fffuuuttt", "futfutfut"
	for _, length := range []int{9, 18, 21, 36, 41, 72} {
		for from := range 8 {
			a := kleene(strings.Repeat(x, 12)[from : from+length])
			b := kleene(strings.Repeat(y, 12)[from : from+length])
			shift := func(s string) []uint8 { return kleene(strings.Repeat(s, 12)[from : from+length]) }
			dst := make([]uint8, length)
			if And(dst, a, b); !bytes.Equal(dst, shift("ffffuufut")) {
				t.Errorf("and: %v", dst)
			}
			if Or(dst, a, b); !bytes.Equal(dst, shift("futuutttt")) {
				t.Errorf("or: %v", dst)
			}
			if Not(dst, a); !bytes.Equal(dst, shift("tttuuufff")) {
				t.Errorf("not: %v", dst)
			}
		}
	}
}

func TestSettled(t *testing.T) {
	for n := range 70 {
		f, full := make([]uint8, n), bytes.Repeat([]uint8{2}, n)
		dst := make([]uint8, n)
		if And(dst, f, full) || Or(dst, f, full) || AnyNot(f, 0) || AnyNot(full, 2) {
			t.Errorf("%d settled pixels are not seen as settled", n)
		}
		for i := range n {
			for _, k := range []uint8{0, 1, 2} {
				a, b := bytes.Clone(f), bytes.Clone(full)
				a[i], b[i] = k, k
				if And(dst, a, full) != (k != 0) || Or(dst, b, f) != (k != 2) || AnyNot(a, 0) != (k != 0) || AnyNot(b, 2) != (k != 2) {
					t.Errorf("pixel %d of %d is %d", i, n, k)
				}
			}
		}
	}
}

func TestComparisons(t *testing.T) {
	for name, c := range map[string]struct {
		fast, plain func(dst []uint8, a, b []float32)
	}{
		"less":   {Less, less},
		"lesseq": {LessEq, lessEq},
		"equal":  {Equal, equal},
	} {
		t.Run(name, func(t *testing.T) {
			agreeOnTruths(t, func(dst []uint8, a, b []float32, _ float32) { c.fast(dst, a, b) },
				func(dst []uint8, a, b []float32, _ float32) { c.plain(dst, a, b) })
		})
	}
	for name, c := range map[string]struct {
		fast, plain func(dst []uint8, a []float32, c float32)
	}{
		"less than a constant":   {LessConst, lessConst},
		"lesseq than a constant": {LessEqConst, lessEqConst},
		"more than a constant":   {MoreConst, moreConst},
		"moreeq than a constant": {MoreEqConst, moreEqConst},
		"equal to a constant":    {EqualConst, equalConst},
		"known": {
			func(dst []uint8, a []float32, _ float32) { Known(dst, a) },
			func(dst []uint8, a []float32, _ float32) { known(dst, a) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			agreeOnTruths(t, func(dst []uint8, a, _ []float32, k float32) { c.fast(dst, a, k) },
				func(dst []uint8, a, _ []float32, k float32) { c.plain(dst, a, k) })
		})
	}
}

// agreeOnTruths compares two comparisons of a with b or with k. Now and then the operands are equal.
func agreeOnTruths(t *testing.T, fast, plain func(dst []uint8, a, b []float32, k float32)) {
	t.Helper()
	trials(t, func(t *testing.T, r *rand.Rand, n int) {
		a, b, k := drawFloats(r, n), drawFloats(r, n), drawFloats(r, 1)[0]
		for i := range a {
			switch r.IntN(8) {
			case 0:
				b[i] = a[i]
			case 1:
				a[i] = k
			}
		}
		want := make([]uint8, n)
		plain(want, a, b, k)
		got, untouched := guarded[uint8](n)
		fast(got, a, b, k)
		if !bytes.Equal(got, want) {
			t.Fatalf("%d pixels: %v, want %v of\n%v\n%v\nor %v", n, got, want, a, b, k)
		}
		if err := untouched(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestTruths(t *testing.T) {
	alone := func(f func(dst, a []uint8)) func(dst, a, b []uint8) bool {
		return func(dst, a, _ []uint8) bool { f(dst, a); return false }
	}
	for name, c := range map[string]struct {
		fast, plain func(dst, a, b []uint8) bool
	}{
		"and": {And, and},
		"or":  {Or, or},
		"not": {alone(Not), alone(not)},
		"decide": {
			func(dst, a, b []uint8) bool { Decide(dst, a, b, a); return false },
			func(dst, a, b []uint8) bool { decide(dst, a, b, a); return false },
		},
	} {
		t.Run(name, func(t *testing.T) {
			trials(t, func(t *testing.T, r *rand.Rand, n int) {
				a, b := drawTruths(r, n), drawTruths(r, n)
				want := make([]uint8, n)
				open := c.plain(want, a, b)
				got, untouched := guarded[uint8](n)
				if o := c.fast(got, a, b); o != open || !bytes.Equal(got, want) {
					t.Fatalf("%d pixels: %v and %v, want %v and %v, of\n%v\n%v", n, got, o, want, open, a, b)
				}
				if err := untouched(); err != nil {
					t.Fatal(err)
				}
				into := bytes.Clone(a)
				if o := c.fast(into, into, b); o != open || !bytes.Equal(into, want) {
					t.Fatalf("into the left operand: %v, want %v", into, want)
				}
				into = bytes.Clone(b)
				if o := c.fast(into, a, into); o != open || !bytes.Equal(into, want) {
					t.Fatalf("into the right operand: %v, want %v", into, want)
				}
			})
		})
	}
}

func TestAnyNot(t *testing.T) {
	trials(t, func(t *testing.T, r *rand.Rand, n int) {
		a, k := drawTruths(r, n), uint8(r.IntN(3))
		if n > 0 && r.IntN(2) == 0 {
			k = a[0]
		}
		if got, want := AnyNot(a, k), anyNot(a, k); got != want {
			t.Fatalf("some of %v is not %d: %v", a, k, got)
		}
		// One odd element, wherever it is, is seen; none is none.
		for i := range a {
			a[i] = k
		}
		if AnyNot(a, k) {
			t.Fatalf("all of %v are %d", a, k)
		}
		if n > 0 {
			i := r.IntN(n)
			if a[i] = 7; !AnyNot(a, k) {
				t.Fatalf("element %d of %d is not %d", i, n, k)
			}
		}
	})
}
