package texture

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"tuban/raster"
)

var structures = []struct {
	name string
	f    func(dst, src []float32, w raster.Window, s Size, sc *Scratch)
	sign float32 // of what it finds
}{{"mbi", MBI, 1}, {"msi", MSI, -1}}

// rectangle is ground with one rectangle of another brightness in its middle.
func rectangle(w raster.Window, width, height int, ground, inside float32) []float32 {
	src := make([]float32, w.Pixels())
	x0, y0 := (w.W-width)/2, (w.H-height)/2
	for i := range src {
		src[i] = ground
		if x, y := i%w.W-x0, i/w.W-y0; x >= 0 && x < width && y >= 0 && y < height {
			src[i] = inside
		}
	}
	return src
}

// What the indices are for, by lines of 4 to 20 pixels: the size decides, the other sign is not seen.
func TestStructureIsOfASize(t *testing.T) {
	w, s := raster.Window{X: 5, Y: -9, W: 91, H: 77}, Size{Radius: 10, Step: 2}
	for _, c := range []struct {
		name          string
		width, height int
		lowest        float32 // share of the contrast in the middle
		highest       float32
	}{
		{"a building", 9, 7, 1, 1},
		{"a building whose diagonal is as long as the line", 14, 14, 1, 1},
		{"a hall longer than the line one way", 40, 12, 0.75, 0.75},
		{"a yard", 45, 45, 0, 0},
		{"a speck", 2, 2, 0, 0},
		{"a road", 91, 5, 0.75, 0.75},
	} {
		for _, k := range structures {
			src := rectangle(w, c.width, c.height, 100, 100+k.sign*40)
			dst := make([]float32, len(src))
			k.f(dst, src, w, s, nil)
			v := dst[w.H/2*w.W+w.W/2] / 40
			if v < c.lowest || v > c.highest {
				t.Errorf("%s of %s: %g of the contrast, want %g to %g", k.name, c.name, v, c.lowest, c.highest)
			}
			if dst[0] != 0 {
				t.Errorf("%s of %s: the ground far from it shows %g", k.name, c.name, dst[0])
			}
			k.f(dst, rectangle(w, c.width, c.height, 100, 100-k.sign*40), w, s, nil)
			if v := dst[w.H/2*w.W+w.W/2]; v != 0 {
				t.Errorf("%s of the opposite of %s: %g", k.name, c.name, v)
			}
		}
	}
}

// Between nothing and the pixel's contrast with the darkest (MSI: brightest) pixel that a line reaches.
func TestStructureLaws(t *testing.T) {
	for _, k := range structures {
		t.Run(k.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				w, src := scene(t)
				s := size(t, Kind(k.name))
				dst, wider, scaled := make([]float32, len(src)), make([]float32, len(src)), make([]float32, len(src))
				k.f(dst, src, w, s, nil)
				k.f(wider, src, w, Size{Radius: s.Radius + 2, Step: s.Step}, nil)
				lo, hi := float32(math.Inf(1)), float32(math.Inf(-1))
				for _, v := range src {
					if v-v == 0 {
						lo, hi = min(lo, v), max(hi, v)
					}
				}
				for i, v := range dst {
					if (v != v) != (src[i]-src[i] != 0) {
						t.Fatalf("pixel %d is %g and becomes %g: missing is what was missing", i, src[i], v)
					}
					room := src[i] - lo
					if k.sign < 0 {
						room = hi - src[i]
					}
					if v < 0 || v > room {
						t.Fatalf("pixel %d of %g in %g … %g becomes %g", i, src[i], lo, hi, v)
					}
					if wider[i] < v {
						t.Fatalf("pixel %d: %g, by a longer line %g", i, v, wider[i])
					}
				}
				// Another gain scales the index, another offset does not matter.
				gain, offset := float32(rapid.Float64Range(0.1, 10).Draw(t, "gain")), float32(rapid.Float64Range(-0.5, 0.5).Draw(t, "offset"))*hi
				other := make([]float32, len(src))
				for i, v := range src {
					other[i] = float32(v*gain) + offset
				}
				k.f(scaled, other, w, s, nil)
				for i, v := range dst {
					if math.Abs(float64(scaled[i]-v*gain)) > 1e-5*float64(hi*(gain+1)) {
						t.Fatalf("pixel %d: %g, under gain %g and offset %g %g", i, v, gain, offset, scaled[i])
					}
				}
			})
		})
	}
}

// A bright field that is cut off by missing pixels is not taken for a building: nobody knows how far it goes.
func TestWhatIsCutOffIsNoBuilding(t *testing.T) {
	w, s := raster.Window{W: 60, H: 50}, Size{Radius: 10}
	src, dst := rectangle(w, 6, 50, 10, 90), make([]float32, w.Pixels())
	MBI(dst, src, w, s, nil)
	if v := dst[25*w.W+30]; v != 60 {
		t.Fatalf("a strip shows %g, want its contrast of 80 in three directions of four", v)
	}
	for i := range src {
		if i%w.W > 32 {
			src[i] = raster.NaN
		}
	}
	MBI(dst, src, w, s, nil)
	if v := dst[25*w.W+30]; v != 0 {
		t.Errorf("the same beside missing pixels shows %g", v)
	}
}

// The index of an image turned, flipped or transposed is the index, turned likewise.
func TestStructureHasNoFavouriteSide(t *testing.T) {
	w, s := raster.Window{W: 43, H: 29}, Size{Radius: 6, Step: 1}
	rnd := rand.New(rand.NewPCG(3, 4))
	src := make([]float32, w.Pixels())
	for i := range src {
		src[i] = rnd.Float32()
	}
	dst, turned, got := make([]float32, len(src)), make([]float32, len(src)), make([]float32, len(src))
	MBI(dst, src, w, s, nil)
	for name, at := range map[string]func(x, y int) int{
		"mirrored":   func(x, y int) int { return y*w.W + w.W - 1 - x },
		"transposed": func(x, y int) int { return x*w.H + y },
	} {
		v := w
		if name == "transposed" {
			v.W, v.H = w.H, w.W
		}
		for i := range src {
			turned[at(i%w.W, i/w.W)] = src[i]
		}
		MBI(got, turned, v, s, nil)
		for i := range src {
			// The directions add up in another order.
			if d := got[at(i%w.W, i/w.W)] - dst[i]; math.Abs(float64(d)) > 1e-6 {
				t.Fatalf("%s: pixel %d differs by %g", name, i, d)
			}
		}
	}
}
