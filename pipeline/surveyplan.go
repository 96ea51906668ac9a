package pipeline

import (
	"context"
	"fmt"
	"slices"

	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/vector"
)

// extraFields of the survey are carried over to the patches where the layer has them.
var extraFields = []string{"DLMC", "ZLDWMC", "TBXHDM", "TBXHMC", "ZZSXDM", "ZZSXMC", "CZCSXM"}

func (p *Plan) describeSurvey(ctx context.Context, d Drivers, s *runfile.Survey, crs string) (raster.Bounds, error) {
	spec := vector.LayerSpec{Source: s.Source[0], Layer: s.Layer, Encoding: s.Encoding}
	info, err := d.Vectors.DescribeLayer(ctx, spec)
	if err != nil {
		return raster.Bounds{}, badInput("survey: %w", err)
	}
	has := func(field string) bool { return slices.Contains(info.Fields, field) }
	if !has(s.Class) {
		return raster.Bounds{}, badInput("survey: %s: layer %s has no field %s: it has %v", spec.Source, info.Name, s.Class, info.Fields)
	}
	if info.CRS == "" {
		return raster.Bounds{}, badInput("survey: %s: layer %s has no coordinate reference system: assign the one it is in (ogr2ogr -a_srs EPSG:n)", spec.Source, info.Name)
	}
	spec.Layer = info.Name
	spec.Fields = []string{s.Class}
	optional := func(field string) string {
		if field == "" || !has(field) {
			return ""
		}
		if !slices.Contains(spec.Fields, field) {
			spec.Fields = append(spec.Fields, field)
		}
		return field
	}
	p.Survey.ID, p.Survey.Unit = optional(s.ID), optional(s.Unit)
	for _, field := range extraFields {
		optional(field)
	}
	if p.Survey.Unit == "" {
		p.Warnings = append(p.Warnings, fmt.Sprintf("the survey has no field %s: 行政区代码 (XZQDM) stays empty and totals by unit are left out", s.Unit))
	}
	if p.Survey.ID == "" && s.ID != "" {
		p.Warnings = append(p.Warnings, fmt.Sprintf("the survey has no field %s: 标识码 (BSM) stays empty", s.ID))
	}
	if info.Bounds.Empty() {
		return raster.Bounds{}, badInput("survey: %s: layer %s holds no feature", spec.Source, info.Name)
	}
	p.Survey.Layer, p.Survey.Info = spec, info
	b, err := d.Coordinates.TransformBounds(info.CRS, crs, info.Bounds)
	if err != nil {
		return b, badInput("survey: %s: its extent cannot be expressed in the run's coordinate reference system: %w%s", spec.Source, err, prefixHint(info.Bounds))
	}
	return b, nil
}

// prefixHint is for eastings that carry a zone prefix under a code that has none, the likeliest reason of coordinates
// without a place.
func prefixHint(b raster.Bounds) string {
	if b.MinX > 1e7 && b.MaxX < 1e8 {
		return "; the eastings carry a zone prefix: assign the code with the prefix (EPSG:4513–4533), not the one without"
	}
	return ""
}
