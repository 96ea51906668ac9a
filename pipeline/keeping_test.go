package pipeline

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tuban/raster"
)

// pixelOf draws a value of a kind of imagery: whole numbers, floats, none.
func pixelOf(rnd *rand.Rand, floats bool) float32 {
	switch n := rnd.IntN(40); {
	case n == 0:
		return raster.NaN
	case n == 1:
		return 65534
	case n == 2 && floats:
		return []float32{65535, 65536, float32(math.Copysign(0, -1)), -1, 0.5, math.MaxFloat32, 1e-45}[rnd.IntN(7)]
	}
	return float32(rnd.IntN(2000))
}

// What is kept is what would be read, whatever the scenes, the windows, and where there is no room or a part is unreadable.
func TestKeptIsWhatIsRead(t *testing.T) {
	same := func(a, b float32) bool {
		return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
	}
	rapid.Check(t, func(t *rapid.T) {
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		g := testGrid
		g.W, g.H = rapid.IntRange(1, 700).Draw(t, "w"), rapid.IntRange(1, 300).Draw(t, "h")
		window := func(what string) raster.Window {
			w := raster.Window{X: rnd.IntN(g.W), Y: rnd.IntN(g.H), W: 1 + rnd.IntN(g.W), H: 1 + rnd.IntN(g.H)}.Intersect(g.Window())
			return w
		}
		im := &images{origin: g, files: map[string]*rasterFile{}}
		roles := []raster.Role{raster.Green, raster.Red, raster.NIR}
		var scenes []raster.Scene
		floats := rapid.Bool().Draw(t, "floats")
		for i := range rapid.IntRange(1, 3).Draw(t, "scenes") {
			f := &rasterFile{place: window("scene"), planes: map[raster.Role][]float32{}}
			s := raster.Scene{ID: fmt.Sprint(i), URI: fmt.Sprint(i), Bands: map[raster.Role]raster.Band{}}
			for _, r := range roles {
				if rnd.IntN(4) == 0 {
					continue
				}
				s.Bands[r] = raster.Band{Index: 1}
				for range f.place.Pixels() {
					f.planes[r] = append(f.planes[r], pixelOf(rnd, floats))
				}
			}
			if rnd.IntN(3) == 0 {
				f.damaged = window("damage")
				f.damaged.W, f.damaged.H = 1, 1
			}
			im.files[s.URI], scenes = f, append(scenes, s)
		}
		k := newKeeping(im, g, tempDir(t), rapid.SampledFrom([]int64{0, 5000, 1 << 30}).Draw(t, "room"))
		defer k.forget()
		opened := func() *spotPixels {
			px, err := k.Open(g, scenes, roles, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			return px.(*spotPixels)
		}
		var windows []raster.Window
		for range rapid.IntRange(1, 6).Draw(t, "spots") {
			windows = append(windows, window("spot"))
		}
		c := &keptCells{px: opened(), windows: windows, mosaic: true, plan: &Plan{}}
		if err := c.keep(context.Background(), 2, Options{}.withDefaults()); err != nil {
			t.Fatal(err)
		}
		px := opened()
		for n := range 12 {
			w := window("read")
			if n%3 > 0 {
				w = w.Intersect(windows[n%len(windows)])
			}
			if w.Empty() {
				continue
			}
			for scene := range scenes {
				var got, want raster.Block
				got.Reset(w, len(roles))
				want.Reset(w, len(roles))
				err, wrong := px.Read(context.Background(), scene, w, got.Planes), px.Pixels.Read(context.Background(), scene, w, want.Planes)
				if fmt.Sprint(err) != fmt.Sprint(wrong) {
					t.Fatalf("%v of scene %d: %v, want %v", w, scene, err, wrong)
				}
				for i := range roles {
					for q, v := range want.Planes[i] {
						if err == nil && !same(got.Planes[i][q], v) {
							t.Fatalf("%v of scene %d, role %d, pixel %d: %v, want %v", w, scene, i, q, got.Planes[i][q], v)
						}
					}
				}
			}
		}
	})
}

func BenchmarkKept(b *testing.B) {
	w := raster.Window{X: 30, Y: 40, W: 164, H: 164}
	var block raster.Block
	block.Reset(w, 4)
	has := make([]bool, 4)
	for i, p := range block.Planes {
		has[i] = true
		for k := range p {
			p[k] = float32(k % 4001)
		}
	}
	packed, how, _ := pack(nil, &block, w, has)
	b.Run("pack", func(b *testing.B) {
		b.SetBytes(4 * 4 * w.Pixels())
		for b.Loop() {
			packed, how, _ = pack(packed, &block, w, has)
		}
	})
	b.Run("unpack", func(b *testing.B) {
		b.SetBytes(4 * 4 * w.Pixels())
		for b.Loop() {
			for i, p := range block.Planes {
				how.unpack(p, w, packed, w, i, w)
			}
		}
	})
}
