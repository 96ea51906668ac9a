package vector

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

// Polygons decodes the WKB of a polygon or multipolygon. Any other type, and damaged WKB, is an error.
func Polygons(b []byte) (orb.MultiPolygon, error) {
	g, err := wkb.Unmarshal(b)
	if err != nil {
		return nil, err
	}
	switch g := g.(type) {
	case orb.Polygon:
		return orb.MultiPolygon{g}, nil
	case orb.MultiPolygon:
		return g, nil
	}
	return nil, fmt.Errorf("a %s where a polygon is needed: delete it, or give a layer of polygons alone", g.GeoJSONType())
}
