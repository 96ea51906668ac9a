package register

import (
	"encoding/hex"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/raster/vector"
)

// NewShape keeps mp, which is in crs.
func NewShape(mp orb.MultiPolygon, crs string) (Shape, error) {
	b, err := wkb.Marshal(mp)
	return Shape{WKB: hex.EncodeToString(b), CRS: crs}, err
}

// Polygons is the geometry that was kept, in the shape's CRS.
func (s Shape) Polygons() (orb.MultiPolygon, error) {
	b, err := hex.DecodeString(s.WKB)
	if err != nil {
		return nil, fmt.Errorf("a geometry of the register: %w", err)
	}
	mp, err := vector.Polygons(b)
	if err != nil {
		return nil, fmt.Errorf("a geometry of the register: %w", err)
	}
	return mp, nil
}
