package picture

import (
	"fmt"
	"image"
	"math"

	"tuban/classify/ranked"
)

// Stretch maps values to brightness: Lo and below is black, Hi and above is white, per plane (red, green, blue).
type Stretch struct{ Lo, Hi [3]float64 }

// Measure returns the stretch between the quantiles lo and hi (0 … 1) of the valid values of each plane:
// three planes (red, green, blue), or one for grey. lo = hi = 0 means 0.02 and 0.98.
// Planes larger than about a million pixels are sampled at fixed steps. A plane without valid or differing values
// gets an interval that shows it mid-grey. It panics unless there are one or three planes.
func Measure(planes [][]float32, lo, hi float64) Stretch {
	checkPlanes(planes)
	if lo == 0 && hi == 0 {
		lo, hi = 0.02, 0.98
	}
	var s Stretch
	for i := range s.Lo {
		if i >= len(planes) {
			s.Lo[i], s.Hi[i] = s.Lo[0], s.Hi[0]
			continue
		}
		s.Lo[i], s.Hi[i] = quantiles(planes[i], lo, hi)
	}
	return s
}

func quantiles(plane []float32, lo, hi float64) (float64, float64) {
	const sample = 1 << 20
	// An odd step does not fall into step with the even periods of rows and blocks.
	step := len(plane)/sample | 1
	kept := make([]float32, 0, len(plane)/step+1)
	for i := 0; i < len(plane); i += step {
		kept = append(kept, plane[i])
	}
	values := ranked.Of(kept)
	if values.N == 0 {
		return -1, 1
	}
	at := func(q float64) float64 {
		return float64(values.At(int(math.Round(max(0, min(1, q)) * float64(values.N-1)))))
	}
	a, b := at(lo), at(hi)
	if !(a < b) {
		half := max(math.Abs(a), 1)
		return a - half, a + half
	}
	return a, b
}

// Render returns a w × h picture of one plane (grey) or three (red, green, blue), row-major.
// A pixel in which any plane is NaN is hatched grey. It panics when the planes do not have w·h values.
func (s Stretch) Render(w, h int, planes [][]float32) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	s.Paint(img, img.Rect, planes)
	Hatch(img)
	return img
}

// Paint paints one plane (grey) or three (red, green, blue), row-major over r, onto that part of img, which must hold it. A
// pixel in which any plane is NaN is left as it is. It panics when the planes do not have the pixels of r.
func (s Stretch) Paint(img *image.RGBA, r image.Rectangle, planes [][]float32) {
	checkPlanes(planes)
	w, h := r.Dx(), r.Dy()
	for i, p := range planes {
		if len(p) != w*h {
			panic(fmt.Sprintf("picture: plane %d has %d values, not %d × %d", i, len(p), w, h))
		}
	}
	var scale [3]float64
	for i := range scale {
		scale[i] = 255 / (s.Hi[i] - s.Lo[i])
	}
	for y := range h {
		o := img.PixOffset(r.Min.X, r.Min.Y+y)
		row := img.Pix[o : o+4*w]
	pixels:
		for x := range w {
			var px [3]uint8
			for c := range px {
				v := float64(planes[c%len(planes)][y*w+x])
				if math.IsNaN(v) {
					continue pixels
				}
				px[c] = uint8(max(0, min(255, math.Round((v-s.Lo[c])*scale[c]))))
			}
			copy(row[4*x:4*x+3], px[:])
			row[4*x+3] = 255
		}
	}
}

// Hatch hatches the pixels of img that nothing was painted on (of opacity 0) grey, so that no data is never taken for a dark
// or bright surface, and returns how many there are.
func Hatch(img *image.RGBA) (bare int) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for y := range h {
		row := img.Pix[y*img.Stride : y*img.Stride+4*w]
		for x := range w {
			if px := row[4*x : 4*x+4 : 4*x+4]; px[3] == 0 {
				g := hatch(x, y)
				px[0], px[1], px[2], px[3] = g, g, g, 255
				bare++
			}
		}
	}
	return bare
}

// hatch is the grey of a pixel without data: diagonal lines, unlike any ground.
func hatch(x, y int) uint8 {
	if (x+y)%8 < 2 {
		return 178
	}
	return 214
}

func checkPlanes(planes [][]float32) {
	if n := len(planes); n != 1 && n != 3 {
		panic(fmt.Sprintf("picture: %d planes, but a picture has one or three", n))
	}
}
