package product

import (
	"context"
	"fmt"
	"slices"

	"tuban/pipeline"
	"tuban/raster/vector"
)

// Read reads all fields of a layer of any file, its rows in the order of the file and its geometry in crs; "" means the
// layer's own. A geometry that cannot be used is no error here: the row says why.
func Read(ctx context.Context, v pipeline.Vectors, spec vector.LayerSpec, crs string) ([]Row, vector.LayerInfo, error) {
	info, err := v.DescribeLayer(ctx, spec)
	if err != nil {
		return nil, info, pipeline.NewInputError(err)
	}
	rows, err := read(ctx, v, spec, info, crs)
	if err != nil {
		return nil, info, pipeline.NewInputError(fmt.Errorf("%s, layer %s: %w", spec.Source, info.Name, err))
	}
	return rows, info, nil
}

func read(ctx context.Context, v pipeline.Vectors, spec vector.LayerSpec, info vector.LayerInfo, crs string) ([]Row, error) {
	spec.Layer, spec.Fields = info.Name, info.Fields
	h := newHeader(info)
	if crs == "" || info.Geometry == "None" { // what has no geometry has no system either
		crs = info.CRS
	}
	var rows []Row
	err := v.ReadLayer(ctx, spec, crs, func(f vector.Feature) error {
		r := Row{FID: f.FID, Problem: f.Problem, header: h, values: slices.Clone(f.Values)}
		if len(f.WKB) > 0 {
			var err error
			if r.Geom, err = vector.Polygons(f.WKB); err != nil {
				r.Problem = err.Error()
			}
		}
		rows = append(rows, r)
		return ctx.Err()
	})
	return rows, err
}
