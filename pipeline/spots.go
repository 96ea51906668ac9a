package pipeline

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tuban/classify/bandmath"
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
	// fewSpotsPerAxis are enough for the quantiles of the bands, which are all that some runs need: an image of 10,000 ×
	// 10,000 pixels has 400 storage blocks, and 25 of them are read.
	fewSpotsPerAxis = 5
	// someSpotsPerAxis are enough for limits: a sixth of those blocks, and as many values, which lie closer.
	someSpotsPerAxis = 8
	// smallEdge is that of the chips of a grid that holds fewer than fewChips of the usual size.
	smallEdge, fewChips = 64, 9
	// finestLattice is the largest number of spots per axis among which those with imagery are looked for.
	finestLattice = 16 * spotsPerAxis
	// wholePixels is how many pixels a grid has at most when all are measured; keptPixels about how many values are kept of
	// a larger one.
	wholePixels, keptPixels = 1_000_000, 1 << 18
	// storageCell is the edge of the storage blocks that most large images have: a spot within one costs one block.
	storageCell = 512
)

// spots returns where the run may be measured: all of a small grid, else n positions along each axis, which seed moves.
func (p *Plan) spots(n, seed int) spots {
	if p.Grid.Pixels() <= wholePixels {
		s := spots{edge: p.spotEdge(), stride: 1}
		for _, t := range raster.Tiles(p.Grid, s.edge, 0) {
			s.windows = append(s.windows, t.Core)
		}
		return s
	}
	s := p.latticeSpots(n, seed)
	s.windows = append(s.windows, p.pairSpots(s)...)
	return s.thinned()
}

// spotsPerAxis is how many spots the run wants along each axis of a large grid.
func (p *Plan) spotsPerAxis() int {
	switch {
	case p.onlyShown():
		return fewSpotsPerAxis
	case p.datesAsTheyAre() && len(p.Rules.Models) == 0:
		return someSpotsPerAxis
	}
	return spotsPerAxis
}

// onlyShown reports whether what is measured is for the reader only, and nothing that the tiles go by.
func (p *Plan) onlyShown() bool { return p.datesAsTheyAre() && len(p.Rules.Program.Params()) == 0 }

// datesAsTheyAre reports whether the dates are compared without anything that is measured between them, or hides a part of them.
func (p *Plan) datesAsTheyAre() bool {
	return !p.Registration && !p.Normalise && !p.Clouds && !p.uses(bandmath.Change)
}

// spotEdge is the edge of the run's spots.
func (p *Plan) spotEdge() int {
	const usual = register.ChipSize
	if (p.Grid.W/usual)*(p.Grid.H/usual) < fewChips {
		return smallEdge
	}
	return usual
}

// latticeSpots are the n spots along each axis of a large grid.
func (p *Plan) latticeSpots(n, seed int) spots {
	g, s := p.Grid, spots{edge: p.spotEdge()}
	xs, ys := s.starts(g.W, n, seed, 0), s.starts(g.H, n, seed, 1)
	for _, y := range ys {
		for _, x := range xs {
			s.windows = append(s.windows, raster.Window{X: x, Y: y, W: s.edge, H: s.edge}.Intersect(g.Window()))
		}
	}
	return s
}

// thinned sets the stride that keeps about as many pixels of all windows as are wanted.
func (s spots) thinned() spots {
	s.stride = max(1, int(math.Sqrt(float64(len(s.windows)*s.edge*s.edge)/keptPixels)))
	return s
}

const (
	// pairPlaces per axis are added where a pair of a mosaic meets in too small a place for fewPlaces of the usual spots;
	// mostPairs bounds the pairs that get them.
	pairPlaces, fewPlaces, mostPairs = 3, 6, 1024
)

// pairSpots are spots beside those of the lattice s, in the places that only some of the pairs of a mosaic share.
func (p *Plan) pairSpots(s spots) []raster.Window {
	n := len(p.BeforeOrigins) * len(p.AfterOrigins)
	if n < 2 || n > mostPairs {
		return nil
	}
	places, few := pairPlaces, fewPlaces
	if p.onlyShown() {
		places, few = 1, 1 // that they meet is all
	}
	var out []raster.Window
	for _, b := range p.BeforeOrigins {
		for _, a := range p.AfterOrigins {
			place := p.cover(b).Intersect(p.cover(a))
			inside := 0
			for _, w := range s.windows {
				if w.Intersect(place) == w {
					inside++
				}
			}
			if place.Empty() || inside >= few {
				continue
			}
			for j := range places {
				for i := range places {
					w := raster.Window{
						X: place.X + (2*i+1)*place.W/(2*places) - s.edge/2, Y: place.Y + (2*j+1)*place.H/(2*places) - s.edge/2,
						W: s.edge, H: s.edge,
					}.Intersect(p.Grid.Window())
					if !w.Empty() && !slices.Contains(out, w) {
						out = append(out, w)
					}
				}
			}
		}
	}
	return out
}

// cover is the window around what an origin can show.
func (p *Plan) cover(o Origin) raster.Window {
	b := raster.EmptyBounds()
	for _, poly := range o.outline {
		for _, v := range poly[0] {
			b = b.Extend(v[0], v[1])
		}
	}
	return p.Grid.Cover(b)
}

// starts spreads the spots along an axis of size pixels. On a large image each lies in the middle of a storage block.
func (s spots) starts(size, most, seed, axis int) []int {
	n := min(most, max(1, size/s.edge))
	var out []int
	for i := range n {
		// The seed moves a spot within its share of the axis.
		share := size / n
		at := i*share + share/2 - s.edge/2
		if room := share - s.edge; seed != 0 && room > 0 {
			at = i*share + int(scatter(seed, axis, i)%uint64(room))
		}
		// What the seed moves would meet in one block where shares are smaller than two.
		if share >= 2*storageCell || seed == 0 && share >= storageCell {
			at = at/storageCell*storageCell + (storageCell-s.edge)/2
		}
		out = append(out, max(0, min(at, size-s.edge)))
	}
	return out
}

// scatter is a number that says nothing of its arguments (the finaliser of SplitMix64, Steele et al. 2014).
func scatter(seed, axis, i int) uint64 {
	z := uint64(seed)*0x9e3779b97f4a7c15 + uint64(2*i+axis)*0xd1342543de82ef95
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
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
	at := p.spots(p.spotsPerAxis(), p.Seed)
	where := fmt.Sprintf("about %d places of %d × %d pixels", len(at.windows), at.edge, at.edge)
	if p.Grid.Pixels() <= wholePixels {
		where = "all pixels"
	}
	return strings.Join(what, ", ") + ", from " + where
}
