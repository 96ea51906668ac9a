package mask

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"tuban/raster"
)

var window = raster.Window{X: -13, Y: 29, W: 330, H: 270} // pixels of a metre

// hectares of what is found at date 1, the date that things happen to, and at date 0.
func TestGuess(t *testing.T) {
	type bounds struct{ least, most int } // pixels of a metre
	none := bounds{}
	for _, c := range []struct {
		name          string
		happens       func(l *land)
		cloud, shadow bounds
	}{
		{"nothing", func(l *land) {}, none, none},
		{"a cloud of 80 m", func(l *land) { l.cloud(1, 160, 130, 80, 20) }, bounds{5000, 12000}, none},
		{"a cloud at the corner of the image", func(l *land) { l.cloud(1, 10, 5, 120, 20) }, bounds{3500, 9000}, none},
		{"a cloud of 25 m", func(l *land) { l.cloud(1, 160, 130, 25, 12) }, none, none},
		{"its shadow", func(l *land) { l.shade(1, 160, 130, 80, 20, 0.45) }, none, bounds{5000, 12000}},
		{"both", func(l *land) { l.cloud(1, 90, 90, 80, 20); l.shade(1, 230, 180, 80, 20, 0.45) }, bounds{5000, 12000}, bounds{5000, 12000}},
		{"a factory of 100 m × 60 m", func(l *land) { l.roof(1, 160, 130, 100, 60) }, none, none},
		{"a hall of 150 m × 120 m", func(l *land) { l.roof(1, 160, 130, 150, 120) }, none, none},
		{"a village of roofs", func(l *land) {
			for x := 80.0; x < 240; x += 16 {
				for y := 60.0; y < 200; y += 14 {
					l.roof(1, x, y, 11, 8)
				}
			}
		}, none, none},
		{"a factory and a cloud", func(l *land) { l.roof(1, 60, 60, 60, 40); l.cloud(1, 230, 180, 90, 20) }, bounds{6000, 14000}, none},
		{"a field that is flooded", func(l *land) {
			l.change(1, func(x, y float64) (float64, float64) {
				if math.Abs(x-160) < 50 && math.Abs(y-130) < 40 {
					return 0.6, 0
				}
				return 1, 0
			})
		}, none, none},
		{"haze", func(l *land) { l.change(1, func(x, y float64) (float64, float64) { return 0.95, 300 }) }, none, none},
	} {
		for _, nir := range []bool{true, false} {
			l := newLand(window, 1, 3)
			c.happens(l)
			if !nir {
				l.dates[0].NIR, l.dates[1].NIR = nil, nil
			}
			got := l.guess()
			if n := count(got[1], Cloud); n < c.cloud.least || n > c.cloud.most {
				t.Errorf("%s (near infrared: %v): %d m² of cloud, want %d to %d", c.name, nir, n, c.cloud.least, c.cloud.most)
			}
			if n := count(got[1], Shadow); n < c.shadow.least || n > c.shadow.most {
				t.Errorf("%s (near infrared: %v): %d m² of shadow, want %d to %d", c.name, nir, n, c.shadow.least, c.shadow.most)
			}
			if n := len(got[0]) - count(got[0], Clear); n != 0 {
				t.Errorf("%s (near infrared: %v): %d m² at the other date", c.name, nir, n)
			}
			l.dates[0], l.dates[1] = l.dates[1], l.dates[0]
			swapped := l.guess()
			for i := range got[0] {
				if swapped[0][i] != got[1][i] || swapped[1][i] != got[0][i] {
					t.Fatalf("%s: the order of the dates matters at pixel %d", c.name, i)
				}
			}
		}
	}
}

// The scale of the numbers does not matter as long as Options know it.
func TestGuessHasNoUnit(t *testing.T) {
	l := newLand(window, 1, 4)
	l.cloud(1, 90, 90, 80, 20)
	l.shade(1, 230, 180, 80, 20, 0.45)
	want := l.guess()
	for d := range 2 {
		l.change(d, func(x, y float64) (float64, float64) { return 1. / 8192, 0 })
	}
	got := [2][]Class{make([]Class, l.w.Pixels()), make([]Class, l.w.Pixels())}
	Guess(got, l.w, l.w, l.dates, Options{Pixel: 1, Dark: 400. / 8192, Bright: 2000. / 8192}, nil)
	for i := range want[1] {
		if got[1][i] != want[1][i] {
			t.Fatalf("pixel %d: %d, of other numbers %d", i, got[1][i], want[1][i])
		}
	}
}

