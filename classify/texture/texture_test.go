package texture

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tuban/raster"
)

var kinds = []struct {
	kind  Kind
	fast  func(dst, src []float32, w raster.Window, s Size, sc *Scratch)
	naive func(src []float32, w raster.Window, s Size) []float64
}{
	{KindPanTex, PanTex, naivePanTex},
	{KindDeviation, Deviation, naiveDeviation},
	{KindMean, Mean, naiveMean},
	{KindMBI, MBI, naiveMBI},
	{KindMSI, MSI, naiveMSI},
}

// scene draws an image: its position on the grid, its size, its noise, and what share of it is missing.
func scene(t *rapid.T) (raster.Window, []float32) {
	w := raster.Window{
		X: rapid.IntRange(-40, 40).Draw(t, "x"), Y: rapid.IntRange(-40, 40).Draw(t, "y"),
		W: rapid.IntRange(1, 40).Draw(t, "w"), H: rapid.IntRange(1, 40).Draw(t, "h"),
	}
	missing := rapid.SampledFrom([]float64{0, 0, 0.02, 0.4, 1}).Draw(t, "missing")
	scale := rapid.SampledFrom([]float64{1, 255, 10000}).Draw(t, "scale")
	rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	src := make([]float32, w.Pixels())
	for i := range src {
		src[i] = float32(rnd.Float64() * scale)
		if rnd.Float64() < missing {
			src[i] = raster.NaN
			if rnd.IntN(4) == 0 {
				src[i] = float32(math.Inf(1))
			}
		}
	}
	return w, src
}

func size(t *rapid.T, kind Kind) Size {
	r := rapid.IntRange(1, 9).Draw(t, "radius")
	if kind == KindMBI || kind == KindMSI {
		return Size{Radius: r, Step: rapid.IntRange(0, r-1).Draw(t, "step")}
	}
	return Size{Radius: r, Step: rapid.IntRange(1, max(1, r/2)).Draw(t, "step")}
}

func TestAgreesWithNaive(t *testing.T) {
	for _, k := range kinds {
		t.Run(string(k.kind), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				w, src := scene(t)
				s := size(t, k.kind)
				got := make([]float32, len(src))
				k.fast(got, src, w, s, nil)
				want := k.naive(src, w, s)
				for i := range got {
					g, n := float64(got[i]), want[i]
					if math.IsNaN(g) != math.IsNaN(n) || math.Abs(g-n) > 1e-5*n+1e-6 {
						t.Fatalf("pixel %d of %v with %v: %g, naive %g", i, w, s, g, n)
					}
				}
			})
		})
	}
}

// Any cut of the grid, with halo, gives the same bits as the whole; so does a scene whose missing pixels are
// in another tile, which takes the path for scenes without any.
func TestTileLaw(t *testing.T) {
	for _, k := range kinds {
		t.Run(string(k.kind), func(t *testing.T) {
			var sc Scratch // shared on purpose: what an earlier window left must not matter
			rapid.Check(t, func(t *rapid.T) {
				w, src := scene(t)
				s := size(t, k.kind)
				whole := make([]float32, len(src))
				k.fast(whole, src, w, s, nil)
				core := raster.Window{
					X: w.X + rapid.IntRange(0, w.W-1).Draw(t, "cx"), Y: w.Y + rapid.IntRange(0, w.H-1).Draw(t, "cy"),
					W: rapid.IntRange(1, w.W).Draw(t, "cw"), H: rapid.IntRange(1, w.H).Draw(t, "ch"),
				}.Intersect(w)
				read := core.Grow(s.Halo(k.kind) + rapid.IntRange(0, 3).Draw(t, "more")).Intersect(w)
				part := crop(src, w, read)
				got := make([]float32, len(part))
				k.fast(got, part, read, s, &sc)
				a, b := crop(got, read, core), crop(whole, w, core)
				for i := range a {
					if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
						t.Fatalf("%v read as %v of %v, %v: pixel %d is %g, of the whole %g", core, read, w, s, i, a[i], b[i])
					}
				}
			})
		})
	}
}

func crop(src []float32, w, part raster.Window) []float32 {
	out := make([]float32, 0, part.Pixels())
	for y := part.Y; y < part.Y+part.H; y++ {
		o := (y-w.Y)*w.W + part.X - w.X
		out = append(out, src[o:o+part.W]...)
	}
	return out
}

// What PanTex is for: stripes in any of its directions and a single edge are smooth along themselves; blocks are not.
func TestPanTexTellsBlocksFromStripes(t *testing.T) {
	w := raster.Window{X: 7, Y: -3, W: 61, H: 43}
	s := Size{Radius: 9, Step: 2}
	centre := func(f func(x, y int) float32) float32 {
		src, dst := make([]float32, w.Pixels()), make([]float32, w.Pixels())
		for i := range src {
			src[i] = f(i%w.W, i/w.W)
		}
		PanTex(dst, src, w, s, nil)
		return dst[w.H/2*w.W+w.W/2]
	}
	smooth := map[string]func(x, y int) float32{
		"flat":             func(x, y int) float32 { return 0.3 },
		"rows":             func(x, y int) float32 { return float32(y / 3 % 2) },
		"columns":          func(x, y int) float32 { return float32(x / 3 % 2) },
		"diagonal stripes": func(x, y int) float32 { return float32((x + y) / 3 % 2) },
		"other diagonal":   func(x, y int) float32 { return float32((x - y + 300) / 3 % 2) },
		"an edge":          func(x, y int) float32 { return float32(min(1, x/30)) },
	}
	for name, f := range smooth {
		if v := centre(f); v != 0 {
			t.Errorf("%s: %g, want 0", name, v)
		}
	}
	if v := centre(func(x, y int) float32 { return float32((x/5 + y/5) % 2) }); v < 0.2 {
		t.Errorf("blocks: %g, want a good part of their contrast of 1", v)
	}
}

