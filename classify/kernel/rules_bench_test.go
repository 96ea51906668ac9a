package kernel

import "testing"

// What rules ask of pixels, plain and as it is taken.
func BenchmarkRules(b *testing.B) {
	dst, x, y := benchRow(1), benchRow(2), benchRow(3)
	t, u, v := make([]uint8, benchLength), make([]uint8, benchLength), make([]uint8, benchLength)
	less(u, x, y)
	lessConst(v, x, 100)
	calm := make([]uint8, benchLength)
	for _, c := range []struct {
		name        string
		plain, fast func()
	}{
		{"add", func() { add(dst, x, y) }, func() { Add(dst, x, y) }},
		{"addConst", func() { addConst(dst, x, 3) }, func() { AddConst(dst, x, 3) }},
		{"sub", func() { sub(dst, x, y) }, func() { Sub(dst, x, y) }},
		{"mul", func() { mul(dst, x, y) }, func() { Mul(dst, x, y) }},
		{"mulConst", func() { mulConst(dst, x, 3) }, func() { MulConst(dst, x, 3) }},
		{"div", func() { div(dst, x, y) }, func() { Div(dst, x, y) }},
		{"divConst", func() { divConst(dst, x, 3) }, func() { DivConst(dst, x, 3) }},
		{"contrast", func() { contrast(dst, x, y) }, func() { Contrast(dst, x, y) }},
		{"min", func() { minimum(dst, x, y) }, func() { Min(dst, x, y) }},
		{"max", func() { maximum(dst, x, y) }, func() { Max(dst, x, y) }},
		{"abs", func() { abs(dst, x) }, func() { Abs(dst, x) }},
		{"sqrt", func() { sqrt(dst, x) }, func() { Sqrt(dst, x) }},
		{"lines", func() { lines(dst, 0.9, 3, 2) }, func() { Lines(dst, 0.9, 3, 2) }},
		{"choose", func() { choose(dst, u, x, y) }, func() { Choose(dst, u, x, y) }},
		{"less", func() { less(t, x, y) }, func() { Less(t, x, y) }},
		{"equal", func() { equal(t, x, y) }, func() { Equal(t, x, y) }},
		{"lessConst", func() { lessConst(t, x, 2000) }, func() { LessConst(t, x, 2000) }},
		{"equalConst", func() { equalConst(t, x, 2000) }, func() { EqualConst(t, x, 2000) }},
		{"known", func() { known(t, x) }, func() { Known(t, x) }},
		{"not", func() { not(t, u) }, func() { Not(t, u) }},
		{"and", func() { and(t, u, v) }, func() { And(t, u, v) }},
		{"or", func() { or(t, u, v) }, func() { Or(t, u, v) }},
		{"anyNot", func() { anyNot(calm, False) }, func() { AnyNot(calm, False) }},
		{"decide", func() { decide(t, u, v, u) }, func() { Decide(t, u, v, u) }},
	} {
		b.Run(c.name, func(b *testing.B) { compareSpeed(b, c.plain, c.fast) })
	}
}
