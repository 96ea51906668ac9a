package ellipsoid

import (
	"math"

	"github.com/paulmach/orb"
)

// The CGCS2000 ellipsoid (GB 22021-2008): semi-major axis in metres and inverse flattening.
const (
	SemiMajor         = 6378137.0
	InverseFlattening = 298.257222101
)

const (
	flattening = 1 / InverseFlattening
	semiMinor  = SemiMajor * (1 - flattening)
	e2         = flattening * (2 - flattening)
	e4         = e2 * e2
	e6         = e4 * e2
	e8         = e4 * e4
)

// Coefficients of the series of the area between the equator and a parallel, up to e⁸.
const (
	coefA = 1 + 3.0/6*e2 + 30.0/80*e4 + 35.0/112*e6 + 630.0/2304*e8
	coefB = 1.0/6*e2 + 15.0/80*e4 + 21.0/112*e6 + 420.0/2304*e8
	coefC = 3.0/80*e4 + 7.0/112*e6 + 180.0/2304*e8
	coefD = 1.0/112*e6 + 45.0/2304*e8
	coefE = 5.0 / 2304 * e8
)

// Area returns the area of mp in m², never negative for valid polygons: the first ring of each polygon counts,
// the others are holes and are subtracted, whichever way they run. Coordinates are CGCS2000 longitude and latitude in
// degrees. It is the sum over edges of the regulation's trapezoids for parcels (图斑椭球面积, TD/T 1055-2019).
func Area(mp orb.MultiPolygon) float64 {
	total := 0.0
	for _, p := range mp {
		for i, r := range p {
			a := math.Abs(Ring(r))
			if i > 0 {
				a = -a
			}
			total += a
		}
	}
	return total
}

// Ring returns the area in m² that r encloses, in longitude and latitude degrees: positive when r runs counter-clockwise.
// A ring that does not end where it began is closed. An edge is straight in longitude and latitude, as the regulation
// has it: along a parallel exact, oblique within some 0.5 m² for an edge of a kilometre, the error growing with its cube.
// A ring may cross the antimeridian when it spans less than 180° to either side of its first vertex.
func Ring(r orb.Ring) float64 {
	if len(r) < 3 {
		return 0
	}
	// Longitudes count from the first vertex: the trapezoids between edge and reference meridian then are of the ring's own
	// size, and their differences keep their digits.
	ref := r[0].Lon()
	prev := r[len(r)-1]
	total := 0.0
	for _, p := range r {
		total += trapezoid(fromRef(prev.Lon(), ref), prev.Lat(), fromRef(p.Lon(), ref), p.Lat())
		prev = p
	}
	return total
}

// Outline returns the area in m² to the left of edges that close, in whatever order they come: pairs of positions in points.
func Outline(points []orb.Point, edges [][2]int32) float64 {
	if len(edges) == 0 {
		return 0
	}
	total, ref := 0.0, points[edges[0][0]].Lon()
	for _, e := range edges {
		from, to := points[e[0]], points[e[1]]
		total += trapezoid(fromRef(from.Lon(), ref), from.Lat(), fromRef(to.Lon(), ref), to.Lat())
	}
	return total
}

// fromRef returns lon − ref, brought into [−180, 180] when it is not.
func fromRef(lon, ref float64) float64 {
	d := lon - ref
	if d > 180 || d < -180 {
		d = math.Remainder(d, 360)
	}
	return d
}

// trapezoid is the area between an edge and the reference meridian; longitudes are relative to it, all in degrees.
func trapezoid(l1, b1, l2, b2 float64) float64 {
	const rad = math.Pi / 180
	dl := (l1 + l2) / 2 * rad
	db := (b2 - b1) * rad
	bm := (b1 + b2) / 2 * rad
	if dl == 0 || db == 0 {
		return 0
	}
	// The conversions keep the compiler from fusing multiplication and addition, so that every processor gets the same digits.
	sum := float64(coefA*math.Sin(db/2)*math.Cos(bm)) -
		float64(coefB*math.Sin(3*db/2)*math.Cos(3*bm)) +
		float64(coefC*math.Sin(5*db/2)*math.Cos(5*bm)) -
		float64(coefD*math.Sin(7*db/2)*math.Cos(7*bm)) +
		float64(coefE*math.Sin(9*db/2)*math.Cos(9*bm))
	return float64(2 * semiMinor * semiMinor * dl * sum)
}
