package picture

import "image"

// Reduce returns img at 1/n of its size, each pixel the mean of n × n; what does not fill a whole pixel is cut off.
// n below 2 returns img itself.
func Reduce(img *image.RGBA, n int) *image.RGBA {
	if n < 2 {
		return img
	}
	w, h := img.Rect.Dx()/n, img.Rect.Dy()/n
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			var sum [4]int
			for dy := range n {
				row := img.Pix[(y*n+dy)*img.Stride+4*x*n:]
				for i := range 4 * n {
					sum[i%4] += int(row[i])
				}
			}
			for c, s := range sum {
				out.Pix[y*out.Stride+4*x+c] = uint8(s / (n * n))
			}
		}
	}
	return out
}
