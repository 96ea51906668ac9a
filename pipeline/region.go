package pipeline

import (
	"context"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/vector"
)

// readRegion returns the region's bounds in crs, and its polygons when it is a layer.
func readRegion(ctx context.Context, d Drivers, r *runfile.Region, crs string) (raster.Bounds, orb.MultiPolygon, error) {
	if r.Source == "" {
		b, err := d.Coordinates.TransformBounds(r.CRS, crs, raster.Bounds{MinX: r.BBox[0], MinY: r.BBox[1], MaxX: r.BBox[2], MaxY: r.BBox[3]})
		if err != nil {
			return b, nil, badInput("region: %w", err)
		}
		return b, nil, nil
	}
	var all orb.MultiPolygon
	bounds := raster.EmptyBounds()
	engine := d.Geometry()
	spec := vector.LayerSpec{Source: r.Source, Layer: r.Layer}
	err := d.Vectors.ReadLayer(ctx, spec, crs, func(f vector.Feature) error {
		if len(f.WKB) == 0 {
			return nil
		}
		out, _, err := engine.Repair(f.WKB)
		if err != nil || len(out) == 0 {
			return err
		}
		mp, err := vector.Polygons(out)
		all = append(all, mp...)
		return err
	})
	if err != nil {
		return bounds, nil, badInput("region: %w", err)
	}
	if all, err = united(engine, all); err != nil {
		return bounds, nil, badInput("region: %s: %w", r.Source, err)
	}
	for _, poly := range all {
		for _, q := range poly[0] {
			bounds = bounds.Extend(q[0], q[1])
		}
	}
	if bounds.Empty() {
		return bounds, nil, badInput("region: %s holds no polygon", r.Source)
	}
	return bounds, all, nil
}

// united makes one geometry of polygons that may overlap: repair counts what lies in several shells once.
func united(engine Geometry, mp orb.MultiPolygon) (orb.MultiPolygon, error) {
	if len(mp) < 2 {
		return mp, nil
	}
	b, err := wkb.Marshal(mp)
	if err != nil {
		return nil, err
	}
	out, _, err := engine.Repair(b)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	return vector.Polygons(out)
}
