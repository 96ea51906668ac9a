package gdal

import (
	"fmt"
	"math"
	"strings"

	"github.com/airbusgeo/godal"

	"tuban/raster"
)

// transformer carries coordinates from one reference system to another. Not for concurrent use.
type transformer struct {
	src, dst *godal.SpatialRef
	trn      *godal.Transform // nil when the two are one
}

func newTransformer(src, dst string) (*transformer, error) {
	if src == dst {
		return &transformer{}, nil
	}
	s, err := parseCRS(src)
	if err != nil {
		return nil, err
	}
	d, err := parseCRS(dst)
	if err != nil {
		s.Close()
		return nil, err
	}
	t := &transformer{src: s, dst: d}
	if t.trn, err = godal.NewTransform(s, d, policy); err != nil {
		t.Close()
		return nil, fmt.Errorf("from %s to %s: %w", crsName(s), crsName(d), err)
	}
	return t, nil
}

// apply transforms in place; points without an image become NaN.
func (t *transformer) apply(xs, ys []float64) {
	if t.trn == nil || len(xs) == 0 {
		return
	}
	ok := make([]bool, len(xs))
	// The error repeats what ok says.
	_ = t.trn.TransformEx(xs, ys, nil, ok)
	for i := range xs {
		if !ok[i] || math.IsInf(xs[i], 0) || math.IsInf(ys[i], 0) {
			xs[i], ys[i] = math.NaN(), math.NaN()
		}
	}
}

func (t *transformer) Close() {
	if t.trn != nil {
		t.trn.Close()
	}
	if t.src != nil {
		t.src.Close()
	}
	if t.dst != nil {
		t.dst.Close()
	}
	*t = transformer{}
}

// Geographer carries coordinates to the geographic system that theirs is based on, without a change of datum:
// to longitude and latitude on CGCS2000 from any of its Gauss–Krüger zones. Not for concurrent use.
type Geographer struct {
	t *transformer
	// degrees is the geographic system's unit in degrees.
	degrees float64
}

// NewGeographer returns the Geographer of crs; a geographic crs is its own.
func NewGeographer(crs string) (*Geographer, error) {
	setup()
	sr, err := parseCRS(crs)
	if err != nil {
		return nil, err
	}
	defer sr.Close()
	wkt, err := sr.WKT(policy)
	if err != nil {
		return nil, fmt.Errorf("coordinate reference system %s: %w", crsName(sr), err)
	}
	base, ok := wktNode(wkt, "GEOGCS")
	if !ok {
		return nil, fmt.Errorf("coordinate reference system %s has no geographic base: assign the real one to the file, e.g. EPSG:4530", crsName(sr))
	}
	g := &Geographer{degrees: 1}
	if unit, ok := sr.AttrValue("GEOGCS|UNIT", 1); ok {
		// Degrees are written with more or fewer digits; anything near them is them.
		if d := parseOr(unit, 0) * 180 / math.Pi; d > 0 && math.Abs(d-1) > 1e-6 {
			g.degrees = d
		}
	}
	if sr.Geographic() {
		g.t = &transformer{}
		return g, nil
	}
	if g.t, err = newTransformer(crs, base); err != nil {
		return nil, err
	}
	return g, nil
}

