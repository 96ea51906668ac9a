package pipeline

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tuban/raster"
)

// plainMeans is cellMeans as it reads: each cell by itself.
func plainMeans(dst, rows []float32, w, step int) {
	for x := range dst {
		total, n := 0.0, 0
		for o := 0; o < len(rows); o += w {
			sum := 0.0
			for _, v := range rows[o+x*step : o+min((x+1)*step, w)] {
				if v == v {
					sum += float64(v)
					n++
				}
			}
			total += sum
		}
		dst[x] = raster.NaN
		if m := float32(total / float64(n)); m-m == 0 && 2*n >= step*step {
			dst[x] = m
		}
	}
}

func TestCellMeans(t *testing.T) {
	odd := []float32{raster.NaN, float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.Copysign(0, -1)), 1e-45, math.MaxFloat32, -math.MaxFloat32, 1 << 24}
	rapid.Check(t, func(t *rapid.T) {
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		step := rapid.IntRange(1, 5).Draw(t, "step")
		w, h := rapid.IntRange(1, 40).Draw(t, "w"), rapid.IntRange(1, step).Draw(t, "h")
		shift := rapid.IntRange(0, 3).Draw(t, "shift") // off any alignment
		share := rapid.SampledFrom([]float64{0, 0.05, 0.6, 1}).Draw(t, "odd")
		rows := make([]float32, shift+w*h)[shift:]
		for i := range rows {
			rows[i] = float32(rnd.NormFloat64() * 1000)
			if rnd.Float64() < share {
				rows[i] = odd[rnd.IntN(len(odd))]
			}
		}
		n := (w + step - 1) / step
		got, want := make([]float32, n), make([]float32, n)
		cellMeans(got, rows, w, step)
		plainMeans(want, rows, w, step)
		for x, v := range want {
			if math.Float32bits(got[x]) != math.Float32bits(v) && (v == v || got[x] == got[x]) {
				t.Fatalf("cell %d: %v, want %v", x, got[x], v)
			}
		}
	})
}

func BenchmarkCellMeans(b *testing.B) {
	for _, c := range []struct {
		name string
		f    func(dst, rows []float32, w, step int)
	}{{"fast", cellMeans}, {"plain", plainMeans}} {
		b.Run(c.name, func(b *testing.B) {
			const w, step = 5888, 4
			rows := make([]float32, w*step)
			for i := range rows {
				rows[i] = float32(i % 4001)
			}
			dst := make([]float32, w/step)
			b.SetBytes(4 * w * step)
			for b.Loop() {
				c.f(dst, rows, w, step)
			}
		})
	}
}
