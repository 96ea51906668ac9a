package mask

import (
	"math"
	"math/rand/v2"

	"tuban/raster"
)

// land is two dates of one county in reflectance × 10,000: fields of 40 m with their own colour, which is that of date 0
// changed a little at date 1, and noise in each pixel.
type land struct {
	w     raster.Window
	pixel float64
	dates [2]Planes
}

func newLand(w raster.Window, pixel float64, seed uint64) *land {
	l := &land{w: w, pixel: pixel}
	base := [4]float64{400, 700, 600, 3000}
	fields := map[[3]int]float64{}
	rnd := rand.New(rand.NewPCG(seed, 9))
	tone := func(x, y, d int) float64 {
		k := [3]int{int(math.Floor(float64(x) * pixel / 40)), int(math.Floor(float64(y) * pixel / 40)), d}
		if _, ok := fields[k]; !ok {
			fields[k] = 1 + 0.25*(rnd.Float64()-0.5)
		}
		return fields[k]
	}
	for d := range l.dates {
		var p [4][]float32
		for k := range p {
			p[k] = make([]float32, w.Pixels())
		}
		for i := range p[0] {
			x, y := i%w.W, i/w.W
			t := tone(x, y, 0)
			if d == 1 {
				t *= 0.8 + 0.2*tone(x, y, 1)
			}
			for k := range p {
				p[k][i] = float32(base[k] * t * (1 + 0.05*rnd.NormFloat64()))
			}
		}
		l.dates[d] = Planes{p[0], p[1], p[2], p[3]}
	}
	return l
}

func (l *land) options() Options { return Options{Pixel: l.pixel, Dark: 400, Bright: 2000} }

// change replaces pixels of a date: f returns the share of each band that stays and what is added, at metres from the window's corner.
func (l *land) change(d int, f func(x, y float64) (stays, plus float64)) {
	for _, b := range l.dates[d].bands(true) {
		for i, v := range b {
			s, p := f((float64(i%l.w.W)+0.5)*l.pixel, (float64(i/l.w.W)+0.5)*l.pixel)
			b[i] = float32(float64(v)*s + p)
		}
	}
}

// cloud veils a disc of the given diameter at half opacity; it fades over soft metres.
func (l *land) cloud(d int, x, y, across, soft float64) {
	l.change(d, func(px, py float64) (float64, float64) {
		a := veil(px-x, py-y, across, soft)
		return 1 - a, 6000 * a
	})
}

// shade takes up to the given share of light from a disc, likewise.
func (l *land) shade(d int, x, y, across, soft, share float64) {
	l.change(d, func(px, py float64) (float64, float64) { return 1 - share*veil(px-x, py-y, across, soft), 0 })
}

func veil(dx, dy, across, soft float64) float64 {
	return max(0, min(1, 0.5+(across/2-math.Hypot(dx, dy))/soft))
}

// roof builds a white rectangle with a sharp border around (x, y).
func (l *land) roof(d int, x, y, width, height float64) {
	l.change(d, func(px, py float64) (float64, float64) {
		if math.Abs(px-x) < width/2 && math.Abs(py-y) < height/2 {
			return 0, 4500
		}
		return 1, 0
	})
}

// guess returns the classes of both dates over the whole land.
func (l *land) guess() (dst [2][]Class) {
	for d := range dst {
		dst[d] = make([]Class, l.w.Pixels())
	}
	Guess(dst, l.w, l.w, l.dates, l.options(), nil)
	return dst
}

func count(v []Class, c Class) (n int) {
	for _, e := range v {
		if e == c {
			n++
		}
	}
	return n
}
