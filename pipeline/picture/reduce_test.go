package picture

import (
	"image"
	"image/color"
	"testing"
)

func TestReduceAverages(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 5, 4)) // one column is left over
	for y := range 4 {
		for x := range 5 {
			img.SetRGBA(x, y, color.RGBA{uint8(10 * x), uint8(20 * y), 7, 255})
		}
	}
	out := Reduce(img, 2)
	if out.Rect.Dx() != 2 || out.Rect.Dy() != 2 {
		t.Fatalf("size %v", out.Rect)
	}
	for y := range 2 {
		for x := range 2 {
			want := color.RGBA{uint8(10*2*x + 5), uint8(20*2*y + 10), 7, 255}
			if got := out.RGBAAt(x, y); got != want {
				t.Errorf("(%d, %d): %v, want %v", x, y, got, want)
			}
		}
	}
	if Reduce(img, 1) != img {
		t.Error("a factor of 1 must return the picture itself")
	}
}
