package evidence

import (
	"math"

	"tuban/pipeline"
	"tuban/raster"
)

// upwards is the azimuth, in degrees clockwise from true north, in which the pictures' upward direction leads at (x, y) of the
// grid: minus the convergence of meridians on a grid whose rows run east.
func upwards(geo pipeline.Geographer, g raster.Grid, x, y float64) (float64, error) {
	const step = 100 // pixels: long enough that rounding does not matter, short enough that the meridian is straight
	x0, y0 := g.Point(x, y+step/2)
	x1, y1 := g.Point(x, y-step/2)
	lon, lat := []float64{x0, x1}, []float64{y0, y1}
	if err := geo.ToLonLat(lon, lat); err != nil {
		return 0, err
	}
	// The radii of curvature of CGCS2000 at the latitude between.
	const e2 = 0.00669438002290
	sin, cos := math.Sincos((lat[0] + lat[1]) / 2 * math.Pi / 180)
	w := 1 - e2*sin*sin
	east := (lon[1] - lon[0]) * cos / math.Sqrt(w)
	north := (lat[1] - lat[0]) * (1 - e2) / (w * math.Sqrt(w))
	return math.Atan2(east, north) * 180 / math.Pi, nil
}
