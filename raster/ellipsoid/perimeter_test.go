package ellipsoid_test

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/tidwall/geodesic"
	"pgregory.net/rapid"

	"tuban/raster/ellipsoid"
)

// The perimeter agrees with the geodesic between the corners, for edges as patches have them.
func TestPerimeter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lon, lat := rapid.Float64Range(70, 140).Draw(t, "lon"), rapid.Float64Range(0, 55).Draw(t, "lat")
		var r orb.Ring
		for range rapid.IntRange(3, 12).Draw(t, "corners") {
			r = append(r, orb.Point{lon + rapid.Float64Range(0, 0.01).Draw(t, "dx"), lat + rapid.Float64Range(0, 0.01).Draw(t, "dy")})
		}
		r = append(r, r[0])
		want := 0.0
		for i := 1; i < len(r); i++ {
			var s float64
			geodesic.NewEllipsoid(ellipsoid.SemiMajor, 1/ellipsoid.InverseFlattening).Inverse(r[i-1][1], r[i-1][0], r[i][1], r[i][0], &s, nil, nil)
			want += s
		}
		// A hole counts as well.
		if got := ellipsoid.Perimeter(orb.Polygon{r, r}); math.Abs(got-2*want) > 1e-6*want+1e-6 {
			t.Fatalf("%.9f m, the geodesics are %.9f", got, 2*want)
		}
	})
}
