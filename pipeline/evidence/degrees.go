package evidence

import (
	"fmt"
	"math"
)

// dms writes degrees as degrees, minutes and seconds with two decimals of a second (0.3 m), and the hemisphere, as in
// 125°18′00.36″E.
func dms(v float64, positive, negative string) string {
	side := positive
	if v < 0 {
		side, v = negative, -v
	}
	// Rounded once, so that 59.999″ carries.
	hundredths := int64(math.Round(v * 360000))
	return fmt.Sprintf("%d°%02d′%02d.%02d″%s", hundredths/360000, hundredths/6000%60, hundredths/100%60, hundredths%100, side)
}

// zoneOf is the number of the 3-degree zone that holds a longitude, and the EPSG code of its CGCS2000 system whose eastings begin
// with that number; ok is false where the national series has none (zones 25 to 45).
func zoneOf(lon float64) (zone, epsg int, ok bool) {
	zone = int(math.Floor(lon/3 + 0.5))
	return zone, 4488 + zone, zone >= 25 && zone <= 45
}
