package pipeline

import (
	"math"

	"tuban/pipeline/runfile"
	"tuban/raster"
)

// runLattice is the lattice that the run's grid is cut from: the declared one, else that of the first before scene.
func runLattice(f *runfile.File, before []raster.Scene) (raster.Grid, error) {
	if g := f.Grid; g != nil {
		return raster.Grid{CRS: g.CRS, Transform: [6]float64{0, g.Pixel, 0, 0, 0, -g.Pixel}}, nil
	}
	first := before[0]
	if !first.Native.NorthUp() {
		return raster.Grid{}, badInput("%s: the first before scene is rotated or south-up, so it cannot give the run its grid: declare one, as in `grid: {crs: EPSG:4530, pixel: 0.5}`", first.URI)
	}
	return first.Native, nil
}

// unify gives equal coordinate reference systems equal names, so that the readers see at once what lies on the run's
// grid: a code and its WKT, or two spellings of one WKT, become the name used by the lattice.
func unify(c Coordinates, crs string, scenes []raster.Scene) error {
	for i := range scenes {
		if scenes[i].Native.CRS == crs {
			continue
		}
		same, err := c.SameCRS(crs, scenes[i].Native.CRS)
		if err != nil {
			return badInput("%s: %w", scenes[i].URI, err)
		}
		if same {
			scenes[i].Native.CRS = crs
		}
	}
	return nil
}

// extents are the bounds of the scenes in crs.
func extents(c Coordinates, crs string, scenes []raster.Scene) ([]raster.Bounds, error) {
	out := make([]raster.Bounds, len(scenes))
	for i, s := range scenes {
		b := s.Native.Bounds(s.Native.Window())
		if err := checkZone(s.Native.CRS, b); err != nil {
			return nil, badInput("%s: %w", s.URI, err)
		}
		var err error
		if out[i], err = c.TransformBounds(s.Native.CRS, crs, b); err != nil {
			return nil, badInput("%s: its extent cannot be expressed in the run's coordinate reference system (%w): assign the system that it is in (gdal_edit.py -a_srs EPSG:n FILE)", s.URI, err)
		}
	}
	return out, nil
}

func union(list []raster.Bounds) raster.Bounds {
	all := raster.EmptyBounds()
	for _, b := range list {
		all = all.Union(b)
	}
	return all
}

// cut returns the grid on the lattice of l that covers b, the lattice reaching as far as needed.
func cut(l raster.Grid, b raster.Bounds) (raster.Grid, error) {
	x0, y0 := l.Pixel(b.MinX, b.MaxY)
	x1, y1 := l.Pixel(b.MaxX, b.MinY)
	// As in raster.Grid.Cover: a bound on a pixel edge must not pull in one more row.
	const snap = 1e-6
	x0, y0, x1, y1 = math.Floor(x0+snap), math.Floor(y0+snap), math.Ceil(x1-snap), math.Ceil(y1-snap)
	const most = math.MaxInt32 / 2
	if x1-x0 > most || y1-y0 > most {
		return raster.Grid{}, badInput("the run would span %.0f × %.0f pixels: the scenes lie too far apart; check their coordinate reference systems", x1-x0, y1-y0)
	}
	g := l
	g.Transform[0], g.Transform[3] = l.Point(x0, y0)
	g.W, g.H = int(x1-x0), int(y1-y0)
	return g, nil
}

// disjoint explains why two extents do not meet. A zone prefix missing from or doubled in the easting moves data by
// tens of thousands of kilometres, and is the usual reason.
func disjoint(what string, a, b raster.Bounds) error {
	hint := "check their coordinate reference systems and the region"
	if shift := math.Abs((a.MinX+a.MaxX)/2 - (b.MinX+b.MaxX)/2); shift > 1e7 {
		hint = "the eastings differ by the size of a zone prefix (EPSG:4528–4533 carry it, EPSG:4549–4554 do not): assign the code that fits the coordinates"
	}
	return badInput("%s do not overlap: [%.3f %.3f … %.3f %.3f] and [%.3f %.3f … %.3f %.3f]: %s",
		what, a.MinX, a.MinY, a.MaxX, a.MaxY, b.MinX, b.MinY, b.MaxX, b.MaxY, hint)
}
