package kernel

import (
	"math/rand/v2"
	"testing"
)

// Rows as long as a chunk of bandmath, in the cache next to the core.
const benchLength = 1024

// compareSpeed runs the plain loop and the function that may use assembly, and reports Mpx/s of one core.
func compareSpeed(b *testing.B, plain, fast func()) {
	for _, c := range []struct {
		name string
		f    func()
	}{{"plain", plain}, {"vector", fast}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				c.f()
			}
			b.ReportMetric(float64(b.N)*benchLength/1e6/b.Elapsed().Seconds(), "Mpx/s")
		})
	}
}

// benchRow returns pixels as they usually are.
func benchRow(seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 0))
	row := make([]float32, benchLength)
	for i := range row {
		row[i] = float32(r.IntN(4096) + 1)
	}
	return row
}

func BenchmarkSums(b *testing.B) {
	dst, x, y := benchRow(1), benchRow(2), benchRow(3)
	b.Run("sum", func(b *testing.B) {
		compareSpeed(b, func() { sum(dst, x, y) }, func() { Sum(dst, x, y) })
	})
	b.Run("squares", func(b *testing.B) {
		compareSpeed(b, func() { squares(dst, x, y) }, func() { Squares(dst, x, y) })
	})
}
