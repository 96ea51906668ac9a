package ellipsoid

import (
	"math"

	"github.com/paulmach/orb"
)

// Perimeter returns the length in metres of all rings of p, holes included. Coordinates are CGCS2000 longitude and latitude
// in degrees. Each edge is measured with the radii of curvature at its middle latitude, which is right to some parts in 10⁷
// for edges of a few kilometres.
func Perimeter(p orb.Polygon) float64 {
	const rad = math.Pi / 180
	total := 0.0
	for _, r := range p {
		for i := 1; i < len(r); i++ {
			a, b := r[i-1], r[i]
			sin, cos := math.Sincos((a.Lat() + b.Lat()) / 2 * rad)
			w := 1 - float64(e2*sin*sin)
			normal := SemiMajor / math.Sqrt(w)
			east := float64(fromRef(b.Lon(), a.Lon())*rad) * normal * cos
			north := float64((b.Lat()-a.Lat())*rad) * normal * (1 - e2) / w
			total += math.Hypot(east, north)
		}
	}
	return total
}
