package picture

import (
	"math"

	"tuban/raster"

	"github.com/paulmach/orb"
)

// View is a window of the run's grid shown as W × H picture pixels, reduced or enlarged.
type View struct {
	Window raster.Window
	W, H   int
}

// Fit returns the view of w, whose pixels span px × py metres, in picture pixels that are square on the ground. Its longer
// edge is at most edge, and at least least even where that enlarges; both edges are at least one pixel. Sizes not above 0
// count as square pixels. An empty w gives an empty View.
func Fit(w raster.Window, edge, least int, px, py float64) View {
	if w.Empty() {
		return View{}
	}
	if !(px > 0 && py > 0) {
		px, py = 1, 1
	}
	gw, gh := float64(w.W)*px, float64(w.H)*py
	long := min(float64(max(1, edge)), max(float64(max(w.W, w.H)), float64(least)))
	f := long / max(gw, gh)
	size := func(g float64) int { return max(1, int(math.Round(g*f))) }
	return View{Window: w, W: size(gw), H: size(gh)}
}

// Around returns the window that shows b (in pixels of the run's grid) with its surroundings: a square of
// edge pixels around its centre, or larger where b times margin needs it, moved inside grid and clipped to it.
func Around(b orb.Bound, margin float64, edge int, grid raster.Window) raster.Window {
	if b.IsEmpty() || grid.Empty() {
		return raster.Window{}
	}
	long := max(b.Max[0]-b.Min[0], b.Max[1]-b.Min[1])
	edge = max(1, edge, int(math.Ceil(long*max(1, margin))))
	c := b.Center()
	w := raster.Window{X: int(math.Round(c[0] - float64(edge)/2)), Y: int(math.Round(c[1] - float64(edge)/2)), W: edge, H: edge}
	w.X = max(grid.X, min(w.X, grid.X+grid.W-edge))
	w.Y = max(grid.Y, min(w.Y, grid.Y+grid.H-edge))
	return w.Intersect(grid)
}

// Grid returns the grid of the picture's pixels, given the run's grid: what to read for this view.
func (v View) Grid(g raster.Grid) raster.Grid {
	if v.W == 0 || v.H == 0 {
		return raster.Grid{CRS: g.CRS, Transform: g.Transform}
	}
	c := g.Crop(v.Window)
	sx, sy := v.scale()
	t := &c.Transform
	t[1], t[4] = t[1]/sx, t[4]/sx
	t[2], t[5] = t[2]/sy, t[5]/sy
	c.W, c.H = v.W, v.H
	return c
}

// Geometry returns mp, in pixels of the run's grid, in pixels of the picture. mp is not changed.
func (v View) Geometry(mp orb.MultiPolygon) orb.MultiPolygon {
	sx, sy := v.scale()
	out := make(orb.MultiPolygon, len(mp))
	for i, p := range mp {
		out[i] = make(orb.Polygon, len(p))
		for j, r := range p {
			out[i][j] = make(orb.Ring, len(r))
			for k, q := range r {
				out[i][j][k] = orb.Point{(q[0] - float64(v.Window.X)) * sx, (q[1] - float64(v.Window.Y)) * sy}
			}
		}
	}
	return out
}

func (v View) scale() (sx, sy float64) {
	return float64(v.W) / float64(v.Window.W), float64(v.H) / float64(v.Window.H)
}