// ToLonLat turns coordinates into longitudes and latitudes in degrees, in place. Points that have none are an error;
// they are NaN then.
func (g *Geographer) ToLonLat(xs, ys []float64) error {
	if len(xs) != len(ys) {
		panic("gdal: ToLonLat: slices of different length")
	}
	g.t.apply(xs, ys)
	bad := 0
	for i := range xs {
		xs[i], ys[i] = xs[i]*g.degrees, ys[i]*g.degrees
		if math.IsNaN(xs[i]) || math.IsNaN(ys[i]) {
			bad++
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d points lie outside of the area of their coordinate reference system: correct the coordinates, or assign the system that they are in (gdal_edit.py -a_srs EPSG:n FILE)", bad, len(xs))
	}
	return nil
}

// Close releases what the Geographer holds outside of Go's memory.
func (g *Geographer) Close() { g.t.Close() }

// wktNode cuts the first node called name out of WKT 1, with all that is inside of it.
func wktNode(wkt, name string) (string, bool) {
	start := strings.Index(wkt, name+"[")
	if start < 0 {
		return "", false
	}
	depth, quoted := 0, false
	for i := start; i < len(wkt); i++ {
		switch c := wkt[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			depth++
		case c == ']':
			if depth--; depth == 0 {
				return wkt[start : i+1], true
			}
		}
	}
	return "", false
}

// edgePoints is the number of points per edge when a rectangle is carried to another system, where its edges bend.
const edgePoints = 21

// TransformBounds returns the rectangle of dst that contains the rectangle b of src, following the edges of b at 21
// points each. An edge that leaves the area of either system is an error.
func TransformBounds(src, dst string, b raster.Bounds) (raster.Bounds, error) {
	setup()
	if b.Empty() {
		return raster.EmptyBounds(), nil
	}
	t, err := newTransformer(src, dst)
	if err != nil {
		return raster.EmptyBounds(), err
	}
	defer t.Close()
	var xs, ys []float64
	for i := range edgePoints {
		f := float64(i) / (edgePoints - 1)
		x, y := b.MinX+f*(b.MaxX-b.MinX), b.MinY+f*(b.MaxY-b.MinY)
		xs = append(xs, x, x, b.MinX, b.MaxX)
		ys = append(ys, b.MinY, b.MaxY, y, y)
	}
	t.apply(xs, ys)
	out := raster.EmptyBounds()
	for i := range xs {
		if math.IsNaN(xs[i]) || math.IsNaN(ys[i]) {
			return raster.EmptyBounds(), fmt.Errorf("bounds %.9g %.9g %.9g %.9g of %s have no place in %s: check the zone and the axis order of both",
				b.MinX, b.MinY, b.MaxX, b.MaxY, shorten(src), shorten(dst))
		}
		out = out.Extend(xs[i], ys[i])
	}
	return out, nil
}

// GroundSize returns the metres that a pixel in the middle of the grid spans along its rows and its columns.
// Where the plane is true to the ground within a hundredth, as surveying projections are, it is the plane's size,
// so that a half-metre pixel is half a metre; elsewhere (degrees, Web Mercator) it is measured on the ellipsoid.
func GroundSize(g raster.Grid) (x, y float64, err error) {
	c, err := CRSInfo(g.CRS)
	if err != nil {
		return 0, 0, err
	}
	geo, err := NewGeographer(g.CRS)
	if err != nil {
		return 0, 0, err
	}
	defer geo.Close()
	cx, cy := float64(g.W)/2, float64(g.H)/2
	xs, ys := make([]float64, 4), make([]float64, 4)
	for i, d := range [4][2]float64{{-.5, 0}, {.5, 0}, {0, -.5}, {0, .5}} {
		xs[i], ys[i] = g.Point(cx+d[0], cy+d[1])
	}
	if err := geo.ToLonLat(xs, ys); err != nil {
		return 0, 0, fmt.Errorf("pixel size of %s: %w", g, err)
	}
	x = groundDistance(c, xs[0], ys[0], xs[1], ys[1])
	y = groundDistance(c, xs[2], ys[2], xs[3], ys[3])
	if c.Projected {
		t := g.Transform
		px, py := math.Hypot(t[1], t[4])*c.Unit, math.Hypot(t[2], t[5])*c.Unit
		if math.Abs(px-x) <= 0.01*px && math.Abs(py-y) <= 0.01*py {
			return px, py, nil
		}
	}
	if !(x > 0) || !(y > 0) || math.IsInf(x, 0) || math.IsInf(y, 0) {
		return 0, 0, fmt.Errorf("pixel size of %s is not a positive length: correct its geotransform (gdal_edit.py -a_ullr MINX MAXY MAXX MINY FILE)", g)
	}
	return x, y, nil
}

// groundDistance is the length in metres between two near points given in degrees, by the ellipsoid's radii of
// curvature at their mean latitude.
func groundDistance(c CRS, lon0, lat0, lon1, lat1 float64) float64 {
	f := 1 / c.InverseFlattening
	e2 := f * (2 - f)
	rad := math.Pi / 180
	lat := (lat0 + lat1) / 2 * rad
	s := 1 - e2*math.Sin(lat)*math.Sin(lat)
	prime, meridian := c.SemiMajor/math.Sqrt(s), c.SemiMajor*(1-e2)/(s*math.Sqrt(s))
	dLon := math.Remainder(lon1-lon0, 360)
	return math.Hypot(dLon*rad*prime*math.Cos(lat), (lat1-lat0)*rad*meridian)
}
