package raster

import (
	"fmt"
	"math"
)

// Grid is a raster's geometry: its coordinate reference system, the affine transform from pixel to CRS coordinates
// in GDAL's order, and its size in pixels. A run has one Grid; every pixel coordinate of the run refers to it.
type Grid struct {
	// CRS is an authority code such as "EPSG:4530" where there is one, else WKT.
	CRS string
	// Transform maps pixel (x, y) to CRS: X = T[0] + x·T[1] + y·T[2], Y = T[3] + x·T[4] + y·T[5].
	Transform [6]float64
	W, H      int
}

// Point returns the CRS coordinates of the pixel position (x, y); integer positions are pixel corners.
func (g Grid) Point(x, y float64) (px, py float64) {
	t := g.Transform
	return t[0] + x*t[1] + y*t[2], t[3] + x*t[4] + y*t[5]
}

// Pixel returns the pixel position of the CRS coordinates (px, py), the inverse of Point.
// A Grid with a singular Transform has none: the result is then not finite.
func (g Grid) Pixel(px, py float64) (x, y float64) {
	t := g.Transform
	det := t[1]*t[5] - t[2]*t[4]
	dx, dy := px-t[0], py-t[3]
	return (dx*t[5] - dy*t[2]) / det, (dy*t[1] - dx*t[4]) / det
}

// NorthUp reports whether rows run along the CRS's first axis and y decreases downwards, without rotation.
func (g Grid) NorthUp() bool {
	t := g.Transform
	return t[2] == 0 && t[4] == 0 && t[1] > 0 && t[5] < 0
}

// Window returns the whole grid as a window.
func (g Grid) Window() Window { return Window{W: g.W, H: g.H} }

// Pixels returns W·H.
func (g Grid) Pixels() int64 { return int64(g.W) * int64(g.H) }

// Bounds returns the CRS rectangle around the window w of the grid.
func (g Grid) Bounds(w Window) Bounds {
	b := EmptyBounds()
	for _, c := range [4][2]int{{w.X, w.Y}, {w.X + w.W, w.Y}, {w.X, w.Y + w.H}, {w.X + w.W, w.Y + w.H}} {
		x, y := g.Point(float64(c[0]), float64(c[1]))
		b = b.Extend(x, y)
	}
	return b
}

// Cover returns the smallest window whose pixels cover b, clipped to the grid.
func (g Grid) Cover(b Bounds) Window {
	if b.Empty() {
		return Window{}
	}
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, c := range [4][2]float64{{b.MinX, b.MinY}, {b.MaxX, b.MinY}, {b.MinX, b.MaxY}, {b.MaxX, b.MaxY}} {
		x, y := g.Pixel(c[0], c[1])
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	clamp := func(v float64, n int) int { return int(max(0, min(v, float64(n)))) }
	// A bound that lies on a pixel edge up to rounding must not pull in one more row or column.
	const snap = 1e-6
	w := Window{X: clamp(math.Floor(x0+snap), g.W), Y: clamp(math.Floor(y0+snap), g.H)}
	w.W = clamp(math.Ceil(x1-snap), g.W) - w.X
	w.H = clamp(math.Ceil(y1-snap), g.H) - w.Y
	if w.W <= 0 || w.H <= 0 {
		return Window{}
	}
	return w
}

// Crop returns the grid of the window w of g.
func (g Grid) Crop(w Window) Grid {
	x, y := g.Point(float64(w.X), float64(w.Y))
	g.Transform[0], g.Transform[3] = x, y
	g.W, g.H = w.W, w.H
	return g
}

// Offset returns the whole-pixel position of other's first pixel on g, when the two lie on one lattice:
// same CRS, same pixel size and rotation, and offsets within a thousandth of a pixel of a whole number.
func (g Grid) Offset(other Grid) (x, y int, ok bool) {
	if g.CRS != other.CRS {
		return 0, 0, false
	}
	// The far corner must agree as well: a pixel size that is off by 10⁻⁹ drifts apart over a large scene.
	const tolerance = 1e-3
	x0, y0 := g.Pixel(other.Point(0, 0))
	x1, y1 := g.Pixel(other.Point(float64(other.W), float64(other.H)))
	rx, ry := math.Round(x0), math.Round(y0)
	near := func(a, b float64) bool { return math.Abs(a-b) <= tolerance }
	if !near(x0, rx) || !near(y0, ry) || !near(x1, rx+float64(other.W)) || !near(y1, ry+float64(other.H)) {
		return 0, 0, false
	}
	return int(rx), int(ry), true
}

func (g Grid) String() string {
	crs := g.CRS
	if len(crs) > 32 {
		crs = crs[:32] + "…"
	}
	return fmt.Sprintf("%d × %d pixels of %.9g × %.9g, %s", g.W, g.H, g.Transform[1], -g.Transform[5], crs)
}

// Bounds is a rectangle in CRS coordinates.
type Bounds struct{ MinX, MinY, MaxX, MaxY float64 }

// EmptyBounds returns the Bounds that contain nothing and extend to whatever comes first.
func EmptyBounds() Bounds {
	return Bounds{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
}

// Empty reports whether b contains no point.
func (b Bounds) Empty() bool { return !(b.MinX <= b.MaxX && b.MinY <= b.MaxY) }

// Extend returns b grown to contain the point (x, y).
func (b Bounds) Extend(x, y float64) Bounds {
	return Bounds{min(b.MinX, x), min(b.MinY, y), max(b.MaxX, x), max(b.MaxY, y)}
}

// Union returns the smallest Bounds that contain both.
func (b Bounds) Union(c Bounds) Bounds {
	return Bounds{min(b.MinX, c.MinX), min(b.MinY, c.MinY), max(b.MaxX, c.MaxX), max(b.MaxY, c.MaxY)}
}

// Intersect returns what b and c share; Empty when nothing.
func (b Bounds) Intersect(c Bounds) Bounds {
	return Bounds{max(b.MinX, c.MinX), max(b.MinY, c.MinY), min(b.MaxX, c.MaxX), min(b.MaxY, c.MaxY)}
}
