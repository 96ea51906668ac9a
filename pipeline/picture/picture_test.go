package picture

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"strings"
	"testing"

	"tuban/raster"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

var out = flag.String("out", "", "also write the test's panel to this PNG, to be looked at")

var nan = raster.NaN

func TestRenderClampsAndHatches(t *testing.T) {
	s := Stretch{Lo: [3]float64{10, 10, 10}, Hi: [3]float64{20, 20, 20}}
	img := s.Render(3, 2, [][]float32{{5, 10, 15, 20, 25, nan}})
	for i, want := range []uint8{0, 0, 128, 255, 255} {
		if got := img.RGBAAt(i%3, i/3); got != (color.RGBA{want, want, want, 255}) {
			t.Errorf("pixel %d is %v, not grey %d", i, got, want)
		}
	}
	if got := img.RGBAAt(2, 1); got.R != hatch(2, 1) || got.A != 255 {
		t.Errorf("a pixel without data is %v", got)
	}
	rgb := s.Render(1, 2, [][]float32{{20, 20}, {10, 10}, {15, nan}})
	if got := rgb.RGBAAt(0, 0); got != (color.RGBA{255, 0, 128, 255}) {
		t.Errorf("true colour is %v", got)
	}
	if got := rgb.RGBAAt(0, 1); got.R != got.G || got.G != got.B {
		t.Errorf("one missing plane leaves the colour %v", got)
	}
}

func TestMeasure(t *testing.T) {
	ramp := make([]float32, 1001)
	for i := range ramp {
		ramp[i] = float32(1000 - i)
	}
	ramp[0] = nan
	s := Measure([][]float32{ramp}, 0.1, 0.9)
	for c := range 3 {
		if math.Abs(s.Lo[c]-100) > 1 || math.Abs(s.Hi[c]-900) > 1 {
			t.Errorf("plane %d stretches from %v to %v", c, s.Lo[c], s.Hi[c])
		}
	}
	inf := float32(math.Inf(1))
	for name, plane := range map[string][]float32{"none": {}, "no data": {nan, nan}, "infinite": {inf, nan}, "constant": {7, 7, 7}, "zero": {0}} {
		s := Measure([][]float32{plane}, 0, 0)
		if !(s.Lo[0] < s.Hi[0]) {
			t.Errorf("%s: the interval is [%v, %v]", name, s.Lo[0], s.Hi[0])
		}
		for i, v := range plane {
			if g := s.Render(len(plane), 1, [][]float32{plane}).RGBAAt(i, 0).R; !math.IsNaN(float64(v)) && v < inf && g != 128 {
				t.Errorf("%s: %v shows as %d, not mid-grey", name, v, g)
			}
		}
	}
}

// A stretch follows its values: gain and offset of a scene do not change its picture.
func TestPictureIgnoresGainAndOffset(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.IntRange(0, 4000), 12, 12).Draw(t, "values")
		gain, offset := float32(rapid.IntRange(1, 9).Draw(t, "gain")), float32(rapid.IntRange(-500, 500).Draw(t, "offset"))
		a, b := make([]float32, 12), make([]float32, 12)
		same := true
		for i, v := range values {
			a[i], b[i] = float32(v), float32(v)*gain+offset
			same = same && v == values[0]
		}
		if same {
			return
		}
		pa, pb := [][]float32{a}, [][]float32{b}
		ia, ib := Measure(pa, 0, 0).Render(4, 3, pa), Measure(pb, 0, 0).Render(4, 3, pb)
		for i := range ia.Pix {
			if d := int(ia.Pix[i]) - int(ib.Pix[i]); d < -1 || d > 1 {
				t.Fatalf("byte %d is %d and %d", i, ia.Pix[i], ib.Pix[i])
			}
		}
	})
}

// drawn shows which pixels an outline changes on black: '#' fully of its colour, 'o' white, '+' a mixture, '.' untouched.
func drawn(img *image.RGBA, c color.RGBA) string {
	var b strings.Builder
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			switch p := img.RGBAAt(x, y); {
			case p == c:
				b.WriteByte('#')
			case p == color.RGBA{255, 255, 255, 255}:
				b.WriteByte('o')
			case p == color.RGBA{0, 0, 0, 255}:
				b.WriteByte('.')
			default:
				b.WriteByte('+')
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func black(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	return img
}

func square(x0, y0, x1, y1 float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}}
}

func TestDrawIsColourOnWhite(t *testing.T) {
	red := color.RGBA{200, 0, 0, 255}
	img := black(11, 9)
	Draw(img, []Outline{{square(2, 2, 9, 7), red}}, Strokes{})
	const want = `
++ooooooo++
++#######++
o#########o
o##ooooo##o
o##o...o##o
o##ooooo##o
o#########o
++#######++
++ooooooo++
`
	if got := "\n" + drawn(img, red); got != want {
		t.Errorf("the outline is%snot%s", got, want)
	}
}

