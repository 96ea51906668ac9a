package texture

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tuban/raster"
)

// latticePanTex is PanTex by its definition to the bit: each box by itself, in the order of additions that the blocks of the
// grid prescribe.
func latticePanTex(src []float32, w raster.Window, s Size) []float32 {
	out := make([]float32, len(src))
	raster.Fill(out, float32(math.Inf(1)))
	edge := 2*s.Radius + 1
	for _, d := range vectors {
		dy, dx := d[0]*s.Step, d[1]*s.Step
		nx, ny := edge-abs(dx), edge-dy
		// The pair whose rectangle has its upper left corner at (x, y), in pixels of w.
		pair := func(x, y int) (square, one float32) {
			ax, bx := x+max(0, -dx), x+max(0, dx)
			if x < 0 || x+abs(dx) >= w.W || y < 0 || y+dy >= w.H {
				return 0, 0
			}
			v := src[y*w.W+ax] - src[(y+dy)*w.W+bx]
			v = float32(v * v)
			if v-v != 0 {
				return 0, 0
			}
			return v, 1
		}
		width := w.W + nx - 1
		for y := range w.H {
			sums, counts := make([]float32, width), make([]float32, width)
			for x := range width {
				squares, ones := make([]float32, ny), make([]float32, ny)
				for k := range ny {
					squares[k], ones[k] = pair(x-s.Radius, y-s.Radius+k)
				}
				sums[x], counts[x] = latticeSum(squares, w.Y+y-s.Radius), latticeSum(ones, w.Y+y-s.Radius)
			}
			for x := range w.W {
				sum, n := latticeSum(sums[x:x+nx], w.X+x-s.Radius), latticeSum(counts[x:x+nx], w.X+x-s.Radius)
				o := &out[y*w.W+x]
				if *o = min(*o, float32(sum*(1/n))); 2*n < float32(nx*ny) || *o != *o {
					*o = raster.NaN
				}
			}
		}
	}
	return out
}

// latticeSum adds up v, whose first element is number first of the grid: up to the end of its block from there backwards, behind
// that forwards.
func latticeSum(v []float32, first int) float32 {
	split := len(v) - mod(first, len(v))
	var upper, lower float32
	for k := split - 1; k >= 0; k-- {
		upper += v[k]
	}
	for _, e := range v[split:] {
		lower += e
	}
	return upper + lower
}

func TestPanTexToTheBit(t *testing.T) {
	var sc Scratch
	rapid.Check(t, func(t *rapid.T) {
		w, src := scene(t)
		sameAsLattice(t, src, w, size(t, KindPanTex), &sc)
	})
}

// The same over several blocks and strips, with and without missing pixels in some of them.
func TestPanTexOfManyBlocks(t *testing.T) {
	w := raster.Window{X: -311, Y: 77, W: 2*panTexColumns + 37, H: panTexRows + 51}
	rnd := rand.New(rand.NewPCG(8, 9))
	src := make([]float32, w.Pixels())
	for i := range src {
		src[i] = rnd.Float32() * 3000
	}
	var sc Scratch
	sameAsLattice(t, src, w, Size{Radius: 4, Step: 1}, &sc)
	src[len(src)-7], src[w.W*20+panTexColumns] = raster.NaN, 3e19
	sameAsLattice(t, src, w, Size{Radius: 4, Step: 2}, &sc)
}

func sameAsLattice(t interface {
	Helper()
	Fatalf(string, ...any)
}, src []float32, w raster.Window, s Size, sc *Scratch) {
	t.Helper()
	got := make([]float32, len(src))
	PanTex(got, src, w, s, sc)
	for i, want := range latticePanTex(src, w, s) {
		if math.Float32bits(got[i]) != math.Float32bits(want) {
			t.Fatalf("pixel %d of %v, %v: %g, by the definition %g", i, w, s, got[i], want)
		}
	}
}

// Over any part it is what it is over the whole window, and nothing beside the part is written.
func TestPartIsOfTheWhole(t *testing.T) {
	for _, k := range kinds {
		t.Run(string(k.kind), func(t *testing.T) {
			var sc Scratch
			rapid.Check(t, func(t *rapid.T) {
				w, src := scene(t)
				s := size(t, k.kind)
				want, got := make([]float32, len(src)), make([]float32, len(src))
				k.fast(want, src, w, s, nil)
				part := raster.Window{
					X: w.X + rapid.IntRange(0, w.W-1).Draw(t, "px"), Y: w.Y + rapid.IntRange(0, w.H-1).Draw(t, "py"),
					W: rapid.IntRange(0, w.W).Draw(t, "pw"), H: rapid.IntRange(0, w.H).Draw(t, "ph"),
				}.Intersect(w)
				const untouched = -7
				raster.Fill(got, untouched)
				In(k.kind, got, src, w, part, s, &sc)
				for i, v := range want {
					at := raster.Window{X: w.X + i%w.W, Y: w.Y + i/w.W, W: 1, H: 1}
					if !part.Contains(at) {
						v = untouched
					}
					if math.Float32bits(got[i]) != math.Float32bits(v) {
						t.Fatalf("%v of %v, %v: pixel %v is %g, want %g", part, w, s, at, got[i], v)
					}
				}
			})
		})
	}
}

// A single missing pixel as far away as a box reaches is one of those that the box lacks.
func TestOneMissingPixel(t *testing.T) {
	w, part, s := raster.Window{X: -9, Y: 4, W: 37, H: 31}, raster.Window{X: 5, Y: 17, W: 6, H: 5}, Size{Radius: 7, Step: 2}
	want, got := make([]float32, w.Pixels()), make([]float32, w.Pixels())
	for _, k := range kinds[:3] {
		for d := s.Radius - 1; d <= s.Radius+1; d++ {
			for _, at := range [][2]int{{part.X - d, part.Y}, {part.X + 5 + d, part.Y}, {part.X, part.Y - d}, {part.X, part.Y + 4 + d}} {
				src := noise(w)
				src[(at[1]-w.Y)*w.W+at[0]-w.X] = raster.NaN
				k.fast(want, src, w, s, nil)
				In(k.kind, got, src, w, part, s, nil)
				a, b := crop(got, w, part), crop(want, w, part)
				for i := range a {
					if a[i] != b[i] {
						t.Fatalf("%s, missing at %v: pixel %d of %v is %g, want %g", k.kind, at, i, part, a[i], b[i])
					}
				}
			}
		}
	}
}

// Tiles of one size take no memory once the first has been there.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	w, s := raster.Window{X: 3, Y: 5, W: 300, H: 70}, Size{Radius: 5, Step: 1}
	for name, missing := range map[string]bool{"all there": false, "missing pixels": true} {
		src, dst := make([]float32, w.Pixels()), make([]float32, w.Pixels())
		if missing {
			src[1000] = raster.NaN
		}
		for _, k := range kinds {
			var sc Scratch
			for what, part := range map[string]raster.Window{"whole": w, "part": w.Grow(-20)} {
				if n := testing.AllocsPerRun(3, func() { In(k.kind, dst, src, w, part, s, &sc) }); n > 0 {
					t.Errorf("%s, %s, %s: %g allocations", k.kind, name, what, n)
				}
			}
		}
	}
}
