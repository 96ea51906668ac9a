package assess

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"tuban/pipeline"
	"tuban/raster/spell"
	"tuban/raster/vector"
)

// shape is an object of a polygon reference.
type shape struct {
	kind string // what the reference calls it
	geom orb.MultiPolygon
}

// readShapes reads a polygon reference in the product's CRS. Objects off the product's grid are counted, not returned.
func (p *product) readShapes(ctx context.Context, o Options) (list []shape, off int, err error) {
	spec := vector.LayerSpec{Source: o.Reference, Layer: o.Layer}
	info, err := p.Vectors.DescribeLayer(ctx, spec)
	if err != nil {
		return nil, 0, badInput(asOption(err, "--layer"))
	}
	if info.CRS == "" {
		return nil, 0, badInput(fmt.Errorf("%s, layer %s has no coordinate reference system: assign the one it is in (ogr2ogr -a_srs EPSG:n out.gpkg FILE)", o.Reference, info.Name))
	}
	spec.Layer = info.Name
	field := o.TypeField
	switch {
	case field == "" && hasField(info, "type"):
		field = "type"
	case field != "" && !hasField(info, field):
		return nil, 0, badInput(fmt.Errorf("%s, layer %s has no field %q%s: its fields are %s", o.Reference, info.Name, field, spell.Hint(field, info.Fields), strings.Join(info.Fields, ", ")))
	}
	spec.Fields = []string{field}
	if info.Features > 0 {
		if err := p.meets(o.Reference, info.CRS, info.Bounds); err != nil {
			return nil, 0, err
		}
	}
	err = p.Vectors.ReadLayer(ctx, spec, p.grid.CRS, func(f vector.Feature) error {
		if f.Problem != "" {
			return fmt.Errorf("feature %d: %s: repair the file, or delete the feature", f.FID, f.Problem)
		}
		if len(f.WKB) == 0 || !o.Labels.names(f.Values[0]) {
			return nil
		}
		mp, err := vector.Polygons(f.WKB)
		if err != nil {
			return fmt.Errorf("feature %d: %w", f.FID, err)
		}
		if len(zones(nil).add(p.grid, mp, 1)) == 0 {
			off++
			return nil
		}
		list = append(list, shape{f.Values[0], mp})
		return nil
	})
	if err != nil {
		return nil, 0, badInput(fmt.Errorf("%s, layer %s: %w", o.Reference, info.Name, err))
	}
	if len(list) == 0 && info.Features > 0 {
		return nil, 0, badInput(fmt.Errorf("%s, layer %s has %d features, none of them a change on the product's land: check that it is the reference of this land, or give another layer with --layer", o.Reference, info.Name, info.Features))
	}
	return list, off, nil
}

// names reports whether a polygon of that type is a change: where values are declared, it must be one of them.
func (l Labels) names(kind string) bool {
	n, err := strconv.ParseFloat(kind, 64)
	return len(l.Changed) == 0 || err == nil && l.of(float32(n)) == changed
}

// pixelArea is the ellipsoidal area in m² of the pixel in the middle of the product's grid.
func (p *product) pixelArea() (float64, error) {
	s, err := pipeline.NewSurveyor(p.Coordinates, p.grid.CRS)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	x, y := float64(p.grid.W/2), float64(p.grid.H/2)
	var ring orb.Ring
	for _, d := range [][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}} {
		px, py := p.grid.Point(x+d[0], y+d[1])
		ring = append(ring, orb.Point{px, py})
	}
	return s.Area(orb.MultiPolygon{{ring}})
}
