package evidence

import (
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"tuban/raster"
)

// A frame shows the patch whole, with enough around it, and never more pixels than a picture has.
func TestFramesHoldTheirPatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		grid := raster.Window{W: rapid.IntRange(50, 20000).Draw(t, "W"), H: rapid.IntRange(50, 20000).Draw(t, "H")}
		px, py := rapid.Float64Range(0.2, 12).Draw(t, "px"), rapid.Float64Range(0.2, 12).Draw(t, "py")
		x := rapid.Float64Range(0, float64(grid.W-1)).Draw(t, "x")
		y := rapid.Float64Range(0, float64(grid.H-1)).Draw(t, "y")
		b := orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{
			math.Min(float64(grid.W), x+rapid.Float64Range(1, 5000).Draw(t, "w")), math.Min(float64(grid.H), y+rapid.Float64Range(1, 5000).Draw(t, "h")),
		}}
		f := frameOf(b, px, py, grid)
		if !grid.Contains(f.Window) || f.Empty() {
			t.Fatalf("%v is not in the grid", f)
		}
		if float64(f.X) > b.Min[0] || float64(f.Y) > b.Min[1] || float64(f.X+f.W) < b.Max[0] || float64(f.Y+f.H) < b.Max[1] {
			t.Fatalf("%v does not hold %v", f, b)
		}
		if float64(f.W)*px < leastGround && f.W < grid.W {
			t.Fatalf("%v shows %g m", f, float64(f.W)*px)
		}
		if w, h := f.size(); max(w, h) > mostPixels || f.Reduce > 1 && max(f.W, f.H) < mostPixels/2 && f.W < grid.W && f.H < grid.H {
			t.Fatalf("%v is a picture of %d × %d", f, w, h)
		}
	})
}

// A reduced picture is the mean of its pixels that have data, in whatever pieces they come.
func TestReducedPicturesAreMeans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 5).Draw(t, "n")
		f := frame{raster.Window{X: 7, Y: 3, W: rapid.IntRange(1, 20).Draw(t, "w"), H: rapid.IntRange(1, 20).Draw(t, "h")}, n}
		whole := image.NewRGBA(image.Rect(0, 0, f.W, f.H))
		for i := 0; i < len(whole.Pix); i += 4 {
			if rapid.IntRange(0, 4).Draw(t, "bare") > 0 {
				v := rapid.Byte().Draw(t, "v")
				whole.Pix[i], whole.Pix[i+1], whole.Pix[i+2], whole.Pix[i+3] = v, 255-v, v/2, 255
			}
		}
		c := newCanvas(f)
		cut := rapid.IntRange(0, f.W).Draw(t, "cut")
		for _, r := range []image.Rectangle{image.Rect(cut, 0, f.W, f.H), image.Rect(0, 0, cut, f.H)} {
			part := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
			for y := range r.Dy() {
				for x := range r.Dx() {
					part.Set(x, y, whole.RGBAAt(r.Min.X+x, r.Min.Y+y))
				}
			}
			c.add(part, r.Min.X, r.Min.Y, n)
		}
		got := c.done()
		for y := range got.Rect.Dy() {
			for x := range got.Rect.Dx() {
				if want := naiveMean(whole, x*n, y*n, n); got.RGBAAt(x, y) != want {
					t.Fatalf("pixel %d, %d is %v, not %v", x, y, got.RGBAAt(x, y), want)
				}
			}
		}
	})
}

func naiveMean(img *image.RGBA, x0, y0, n int) color.RGBA {
	var r, g, b, count float64
	for y := y0; y < y0+n; y++ {
		for x := x0; x < x0+n; x++ {
			if c := img.RGBAAt(x, y); c.A > 0 {
				r, g, b, count = r+float64(c.R), g+float64(c.G), b+float64(c.B), count+1
			}
		}
	}
	if count == 0 {
		return color.RGBA{}
	}
	up := func(v float64) uint8 { return uint8(math.Floor(v/count + 0.5)) }
	return color.RGBA{up(r), up(g), up(b), 255}
}