// Any window with its halo says of a pixel what the whole says, missing pixels or not.
func TestTileLaw(t *testing.T) {
	var sc Scratch // shared on purpose: what an earlier window left must not matter
	rapid.Check(t, func(t *rapid.T) {
		w := raster.Window{X: rapid.IntRange(-9, 9).Draw(t, "x"), Y: rapid.IntRange(-9, 9).Draw(t, "y"), W: 400, H: 199}
		pixel := rapid.SampledFrom([]float64{2, 2, 1.3}).Draw(t, "pixel")
		l := newLand(w, pixel, rapid.Uint64().Draw(t, "seed"))
		at := func(name string, n int) float64 { return pixel * float64(rapid.IntRange(0, n).Draw(t, name)) }
		// Close together, so that the borders of one are in sight of the other.
		for range 3 {
			x, y := at("cx", 400), at("cy", 199)
			l.cloud(1, x, y, 70, 25)
			l.roof(1, x+60+at("rx", 40), y+at("ry", 20), 50, 35)
			l.shade(1, at("sx", 400), at("sy", 199), 80, 25, 0.4)
		}
		gap := at("gap", 390)
		l.change(0, func(x, y float64) (float64, float64) {
			if x > gap && x < gap+20 {
				return math.NaN(), 0
			}
			return 1, 0
		})
		whole := l.guess()
		core := raster.Window{
			X: w.X + rapid.IntRange(0, w.W-1).Draw(t, "x0"), Y: w.Y + rapid.IntRange(0, w.H-1).Draw(t, "y0"),
			W: rapid.IntRange(1, 90).Draw(t, "w"), H: rapid.IntRange(1, 90).Draw(t, "h"),
		}.Intersect(w)
		read := core.Grow(l.options().Halo() + rapid.IntRange(0, 3).Draw(t, "more")).Intersect(w)
		var part [2]Planes
		for d, p := range l.dates {
			part[d] = Planes{crop(p.Blue, w, read), crop(p.Green, w, read), crop(p.Red, w, read), crop(p.NIR, w, read)}
		}
		got := [2][]Class{make([]Class, core.Pixels()), make([]Class, core.Pixels())}
		Guess(got, core, read, part, l.options(), &sc)
		for d := range got {
			for i, v := range crop(whole[d], w, core) {
				if got[d][i] != v {
					t.Fatalf("%v read as %v of %v: pixel %d of date %d is %d, of the whole %d", core, read, w, i, d, got[d][i], v)
				}
			}
		}
	})
}

func crop[T any](src []T, w, part raster.Window) []T {
	out := make([]T, 0, part.Pixels())
	for y := part.Y; y < part.Y+part.H; y++ {
		o := (y-w.Y)*w.W + part.X - w.X
		out = append(out, src[o:o+part.W]...)
	}
	return out
}

func TestGuessOfNothing(t *testing.T) {
	l := newLand(raster.Window{W: 40, H: 30}, 1, 1)
	for d := range 2 {
		l.change(d, func(x, y float64) (float64, float64) { return math.NaN(), 0 })
	}
	for d, v := range l.guess() {
		if n := count(v, Clear); n != len(v) {
			t.Errorf("date %d: %d of %d pixels without data are clear", d, n, len(v))
		}
	}
	Guess([2][]Class{}, raster.Window{}, l.w, l.dates, l.options(), nil)
}

func TestOptionsAreChecked(t *testing.T) {
	for _, o := range []Options{{}, {Pixel: 10, Bright: 1}, {Pixel: 0.5}, {Pixel: 0.5, Dark: 2, Bright: 1}, {Pixel: math.NaN(), Bright: 1}, {Pixel: 1, Bright: math.Inf(1)}} {
		if o.Check() == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
	if o := (Options{Pixel: 0.5, Bright: 1}); o.Check() != nil || float64(o.Halo())*o.Pixel > 230 {
		t.Errorf("%+v: %v, halo of %d pixels", o, o.Check(), o.Halo())
	}
}

func BenchmarkGuess(b *testing.B) {
	l := newLand(raster.Window{W: 1024, H: 768}, 0.5, 1)
	l.cloud(1, 200, 150, 90, 20)
	dst := [2][]Class{make([]Class, l.w.Pixels()), make([]Class, l.w.Pixels())}
	var sc Scratch
	for b.Loop() {
		Guess(dst, l.w, l.w, l.dates, l.options(), &sc)
	}
	b.ReportMetric(float64(l.w.Pixels())*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mpx/s")
}
