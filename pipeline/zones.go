package pipeline

import (
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"tuban/pipeline/overlay"
	"tuban/raster"
	"tuban/raster/burn"
	"tuban/raster/vector"
)

// zone is a polygon of a layer that says something of imagery: a part of a mosaic, or a cloud.
type zone struct {
	fid    int64
	values []string
	// geom is in pixel coordinates of the run's grid; window holds the pixels that it can cover.
	geom   orb.MultiPolygon
	window raster.Window
}

// zoneLayer is the part of a layer that touches the run's grid, in the layer's order.
type zoneLayer struct {
	name  string
	zones []zone
	// features are those of the whole layer, bounds theirs in the run's CRS; polygonal of them are of polygons.
	features  int64
	bounds    raster.Bounds
	polygonal int
}

// burnZones sets the pixels of dst, row-major over w, that lie in a zone to its value, if value says that it has one; where
// zones overlap, the first of them counts.
func burnZones(dst []int32, w raster.Window, zones []zone, value func(i int) (v int32, ok bool)) {
	for i := range slices.Backward(zones) {
		z := &zones[i]
		if v, ok := value(i); ok && !z.window.Intersect(w).Empty() {
			burn.Fill(dst, w, z.geom, v)
		}
	}
}

const (
	// maxZones features are more than any mosaic has parts, or any scene clouds worth drawing.
	maxZones = 200_000
	// maxZonePoints bounds what the layers of a run occupy: 16 bytes each, twice.
	maxZonePoints = 1_000_000
)

// zoneReader reads layers of zones, each once.
type zoneReader struct {
	drivers Drivers
	grid    raster.Grid
	layers  map[string]*zoneLayer
	points  int
}

// read returns the layer of the spec. what names it in errors.
func (r *zoneReader) read(ctx context.Context, what string, spec vector.LayerSpec) (*zoneLayer, error) {
	key, err := hashOf(spec)
	if err != nil {
		return nil, err
	}
	if l := r.layers[key]; l != nil {
		return l, nil
	}
	info, err := r.drivers.Vectors.DescribeLayer(ctx, spec)
	if err != nil {
		return nil, badInput("%s: %w", what, err)
	}
	for _, f := range spec.Fields {
		if name, _ := overlay.FieldOf(info, f); name == "" {
			return nil, badInput("%s: %s: layer %s has no field %s: it has %v; name one of them", what, spec.Source, info.Name, f, info.Fields)
		}
	}
	if info.Features > maxZones {
		return nil, badInput("%s: %s: layer %s has %d features, more than %d: this is no layer of %s; check `layer:`", what, spec.Source, info.Name, info.Features, maxZones, what)
	}
	l := &zoneLayer{name: info.Name, features: info.Features, bounds: raster.EmptyBounds()}
	if l.bounds, err = placeLayer(what, r.drivers.Coordinates, spec.Source, info, r.grid.CRS); err != nil {
		return nil, err
	}
	spec.Layer = info.Name
	engine := r.drivers.Geometry()
	if err := r.drivers.Vectors.ReadLayer(ctx, spec, r.grid.CRS, func(f vector.Feature) error {
		return r.visit(l, engine, f)
	}); err != nil {
		return nil, badInput("%s: %s: %w", what, spec.Source, err)
	}
	if l.features > 0 && l.polygonal == 0 {
		return nil, badInput("%s: %s: layer %s holds no polygon: give a layer of polygons with `layer:`, or another file", what, spec.Source, info.Name)
	}
	r.layers[key] = l
	return l, nil
}

// visit adds a feature to the layer, if it touches the grid.
func (r *zoneReader) visit(l *zoneLayer, engine Geometry, f vector.Feature) error {
	if f.Problem != "" {
		return badInput("feature %d: %s, so that nobody knows what it covers: repair the file, or delete the feature", f.FID, f.Problem)
	}
	if len(f.WKB) == 0 {
		return nil
	}
	out, _, err := engine.Repair(f.WKB)
	if err != nil {
		return badInput("feature %d: %w", f.FID, err)
	}
	if len(out) == 0 {
		return nil
	}
	l.polygonal++
	mp, err := vector.Polygons(out)
	if err != nil {
		return badInput("feature %d: %w", f.FID, err)
	}
	z := zone{fid: f.FID, geom: toPixels(r.grid, mp), values: slices.Clone(f.Values)}
	if z.window = pixelsAround(z.geom).Intersect(r.grid.Window()); z.window.Empty() {
		return nil
	}
	for _, p := range z.geom {
		for _, ring := range p {
			r.points += len(ring)
		}
	}
	if r.points > maxZonePoints {
		return badInput("the polygons of seam lines and clouds in the run's area have more than %d points: simplify them (ogr2ogr -simplify), or give the clouds as rasters", maxZonePoints)
	}
	l.zones = append(l.zones, z)
	return nil
}

// pixelsAround is the window of the pixels that mp, in pixel coordinates, can cover; empty for coordinates without a place.
func pixelsAround(mp orb.MultiPolygon) raster.Window {
	b := raster.EmptyBounds()
	for _, p := range mp {
		for _, v := range p[0] {
			b = b.Extend(v[0], v[1])
		}
	}
	const far = math.MaxInt32 / 2
	x0, y0 := math.Max(math.Floor(b.MinX), -far), math.Max(math.Floor(b.MinY), -far)
	x1, y1 := math.Min(math.Ceil(b.MaxX), far), math.Min(math.Ceil(b.MaxY), far)
	if !(x0 < x1 && y0 < y1) {
		return raster.Window{}
	}
	return raster.Window{X: int(x0), Y: int(y0), W: int(x1 - x0), H: int(y1 - y0)}
}
