package pipeline

import (
	"fmt"
	"strconv"
	"strings"

	"tuban/raster"
)

// zoneCodes is a family of EPSG codes: the Gauss–Krüger zones of one datum and width, with the zone's number before the
// easting and without.
type zoneCodes struct {
	datum string
	// width of a zone in degrees; the first is number zone and lies around 75°E.
	width, zone, count int
	// prefixed and plain are the codes of the first zone; the others follow.
	prefixed, plain int
}

// The zones of China: CGCS2000 is what surveys are in now, the older data were in the other two.
var zoneFamilies = []zoneCodes{
	{"CGCS2000", 3, 25, 21, 4513, 4534},
	{"CGCS2000", 6, 13, 11, 4491, 4502},
	{"Xian 1980", 3, 25, 21, 2349, 2370},
	{"Xian 1980", 6, 13, 11, 2327, 2338},
	{"Beijing 1954", 3, 25, 21, 2401, 2422},
	{"Beijing 1954", 6, 13, 11, 21413, 21453},
}

// geographicCodes are the systems in degrees of the same datums.
var geographicCodes = map[int]string{4490: "CGCS2000", 4610: "Xian 1980", 4214: "Beijing 1954", 4326: "CGCS2000"}

// zoneOf finds the family and the position in it of a code.
func zoneOf(code int) (f zoneCodes, i int, prefixed, ok bool) {
	for _, f := range zoneFamilies {
		if i := code - f.prefixed; i >= 0 && i < f.count {
			return f, i, true, true
		}
		if i := code - f.plain; i >= 0 && i < f.count {
			return f, i, false, true
		}
	}
	return f, 0, false, false
}

// withPrefix is the code of the datum whose eastings begin with the zone number.
func withPrefix(datum string, zone int) (int, bool) {
	for _, f := range zoneFamilies {
		if i := zone - f.zone; f.datum == datum && i >= 0 && i < f.count {
			return f.prefixed + i, true
		}
	}
	return 0, false
}

func (f zoneCodes) meridian(i int) int { return 75 + i*f.width }

// Ranges of coordinates in China, wide enough for data that reach into the neighbouring zone.
func plainEasting(v float64) bool { return v > 1e5 && v < 9e5 }
func northing(v float64) bool     { return v > 1.5e6 && v < 6.2e6 }
func longitude(v float64) bool    { return v > 70 && v < 140 }
func latitude(v float64) bool     { return v > 0 && v < 60 }

// prefixOf is the zone number before an easting, 0 when there is none.
func prefixOf(v float64) int {
	if zone := int(v / 1e6); zone >= 13 && zone <= 45 && plainEasting(v-float64(zone)*1e6) {
		return zone
	}
	return 0
}

// exchanged ends the error about axes in the wrong order.
const exchanged = `so the axes are exchanged: export the file again, or swap a layer's with ogr2ogr out.gpkg FILE -dialect SQLite -sql "SELECT SwapCoords(geom), * FROM layer"`

// checkZone returns an error when coordinates within b cannot be of the system crs that they are declared in, in one of the ways
// that deliveries usually are wrong: a zone number before the easting or missing there, the number of another zone,
// axes exchanged, degrees for metres. It says what the numbers look like and which code to assign. What it does not
// understand it lets pass.
func checkZone(crs string, b raster.Bounds) error {
	authority, number, _ := strings.Cut(crs, ":")
	code, _ := strconv.Atoi(number) // 0, which is no code of a zone, where it is none at all
	if authority != "EPSG" || b.Empty() {
		return nil
	}
	family, i, prefixed, projected := zoneOf(code)
	datum, geographic := geographicCodes[code]
	if !projected && !geographic {
		return nil
	}
	if projected {
		datum = family.datum
	}
	both := func(is func(float64) bool, lo, hi float64) bool { return is(lo) && is(hi) }
	isPrefixed := func(v float64) bool { return prefixOf(v) != 0 }
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("the coordinates [%.3f %.3f … %.3f %.3f] do not fit the declared %s: %s", b.MinX, b.MinY, b.MaxX, b.MaxY, declared(code), fmt.Sprintf(format, args...))
	}
	switch {
	case both(northing, b.MinX, b.MaxX) && (both(plainEasting, b.MinY, b.MaxY) || both(isPrefixed, b.MinY, b.MaxY)):
		return wrong("x looks like a northing and y like an easting, " + exchanged)
	case both(latitude, b.MinX, b.MaxX) && both(longitude, b.MinY, b.MaxY):
		return wrong("x looks like a latitude and y like a longitude, " + exchanged)
	case projected && both(longitude, b.MinX, b.MaxX) && both(latitude, b.MinY, b.MaxY):
		return wrong("they look like degrees: assign EPSG:%d", degreesOf(datum))
	case !both(northing, b.MinY, b.MaxY):
		return nil
	}
	first, last := prefixOf(b.MinX), prefixOf(b.MaxX)
	switch {
	case first != 0 && first == last:
		right, ok := withPrefix(datum, first)
		switch {
		case !ok || right == code:
			return nil
		case geographic:
			return wrong("they look like metres with the zone number %d before the easting: assign EPSG:%d", first, right)
		case prefixed:
			return wrong("the eastings begin with the zone number %d, not %d: assign EPSG:%d", first, family.zone+i, right)
		case right == family.prefixed+i:
			return wrong("the eastings begin with the zone number %d, and this code has none: assign EPSG:%d", first, right)
		}
		return wrong("the eastings begin with the zone number %d, and this code has none and another meridian: assign EPSG:%d", first, right)
	case both(plainEasting, b.MinX, b.MaxX) && prefixed:
		return wrong("the eastings have no zone number before them: assign EPSG:%d", family.plain+i)
	case both(plainEasting, b.MinX, b.MaxX) && geographic:
		return wrong("they look like metres without a zone number: assign the code of the zone that they are in (EPSG:4534–4554 by central meridian, 75°E to 135°E)")
	}
	return nil
}

// declared spells out a code.
func declared(code int) string {
	f, i, prefixed, ok := zoneOf(code)
	switch {
	case !ok:
		return fmt.Sprintf("EPSG:%d (degrees)", code)
	case prefixed:
		return fmt.Sprintf("EPSG:%d (%s, %d-degree zone %d, eastings begin with %d)", code, f.datum, f.width, f.zone+i, f.zone+i)
	}
	return fmt.Sprintf("EPSG:%d (%s, %d-degree zones, meridian %d°E, eastings without a zone number)", code, f.datum, f.width, f.meridian(i))
}

func degreesOf(datum string) int {
	for _, code := range []int{4490, 4610, 4214} {
		if geographicCodes[code] == datum {
			return code
		}
	}
	return 4490
}
