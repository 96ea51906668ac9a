package picture

import (
	"image"
	"image/color"
	"math"

	"github.com/paulmach/orb"
)

// Outline is the boundary of one patch in picture pixels (integer positions are pixel corners) and its colour.
type Outline struct {
	Geom  orb.MultiPolygon
	Color color.RGBA
}

// Strokes says how outlines are drawn.
type Strokes struct {
	// Width of the coloured line in pixels; 0 means 2.
	Width float64
	// MinSize rings an outline whose longer edge is below it by a circle of that diameter, so that small patches are found
	// on an overview; 0 draws no circles.
	MinSize float64
}

// Draw draws the outlines onto dst, anti-aliased: each a coloured line on a wider white one, so that it shows on any ground.
// All white lines lie below all coloured ones. Non-finite coordinates are not drawn.
func Draw(dst *image.RGBA, outlines []Outline, s Strokes) {
	width := s.Width
	if width <= 0 {
		width = 2
	}
	white := color.RGBA{0xFF, 0xFF, 0xFF, 0xFF}
	for pass := range 2 {
		for _, o := range outlines {
			c, w := white, width+2
			if pass == 1 {
				c, w = o.Color, width
			}
			rings := rings(o.Geom)
			if b := o.Geom.Bound(); !b.IsEmpty() && max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1]) < s.MinSize {
				rings = []orb.Ring{circle(b.Center(), s.MinSize/2)}
			}
			stroke(dst, rings, w, c)
		}
	}
}

func rings(mp orb.MultiPolygon) []orb.Ring {
	var out []orb.Ring
	for _, p := range mp {
		out = append(out, p...)
	}
	return out
}

func circle(c orb.Point, radius float64) orb.Ring {
	const n = 48
	r := make(orb.Ring, n+1)
	for i := range r {
		a := 2 * math.Pi * float64(i%n) / n
		r[i] = orb.Point{c[0] + radius*math.Cos(a), c[1] + radius*math.Sin(a)}
	}
	return r
}

// stroke draws the rings as one line of the given width with round joins. A pixel's coverage is that of its distance to the
// nearest segment, so that joins and crossings are not painted twice.
func stroke(dst *image.RGBA, rings []orb.Ring, width float64, c color.RGBA) {
	reach := width/2 + 1
	box := image.Rectangle{}
	for _, r := range rings {
		for i := 1; i < len(r); i++ {
			box = box.Union(segmentBox(r[i-1], r[i], reach).Intersect(dst.Rect))
		}
	}
	if box.Empty() {
		return
	}
	cover := make([]float32, box.Dx()*box.Dy())
	for _, r := range rings {
		for i := 1; i < len(r); i++ {
			coverSegment(cover, box, r[i-1], r[i], width/2)
		}
	}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if a := cover[(y-box.Min.Y)*box.Dx()+x-box.Min.X]; a > 0 {
				blend(dst.Pix[dst.PixOffset(x, y):], c, a)
			}
		}
	}
}

// segmentBox is the pixels within reach of the segment; empty when a coordinate is not finite or far beyond any picture.
func segmentBox(a, b orb.Point, reach float64) image.Rectangle {
	x0, x1 := min(a[0], b[0])-reach, max(a[0], b[0])+reach
	y0, y1 := min(a[1], b[1])-reach, max(a[1], b[1])+reach
	const limit = 1 << 30
	if !(x0 > -limit && x1 < limit && y0 > -limit && y1 < limit) {
		return image.Rectangle{}
	}
	return image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1)), int(math.Ceil(y1)))
}

// coverSegment raises cover, the coverage of the pixels of box, to that of a line of half width half from a to b.
func coverSegment(cover []float32, box image.Rectangle, a, b orb.Point, half float64) {
	r := segmentBox(a, b, half+1).Intersect(box)
	dx, dy := b[0]-a[0], b[1]-a[1]
	length := dx*dx + dy*dy
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := cover[(y-box.Min.Y)*box.Dx():]
		for x := r.Min.X; x < r.Max.X; x++ {
			px, py := float64(x)+0.5-a[0], float64(y)+0.5-a[1]
			t := 0.0
			if length > 0 {
				t = max(0, min(1, (px*dx+py*dy)/length))
			}
			d := math.Hypot(px-t*dx, py-t*dy)
			if v := float32(min(1, half+0.5-d)); v > row[x-box.Min.X] {
				row[x-box.Min.X] = v
			}
		}
	}
}

// blend paints c over the opaque pixel px with coverage a, 0 … 1.
func blend(px []uint8, c color.RGBA, a float32) {
	for i, v := range [3]uint8{c.R, c.G, c.B} {
		px[i] = uint8(float32(px[i]) + (float32(v)-float32(px[i]))*a + 0.5)
	}
	px[3] = 255
}
