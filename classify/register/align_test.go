package register

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tuban/raster"
)

// warped is a field of w × h pixels with uneven nodes up to most pixels.
func warped(seed uint64, w, h int, most float64) *Field {
	r := rand.New(rand.NewPCG(seed, 3))
	f := &Field{Verdict: Corrected, W: w, H: h, NX: 2 + r.IntN(4), NY: 2 + r.IntN(4)}
	for range f.NX * f.NY {
		f.DX = append(f.DX, (2*r.Float64()-1)*most)
		f.DY = append(f.DY, (2*r.Float64()-1)*most)
	}
	return f
}

// scene is a block over a grid with holes, infinities, zeros next to bright pixels, and negatives in the second plane.
func scene(seed uint64, w, h int) *raster.Block {
	r := rand.New(rand.NewPCG(seed, 4))
	b := raster.NewBlock(raster.Window{W: w, H: h}, 2)
	for p := range b.Planes {
		for i := range b.Planes[p] {
			v := r.Float64() * 1000
			switch r.IntN(60) {
			case 0:
				v = math.NaN()
			case 1:
				v = math.Inf(1)
			case 2, 3, 4, 5:
				v = 0
			}
			b.Planes[p][i] = float32(v - float64(p)*500)
		}
	}
	return b
}

func cut(b *raster.Block, w raster.Window) *raster.Block {
	c := raster.NewBlock(w, len(b.Planes))
	for p := range b.Planes {
		for y := w.Y; y < w.Y+w.H; y++ {
			copy(c.Row(p, y), b.Row(p, y)[w.X-b.X:])
		}
	}
	return c
}

// naive is Align pixel by pixel, in float64, from the whole grid.
func naive(f *Field, b *raster.Block, p, x, y int) float64 {
	at := func(x, y int) float64 {
		if x < 0 || y < 0 || x >= f.W || y >= f.H || math.IsInf(float64(b.Row(p, y)[x]), 0) {
			return math.NaN()
		}
		return float64(b.Row(p, y)[x])
	}
	dx, dy := f.At(float64(x)+0.5, float64(y)+0.5)
	qx, qy := math.Floor(dx*256+0.5)/256, math.Floor(dy*256+0.5)/256
	sx, sy := float64(x)+qx, float64(y)+qy
	ix, iy := int(math.Floor(sx)), int(math.Floor(sy))
	u, v := sx-float64(ix), sy-float64(iy)
	if math.IsNaN(at(int(math.Floor(sx+0.5)), int(math.Floor(sy+0.5)))) {
		return math.NaN()
	}
	keys := func(d float64) float64 {
		switch d = math.Abs(d); {
		case d < 1:
			return 1.5*d*d*d - 2.5*d*d + 1
		case d < 2:
			return -0.5*d*d*d + 2.5*d*d - 4*d + 2
		}
		return 0
	}
	sum := 0.0
	for j := -1; j <= 2; j++ {
		for i := -1; i <= 2; i++ {
			sum += keys(u-float64(i)) * keys(v-float64(j)) * at(ix+i, iy+j)
		}
	}
	bilinear, total, least := 0.0, 0.0, math.Inf(1)
	for j := range 2 {
		for i := range 2 {
			if value := at(ix+i, iy+j); !math.IsNaN(value) {
				w := (1 - math.Abs(u-float64(i))) * (1 - math.Abs(v-float64(j)))
				bilinear, total, least = bilinear+w*value, total+w, min(least, value)
			}
		}
	}
	switch {
	case math.IsNaN(sum):
		return bilinear / total
	case sum < 0 && least >= 0:
		return least
	}
	return sum
}

func TestAlignAgreesWithTheNaiveOne(t *testing.T) {
	for seed := range uint64(6) {
		f, src := warped(seed, 61, 37, 3), scene(seed, 61, 37)
		dst := raster.NewBlock(src.Window, 2)
		f.Align(dst, src, nil)
		for p := range dst.Planes {
			for y := range f.H {
				for x, got := range dst.Row(p, y) {
					want := naive(f, src, p, x, y)
					// Where the cubic is nearly 0, rounding decides whether it counts as overshoot.
					if math.IsNaN(want) != (got != got) || math.Abs(want-float64(got)) > 1e-3 {
						t.Fatalf("seed %d, plane %d, pixel %d, %d: %v, want %v", seed, p, x, y, got, want)
					}
				}
			}
		}
	}
}

