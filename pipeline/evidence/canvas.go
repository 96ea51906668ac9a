package evidence

import "image"

// canvas is one picture in the making: pixels as they are, or the sums of those that become one.
type canvas struct {
	img *image.RGBA
	// sums holds red, green, blue and how many pixels had a value, of each pixel of a reduced picture.
	sums []uint32
}

// sumBytes is what a pixel of a reduced picture takes beside its colour.
const sumBytes = 16

func newCanvas(f frame) *canvas {
	w, h := f.size()
	c := &canvas{img: image.NewRGBA(image.Rect(0, 0, w, h))}
	if f.Reduce > 1 {
		c.sums = make([]uint32, 4*w*h)
	}
	return c
}

// add adds a part at full resolution, whose first pixel lies at (x, y) of the picture before it was reduced by n. Pixels without
// data count for nothing.
func (c *canvas) add(part *image.RGBA, x, y, n int) {
	w, h := part.Rect.Dx(), part.Rect.Dy()
	for py := range h {
		row := part.Pix[py*part.Stride : py*part.Stride+4*w]
		line := (y + py) / n * c.img.Rect.Dx()
		for px := range w {
			if row[4*px+3] == 0 {
				continue
			}
			s := c.sums[4*(line+(x+px)/n):]
			s[0] += uint32(row[4*px])
			s[1] += uint32(row[4*px+1])
			s[2] += uint32(row[4*px+2])
			s[3]++
		}
	}
}

// done returns the picture; what nothing was painted on has the opacity 0.
func (c *canvas) done() *image.RGBA {
	for i := 0; i < len(c.sums); i += 4 {
		if n := c.sums[i+3]; n > 0 {
			for k := range 3 {
				c.img.Pix[i+k] = uint8((c.sums[i+k] + n/2) / n)
			}
			c.img.Pix[i+3] = 255
		}
	}
	return c.img
}
