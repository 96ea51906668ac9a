package evidence

import (
	"image"
	"math"
	"sync"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/pipeline/picture"
	"tuban/raster"
)

const (
	// leastGround metres, and leastPixels of the imagery, are shown around a patch: enough of a village to recognise it.
	leastGround, leastPixels = 120, 96
	// margin is how much wider than a patch its picture is.
	margin = 1.5
	// mostPixels is the longest edge of a picture. A larger window is reduced, and says so.
	mostPixels = 720
	// views are how a date is shown: in natural colour, and in false colour.
	views = 2
)

// frame is what the pictures of a patch show: a window of the run's grid, reduced by a whole number.
type frame struct {
	raster.Window
	// Reduce pixels of the grid, in each direction, are one of the pictures.
	Reduce int
}

// frameOf is the frame of a patch whose bounds, in pixels of the grid, are b; a pixel spans px × py metres.
func frameOf(b orb.Bound, px, py float64, grid raster.Window) frame {
	ground := math.Max(leastGround, margin*math.Max((b.Max[0]-b.Min[0])*px, (b.Max[1]-b.Min[1])*py))
	ground = math.Max(ground, leastPixels*math.Max(px, py))
	w, h := int(math.Ceil(ground/px)), int(math.Ceil(ground/py))
	n := (max(w, h) + mostPixels - 1) / mostPixels
	// Whole pixels of the picture.
	w, h = (w+n-1)/n*n, (h+n-1)/n*n
	c := b.Center()
	place := func(c float64, size, from, length int) int {
		return max(from, min(int(math.Round(c-float64(size)/2)), from+length-size))
	}
	win := raster.Window{X: place(c[0], w, grid.X, grid.W), Y: place(c[1], h, grid.Y, grid.H), W: w, H: h}
	return frame{win.Intersect(grid), n}
}

// size is that of the pictures.
func (f frame) size() (w, h int) {
	return (f.W + f.Reduce - 1) / f.Reduce, (f.H + f.Reduce - 1) / f.Reduce
}

// bytes is what the pictures of both dates take while they are made.
func (f frame) bytes(infrared bool) int64 {
	w, h := f.size()
	n := int64(2)
	if infrared {
		n *= views
	}
	per := int64(4)
	if f.Reduce > 1 {
		per += sumBytes
	}
	return n * per * int64(w) * int64(h)
}

// chip is the pictures of a patch in the making. Pieces may come in any order, and several at once.
type chip struct {
	frame
	infrared bool
	mu       sync.Mutex
	left     int
	// lost says that part of the imagery could not be read, and is missing from the pictures.
	lost     bool
	canvases [2][views]*canvas
	scratch  *image.RGBA
}

func newChip(f frame, infrared bool, pieces int) *chip {
	c := &chip{frame: f, infrared: infrared, left: pieces}
	for d := range c.canvases {
		for v := range c.views() {
			c.canvases[d][v] = newCanvas(f)
		}
	}
	return c
}

func (c *chip) views() int {
	if c.infrared {
		return views
	}
	return 1
}

// take takes over what r has read, a part of the chip's window, and reports whether the chip is whole.
func (c *chip) take(r *pipeline.SceneryReader, w raster.Window) (whole bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	origin := image.Pt(c.X, c.Y)
	if c.Reduce > 1 {
		// At full resolution first, over the piece alone.
		origin = image.Pt(w.X, w.Y)
	}
	for d := range c.canvases {
		for v := range c.views() {
			dst := c.canvases[d][v].img
			if c.Reduce > 1 {
				c.scratch = cleared(c.scratch, w.W, w.H)
				dst = c.scratch
			}
			r.Paint(dst, origin, d, v == 1)
			if c.Reduce > 1 {
				c.canvases[d][v].add(dst, w.X-c.X, w.Y-c.Y, c.Reduce)
			}
		}
	}
	c.lost = c.lost || r.Lost()
	c.left--
	return c.left == 0
}

// shot is a finished picture, and the share of it that shows no data.
type shot struct {
	img  *image.RGBA
	bare float64
}

// finish returns the pictures by date and view.
func (c *chip) finish() (out [2][views]shot) {
	for d := range c.canvases {
		for v := range c.views() {
			img := c.canvases[d][v].done()
			out[d][v] = shot{img, float64(picture.Hatch(img)) / float64(img.Rect.Dx()*img.Rect.Dy())}
		}
	}
	return out
}

// cleared returns img with a size of w × h, nothing painted on it.
func cleared(img *image.RGBA, w, h int) *image.RGBA {
	if n := 4 * w * h; img != nil && cap(img.Pix) >= n {
		img.Pix, img.Stride, img.Rect = img.Pix[:n], 4*w, image.Rect(0, 0, w, h)
		clear(img.Pix)
		return img
	}
	return image.NewRGBA(image.Rect(0, 0, w, h))
}