func TestAlignDoesNotDependOnTheWindow(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 5))
		w, h := 20+r.IntN(90), 20+r.IntN(60)
		f, src := warped(seed, w, h, 0.2+4*r.Float64()), scene(seed, w, h)
		if seed >= 12 {
			// The same whole shift everywhere, or nearly so: the farthest that a halo of its size must hold.
			even := [...]float64{2, -2, 1.999, -1.999, 1.0005, -1}[seed%6]
			raster.Fill(f.DX, even)
			raster.Fill(f.DY, -even)
		}
		labels := make([]int32, w*h)
		for i := range labels {
			labels[i] = int32(i)
		}
		whole, wholeLabels := raster.NewBlock(src.Window, 2), make([]int32, w*h)
		f.Align(whole, src, nil)
		f.AlignLabels(wholeLabels, src.Window, labels, src.Window, nil)
		var sc Scratch
		for _, tile := range raster.Tiles(raster.Grid{W: w, H: h}, 1+r.IntN(30), f.Halo()) {
			dst := raster.NewBlock(tile.Core, 2)
			f.Align(dst, cut(src, tile.Read), &sc)
			want := cut(whole, tile.Core)
			got, read := make([]int32, tile.Core.Pixels()), make([]int32, 0, tile.Read.Pixels())
			for y := tile.Read.Y; y < tile.Read.Y+tile.Read.H; y++ {
				read = append(read, labels[y*w+tile.Read.X:][:tile.Read.W]...)
			}
			f.AlignLabels(got, tile.Core, read, tile.Read, &sc)
			for p := range dst.Planes {
				for i, v := range dst.Planes[p] {
					if math.Float32bits(v) != math.Float32bits(want.Planes[p][i]) {
						t.Fatalf("seed %d, tile %v, plane %d, pixel %d: %v, whole %v", seed, tile.Core, p, i, v, want.Planes[p][i])
					}
				}
			}
			for y := range tile.Core.H {
				row := wholeLabels[(tile.Core.Y+y)*w+tile.Core.X:][:tile.Core.W]
				if !slices.Equal(got[y*tile.Core.W:][:tile.Core.W], row) {
					t.Fatalf("seed %d, tile %v, row %d: labels differ", seed, tile.Core, y)
				}
			}
		}
	}
}

// A label and a value come from the same sample: where one is missing, so is the other.
func TestLabelsGoWithValues(t *testing.T) {
	f, src := warped(7, 50, 41, 3), scene(7, 50, 41)
	labels, got := make([]int32, 50*41), make([]int32, 50*41)
	for i, v := range src.Planes[0] {
		if v-v != 0 {
			labels[i] = -3
		}
	}
	dst := raster.NewBlock(src.Window, 2)
	f.Align(dst, src, nil)
	f.AlignLabels(got, src.Window, labels, src.Window, nil)
	outside := 0
	for i, v := range dst.Planes[0] {
		if (v != v) != (got[i] < 0) {
			t.Fatalf("pixel %d: value %v, label %d", i, v, got[i])
		}
		if got[i] == FromOutside {
			outside++
		}
	}
	if outside == 0 {
		t.Error("no pixel's source was outside the grid")
	}
}

func TestAlignOfASmoothPlaneIsNear(t *testing.T) {
	f := warped(2, 120, 90, 3)
	wave := func(x, y float64) float64 { return 100 + 50*math.Sin(x/5)*math.Cos(y/7) }
	src := raster.NewBlock(raster.Window{W: 120, H: 90}, 1)
	for i := range src.Planes[0] {
		src.Planes[0][i] = float32(wave(float64(i%120), float64(i/120)))
	}
	dst := raster.NewBlock(src.Window, 1)
	f.Align(dst, src, nil)
	for y := 6; y < 84; y++ {
		for x := 6; x < 114; x++ {
			dx, dy := f.At(float64(x)+0.5, float64(y)+0.5)
			if off := math.Abs(float64(dst.Row(0, y)[x]) - wave(float64(x)+dx, float64(y)+dy)); off > 0.15 {
				t.Fatalf("pixel %d, %d is %.3f off", x, y, off)
			}
		}
	}
}

func TestNothingToCorrectIsACopy(t *testing.T) {
	src := scene(1, 40, 30)
	src.Planes[0][5] = float32(math.Copysign(0, -1))
	f := &Field{Verdict: Aligned, W: 40, H: 30}
	w := raster.Window{X: 3, Y: 0, W: 20, H: 11}
	if f.Halo() != 0 || f.Source(w) != w {
		t.Errorf("a halo of %d", f.Halo())
	}
	dst := raster.NewBlock(w, 2)
	f.Align(dst, src, nil)
	labels := make([]int32, w.Pixels())
	f.AlignLabels(labels, w, make([]int32, 40*30), src.Window, nil)
	for p, want := range cut(src, w).Planes {
		for i, v := range want {
			if math.Float32bits(v) != math.Float32bits(dst.Planes[p][i]) {
				t.Fatalf("plane %d, pixel %d: %v became %v", p, i, v, dst.Planes[p][i])
			}
		}
	}
	if slices.Max(labels) != 0 || slices.Min(labels) != 0 {
		t.Error("labels changed")
	}
}

func TestAlignRefusesASourceThatIsTooSmall(t *testing.T) {
	f := warped(1, 100, 80, 2)
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	w := raster.Window{X: 20, Y: 20, W: 10, H: 10}
	f.Align(raster.NewBlock(w, 1), raster.NewBlock(w.Grow(f.Halo()-1), 1), nil)
}

func BenchmarkAlign(b *testing.B) {
	f := warped(1, 1024, 1024, 1.5)
	src := raster.NewBlock(raster.Window{W: 1024, H: 1024}, 4)
	for p := range src.Planes {
		for i := range src.Planes[p] {
			src.Planes[p][i] = float32(i * 7919 % 1000)
		}
	}
	dst := raster.NewBlock(raster.Window{X: 100, Y: 100, W: 512, H: 512}, 4)
	var sc Scratch
	// A "byte" is a pixel of a plane.
	b.SetBytes(dst.Pixels() * 4)
	for b.Loop() {
		f.Align(dst, src, &sc)
	}
}
