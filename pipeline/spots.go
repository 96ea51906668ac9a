package pipeline

import (
	"fmt"
	"math"
	"strings"

	"tuban/classify/register"
	"tuban/raster"
)

// spots are where a run is measured: windows at positions that the grid alone decides, so that the same run measures the
// same pixels whatever its tiles, workers and restarts.
type spots struct {
	windows []raster.Window
	// edge is that of a window in pixels, which the grid may cut short: that of a chip of registration.
	edge int
	// stride is the step between the pixels of a window whose values are kept, in both directions.
	stride int
}

const (
	// spotsPerAxis of a large grid: 576 chips follow shifts that vary over a twentieth of the image.
	spotsPerAxis = 24
	// smallEdge is that of the chips of a grid that holds fewer than fewChips of the usual size.
	smallEdge, fewChips = 64, 9
	// wholePixels is how many pixels a grid has at most when all are measured; keptPixels about how many values are kept of
	// a larger one.
	wholePixels, keptPixels = 1_000_000, 1 << 18
	// storageCell is the edge of the storage blocks that most large images have: a spot within one costs one block.
	storageCell = 512
)

// spots returns where the run is measured: all of a small grid, else positions that seed moves.
func (p *Plan) spots(seed int) spots {
	g := p.Grid
	s := spots{edge: register.ChipSize, stride: 1}
	if (g.W/s.edge)*(g.H/s.edge) < fewChips {
		s.edge = smallEdge
	}
	if g.Pixels() <= wholePixels {
		for _, t := range raster.Tiles(g, s.edge, 0) {
			s.windows = append(s.windows, t.Core)
		}
		return s
	}
	xs, ys := s.starts(g.W, seed), s.starts(g.H, seed/7)
	for _, y := range ys {
		for _, x := range xs {
			s.windows = append(s.windows, raster.Window{X: x, Y: y, W: s.edge, H: s.edge}.Intersect(g.Window()))
		}
	}
	s.stride = max(1, int(math.Sqrt(float64(len(s.windows)*s.edge*s.edge)/keptPixels)))
	return s
}

// starts spreads the spots along an axis of size pixels. On a large image each lies in the middle of a storage block.
func (s spots) starts(size, seed int) []int {
	n := min(spotsPerAxis, max(1, size/s.edge))
	var out []int
	for i := range n {
		// The seed moves a spot within its share of the axis.
		share := size / n
		at := i*share + share/2 - s.edge/2
		if seed != 0 {
			at += (seed*97+i*31)%max(1, share-s.edge) - (share-s.edge)/2
		}
		if share >= 2*storageCell {
			at = at/storageCell*storageCell + (storageCell-s.edge)/2
		}
		out = append(out, max(0, min(at, size-s.edge)))
	}
	return out
}

// thin calls visit with the position in w, row by row, of each pixel whose value is kept. The pixels are those of a lattice
// of the grid, so that windows may be cut anyhow.
func (s spots) thin(w raster.Window, visit func(k int)) {
	first := func(at int) int { return (s.stride - at%s.stride) % s.stride }
	for y := first(w.Y); y < w.H; y += s.stride {
		for x := first(w.X); x < w.W; x += s.stride {
			visit(y*w.W + x)
		}
	}
}

// MeasureText says what will be measured before the tiles, and from what.
func (p *Plan) MeasureText() string {
	what := []string{"quantiles of the bands"}
	if p.Registration {
		what = append(what, "registration")
	}
	if p.Normalise {
		what = append(what, "normalisation of the after values")
	}
	if p.Clouds {
		what = append(what, "clouds and their shadows where no mask is given, from all pixels")
	}
	if n := len(p.Rules.Limits) + len(p.Rules.Autos()); n > 0 {
		what = append(what, fmt.Sprintf("%d limits", n))
	}
	if n := len(p.Rules.Models); n > 0 {
		what = append(what, fmt.Sprintf("%d models", n))
	}
	at := p.spots(p.Seed)
	where := fmt.Sprintf("%d places of %d × %d pixels", len(at.windows), at.edge, at.edge)
	if at.stride == 1 {
		where = "all pixels"
	}
	return strings.Join(what, ", ") + ", from " + where
}
