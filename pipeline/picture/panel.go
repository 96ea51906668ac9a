package picture

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
)

// Panel returns before | after | after with outlines, side by side with a white gap of gap pixels: a picture without text,
// so that it serves every language. before and after have one size, else Panel panics.
func Panel(before, after *image.RGBA, outlines []Outline, s Strokes, gap int) *image.RGBA {
	if before.Rect.Size() != after.Rect.Size() {
		panic(fmt.Sprintf("picture: the panel's dates differ in size, %v and %v", before.Rect.Size(), after.Rect.Size()))
	}
	size := before.Rect.Size()
	marked := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(marked, marked.Rect, after, after.Rect.Min, draw.Src)
	Draw(marked, outlines, s)
	gap = max(0, gap)
	img := image.NewRGBA(image.Rect(0, 0, 3*size.X+2*gap, size.Y))
	draw.Draw(img, img.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	for i, part := range []*image.RGBA{before, after, marked} {
		at := image.Pt(i*(size.X+gap), 0)
		draw.Draw(img, image.Rectangle{Min: at, Max: at.Add(size)}, part, part.Rect.Min, draw.Src)
	}
	return img
}