func TestDrawRingsSmallPatches(t *testing.T) {
	red := color.RGBA{200, 0, 0, 255}
	img := black(40, 30)
	Draw(img, []Outline{{square(20, 15, 21, 16), red}}, Strokes{MinSize: 16})
	if img.RGBAAt(20, 15) != (color.RGBA{0, 0, 0, 255}) || img.RGBAAt(28, 15) != red || img.RGBAAt(12, 15) != red {
		t.Errorf("no circle around a small patch:\n%s", drawn(img, red))
	}
}

func TestDrawSurvivesAnyGeometry(t *testing.T) {
	inf, bad := math.Inf(1), math.NaN()
	img := black(20, 10)
	Draw(img, []Outline{
		{}, {Geom: orb.MultiPolygon{{}}}, {Geom: orb.MultiPolygon{{{}}}}, {Geom: orb.MultiPolygon{{{{1, 1}}}}},
		{Geom: square(bad, 2, 5, 5)}, {Geom: square(-inf, 2, inf, 5)}, {Geom: square(-1e300, -1e300, 1e300, 1e300)}, {Geom: square(100, 100, 200, 200)},
	}, Strokes{MinSize: 5})
	sub := black(20, 10).SubImage(image.Rect(5, 5, 10, 10)).(*image.RGBA)
	Draw(sub, []Outline{{square(0, 0, 20, 10), palette[0]}, {square(4, 4, 11, 11), palette[1]}}, Strokes{Width: 3})
}

// An outline's picture must not depend on how the picture is cut.
func TestDrawIsCutIndependent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coord := rapid.Float64Range(-10, 50)
		var r orb.Ring
		for range rapid.IntRange(3, 6).Draw(t, "n") {
			r = append(r, orb.Point{coord.Draw(t, "x"), coord.Draw(t, "y")})
		}
		o := []Outline{{orb.MultiPolygon{{append(r, r[0])}}, palette[0]}}
		whole, parts := black(40, 30), black(40, 30)
		Draw(whole, o, Strokes{})
		x, y := rapid.IntRange(1, 39).Draw(t, "cut x"), rapid.IntRange(1, 29).Draw(t, "cut y")
		for _, cut := range []image.Rectangle{image.Rect(0, 0, x, y), image.Rect(x, 0, 40, y), image.Rect(0, y, x, 30), image.Rect(x, y, 40, 30)} {
			Draw(parts.SubImage(cut).(*image.RGBA), o, Strokes{})
		}
		if !bytes.Equal(whole.Pix, parts.Pix) {
			t.Fatalf("whole and parts differ:\n%s\n%s", drawn(whole, palette[0]), drawn(parts, palette[0]))
		}
	})
}

func TestPanel(t *testing.T) {
	grey := func(v float32) *image.RGBA {
		p := make([]float32, 64*48)
		raster.Fill(p, v)
		return Stretch{Hi: [3]float64{255, 255, 255}}.Render(64, 48, [][]float32{p})
	}
	before, after := grey(60), grey(120)
	keep := bytes.Clone(after.Pix)
	img := Panel(before, after, []Outline{{square(10, 10, 50, 30), palette[0]}, {square(55, 40, 56, 41), palette[2]}}, Strokes{MinSize: 10}, 4)
	if img.Rect != image.Rect(0, 0, 3*64+8, 48) {
		t.Fatalf("the panel is %v", img.Rect)
	}
	if !bytes.Equal(after.Pix, keep) {
		t.Error("the after date was drawn on")
	}
	for x, want := range map[int]uint8{5: 60, 66: 255, 73: 120, 133: 255, 141: 120} {
		if got := img.RGBAAt(x, 5).R; got != want {
			t.Errorf("column %d is %d, not %d", x, got, want)
		}
	}
	if img.RGBAAt(136+10, 20) != palette[0] || img.RGBAAt(68+10, 20).R != 120 {
		t.Error("the outline is not on the third picture alone")
	}
	data, err := PNG(img)
	if err != nil {
		t.Fatal(err)
	}
	if *out != "" {
		if err := os.WriteFile(*out, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	back, err := png.Decode(bytes.NewReader(data))
	if err != nil || back.Bounds() != img.Rect || back.At(146, 20) != color.Color(palette[0]) {
		t.Errorf("PNG does not read back: %v", err)
	}
	if data, err = JPEG(img, 0); err != nil {
		t.Fatal(err)
	}
	if back, err = jpeg.Decode(bytes.NewReader(data)); err != nil || back.Bounds() != img.Rect {
		t.Errorf("JPEG does not read back: %v", err)
	}
}