func TestFlatHasNoDeviation(t *testing.T) {
	w := raster.Window{X: 3, Y: 5, W: 30, H: 20}
	src, dst := make([]float32, w.Pixels()), make([]float32, w.Pixels())
	for _, v := range []float32{0, 255, 65535, -0.25} {
		raster.Fill(src, v)
		Deviation(dst, src, w, Size{Radius: 4}, nil)
		for i, d := range dst {
			if d != 0 && i/w.W >= 4 && i%w.W >= 4 && i/w.W < w.H-4 && i%w.W < w.W-4 {
				t.Fatalf("value %g: deviation %g at pixel %d", v, d, i)
			}
		}
	}
}

func TestSizeOf(t *testing.T) {
	for _, c := range []struct {
		kind          Kind
		metres, pixel float64
		want          Size
	}{
		{KindPanTex, 15, 0.5, Size{15, 3}},
		{KindPanTex, 15, 2, Size{4, 1}},
		{KindPanTex, 15, 30, Size{1, 1}},
		{KindPanTex, 15, 0.8, Size{9, 2}},
		{KindDeviation, 5, 0.5, Size{5, 0}},
		{KindDeviation, 5, 10, Size{1, 0}},
		{KindMean, 15, 0.5, Size{15, 0}},
		{KindMBI, 30, 0.5, Size{30, 3}},
		{KindMSI, 30, 2, Size{8, 1}},
		{KindMBI, 30, 10, Size{2, 0}},
		{KindMSI, 30, 100, Size{1, 0}},
	} {
		got, halo := SizeOf(c.kind, c.metres, c.pixel), c.want.Radius
		if c.kind == KindMBI || c.kind == KindMSI {
			halo *= 2 // a line through the pixel, from one end to the other
		}
		if got != c.want || got.Check(c.kind) != nil || got.Halo(c.kind) != halo {
			t.Errorf("%s of %g m at %g m: %+v (%v), want %+v", c.kind, c.metres, c.pixel, got, got.Check(c.kind), c.want)
		}
	}
	for _, pixel := range []float64{0, 1e-9, math.NaN()} {
		if s := SizeOf(KindPanTex, 15, pixel); s.Check(KindPanTex) == nil {
			t.Errorf("pixel of %g m: %+v is accepted", pixel, s)
		}
	}
}

// A tile with its halo of 15 pixels, of which the textures that look no further are also computed without it.
func BenchmarkTexture(b *testing.B) {
	read := raster.Window{X: 1000, Y: 3000, W: 1054, H: 1054}
	core := read.Grow(-15)
	src, dst := noise(read), make([]float32, read.Pixels())
	run := func(name string, kind Kind, s Size, part raster.Window) {
		b.Run(name, func(b *testing.B) {
			var sc Scratch
			In(kind, dst, src, read, part, s, &sc)
			b.ReportAllocs()
			for b.Loop() {
				In(kind, dst, src, read, part, s, &sc)
			}
			b.ReportMetric(float64(part.Pixels())*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpx/s")
		})
	}
	run("pantex", KindPanTex, Size{15, 3}, read)
	run("pantex, core", KindPanTex, Size{15, 3}, core)
	run("pantex, block of 128", KindPanTex, Size{15, 3}, raster.Window{X: 1400, Y: 3300, W: 128, H: 128})
	run("deviation", KindDeviation, Size{5, 0}, read)
	run("mean", KindMean, Size{5, 0}, read)
	run("mbi", KindMBI, SizeOf(KindMBI, 30, 0.5), read)
	run("msi", KindMSI, SizeOf(KindMSI, 30, 0.5), read)
	for i := range src {
		if i%1001 == 0 { // some in each block
			src[i] = raster.NaN
		}
	}
	run("pantex, missing", KindPanTex, Size{15, 3}, read)
	run("deviation, missing", KindDeviation, Size{5, 0}, read)
}

// BenchmarkPanTexImage is what scripts/bench/texture.sh compares: images of a million pixels, one for each processor (-cpu), in
// millions of pixels and displacements a second.
func BenchmarkPanTexImage(b *testing.B) {
	w := raster.Window{W: 1000, H: 1000}
	src := noise(w)
	b.RunParallel(func(pb *testing.PB) {
		dst := make([]float32, w.Pixels())
		var sc Scratch
		for pb.Next() {
			PanTex(dst, src, w, Size{15, 3}, &sc)
		}
	})
	b.ReportMetric(float64(len(vectors))*float64(w.Pixels())*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpx/s")
}

func noise(w raster.Window) []float32 {
	rnd := rand.New(rand.NewPCG(1, 2))
	src := make([]float32, w.Pixels())
	for i := range src {
		src[i] = rnd.Float32()
	}
	return src
}
