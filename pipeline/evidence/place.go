package evidence

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"tuban/pipeline/product"
	"tuban/pipeline/release"
)

// place is where a patch lies: its centroid, and the corners that say most of its shape.
type place struct {
	// System names the zone's system; "" where the national series has none.
	System  string
	Points  []point
	Corners int // of the largest part
	Shown   int
	Parts   int
	// File is the one with all corners.
	File string
	// Convergence is the angle from true north to grid north, clockwise, in degrees.
	Convergence string
}

// point is a position in degrees, minutes and seconds, in degrees, and in the zone.
type point struct{ Name, LonDMS, LatDMS, Lon, Lat, X, Y string }

// placeOf lists at most so many corners.
func (m *maker) placeOf(s *subject, most int) place {
	out := place{Parts: len(s.Geom), File: product.PackageName, Convergence: fmt.Sprintf("%+.3f°", s.up)}
	if s.redrawn {
		out.File = release.PackageName
	}
	if s.zoned != nil {
		out.System = fmt.Sprintf("CGCS2000 3 度带第 %d 带（EPSG:%d）", s.zone, s.epsg)
	}
	add := func(name string, lonLat orb.Point, zoned *orb.Point) {
		p := point{
			Name: name, LonDMS: dms(lonLat[0], "E", "W"), LatDMS: dms(lonLat[1], "N", "S"),
			Lon: fmt.Sprintf("%.7f", lonLat[0]), Lat: fmt.Sprintf("%.7f", lonLat[1]), X: dash, Y: dash,
		}
		if zoned != nil {
			p.X, p.Y = fmt.Sprintf("%.2f", zoned[1]), fmt.Sprintf("%.2f", zoned[0])
		}
		out.Points = append(out.Points, p)
	}
	var middle *orb.Point
	if s.zoned != nil {
		c := centroid(s.zoned)
		middle = &c
	}
	lon, hasLon := s.Number("LON")
	lat, hasLat := s.Number("LAT")
	if hasLon && hasLat {
		add("中心", orb.Point{lon, lat}, middle)
	}
	part, at, total := cornersOf(s.Geom, most)
	out.Corners, out.Shown = total, len(at)
	for i, k := range at {
		var z *orb.Point
		if s.zoned != nil {
			z = &s.zoned[part][0][k]
		}
		add(fmt.Sprintf("J%d", i+1), s.degrees[part][0][k], z)
	}
	return out
}

// centroid is that of the exterior rings, as LON and LAT of a product are.
func centroid(mp orb.MultiPolygon) orb.Point {
	solid := make(orb.MultiPolygon, len(mp))
	for i, p := range mp {
		solid[i] = p[:1]
	}
	c, _ := planar.CentroidArea(solid)
	return c
}
