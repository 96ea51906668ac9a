package pipeline

import (
	"context"
	"fmt"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/vector"
)

// readRegion returns the region's bounds in crs, and its polygons when it is a layer.
func readRegion(ctx context.Context, d Drivers, r *runfile.Region, crs string) (raster.Bounds, orb.MultiPolygon, error) {
	if r.Source == "" {
		box := raster.Bounds{MinX: r.BBox[0], MinY: r.BBox[1], MaxX: r.BBox[2], MaxY: r.BBox[3]}
		if err := checkZone(r.CRS, box); err != nil {
			return box, nil, badInput("region: bbox: %w", err)
		}
		b, err := d.Coordinates.TransformBounds(r.CRS, crs, box)
		if err != nil {
			return b, nil, badInput("region: %w", err)
		}
		return b, nil, nil
	}
	spec := vector.LayerSpec{Source: r.Source, Layer: r.Layer}
	info, err := d.Vectors.DescribeLayer(ctx, spec)
	if err != nil {
		return raster.EmptyBounds(), nil, badInput("region: %w", err)
	}
	if _, err := placeLayer("region", d.Coordinates, r.Source, info, crs); err != nil {
		return raster.EmptyBounds(), nil, err
	}
	spec.Layer = info.Name
	var all orb.MultiPolygon
	bounds := raster.EmptyBounds()
	engine := d.Geometry()
	err = d.Vectors.ReadLayer(ctx, spec, crs, func(f vector.Feature) error {
		if f.Problem != "" {
			return fmt.Errorf("%s: feature %d: %s: without it the region would be another one; repair the file, or delete the feature", r.Source, f.FID, f.Problem)
		}
		if len(f.WKB) == 0 {
			return nil
		}
		out, _, err := engine.Repair(f.WKB)
		if err != nil {
			return fmt.Errorf("%s: feature %d: %w", r.Source, f.FID, err)
		}
		if len(out) == 0 {
			return nil
		}
		mp, err := vector.Polygons(out)
		if err != nil {
			return fmt.Errorf("%s: feature %d: %w", r.Source, f.FID, err)
		}
		all = append(all, mp...)
		return nil
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
		return bounds, nil, badInput("region: %s: layer %s holds no polygon: give the layer of the region with `layer:`, or another file", r.Source, info.Name)
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
