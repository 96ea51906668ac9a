package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tuban/classify/landclass"
	"tuban/pipeline/overlay"
	"tuban/pipeline/runfile"
	"tuban/raster"
	"tuban/raster/vector"
)

// SurveyPlan is how the survey will be read.
type SurveyPlan struct {
	System landclass.System
	// Files are read in this order. Where their parcels overlap, the earlier file counts.
	Files []SurveyFile
	// Fields are carried over to the patches, the class first; a file may lack any but that one.
	Fields []string
	// ID and Unit are among Fields, "" when no file has them.
	ID, Unit string
}

// SurveyFile is one file of the survey.
type SurveyFile struct {
	// Layer has the plan's Fields under the names that they have in this file, "" for one that it lacks.
	Layer vector.LayerSpec
	Info  vector.LayerInfo
	// Bounds is its extent in the run's coordinate reference system, empty when it holds no feature.
	Bounds raster.Bounds
}

// extraFields of the survey are carried over to the patches where the layer has them.
var extraFields = []string{ridgeField, "DLMC", "ZLDWMC", "TBXHDM", "TBXHMC", "ZZSXDM", "ZZSXMC", "CZCSXM"}

// features is the number of features that the files declare, which need not be true.
func (s *SurveyPlan) features() (n int64) {
	for _, f := range s.Files {
		n += min(max(0, f.Info.Features), 1<<40)
	}
	return n
}

// names are the files as a reader of the report knows them, sources as errors name them.
func (s *SurveyPlan) names() string   { return s.list(baseOf) }
func (s *SurveyPlan) sources() string { return s.list(func(uri string) string { return uri }) }

func (s *SurveyPlan) list(name func(uri string) string) string {
	const most = 4
	var out []string
	for i, f := range s.Files {
		if i == most {
			out = append(out, fmt.Sprintf("… (%d)", len(s.Files)))
			break
		}
		out = append(out, name(f.Layer.Source))
	}
	return strings.Join(out, ", ")
}

// describeSurvey opens the survey's files far enough to know how they will be read, and returns the bounds of all in crs.
func (p *Plan) describeSurvey(ctx context.Context, d Drivers, s *runfile.Survey, crs string) (raster.Bounds, error) {
	bounds := raster.EmptyBounds()
	files, err := surveyFiles(ctx, d, s.Source)
	if err != nil {
		return bounds, badInput("survey: %w", err)
	}
	wanted := []string{s.Class}
	for _, field := range append([]string{s.ID, s.Unit}, extraFields...) {
		if field != "" && !slices.Contains(wanted, field) {
			wanted = append(wanted, field)
		}
	}
	var infos []vector.LayerInfo
	for _, uri := range files {
		spec := vector.LayerSpec{Source: uri, Layer: s.Layer, Encoding: s.Encoding}
		info, err := d.Vectors.DescribeLayer(ctx, spec)
		if err != nil {
			return bounds, badInput("survey: %w", err)
		}
		spec.Layer = info.Name
		f := SurveyFile{Layer: spec, Info: info}
		if f.Bounds, err = placeLayer("survey", d.Coordinates, uri, info, crs); err != nil {
			return bounds, err
		}
		if f.Bounds.Empty() {
			p.Warnings = append(p.Warnings, fmt.Sprintf("survey: %s: layer %s holds no feature with a place", uri, info.Name))
		}
		bounds = bounds.Union(f.Bounds)
		p.Survey.Files = append(p.Survey.Files, f)
		infos = append(infos, info)
	}
	if bounds.Empty() {
		return bounds, badInput("survey: %s: layer %s holds no feature with a place: give the layer of parcels with `layer:`, or another file", files[0], infos[0].Name)
	}
	return bounds, p.mapFields(s, wanted)
}

// surveyFiles expands patterns. A file that is meant twice is used once, where it was named first.
func surveyFiles(ctx context.Context, d Drivers, list runfile.Sources) ([]string, error) {
	var out []string
	var known []os.FileInfo
	for _, pattern := range list {
		matches := []string{pattern}
		// A name may hold the characters of a pattern.
		if there, err := d.exists(ctx, pattern); err != nil || !there {
			if matches, err = d.expandGlob(ctx, pattern); err != nil {
				return nil, err
			}
		}
		if len(matches) > 1 {
			matches = slices.DeleteFunc(matches, isPart)
		}
		for _, uri := range matches {
			if !remote(uri) {
				uri = filepath.Clean(uri)
				if st, err := os.Stat(uri); err == nil {
					if slices.ContainsFunc(known, func(k os.FileInfo) bool { return os.SameFile(k, st) }) {
						continue
					}
					known = append(known, st)
				}
			}
			if !slices.Contains(out, uri) {
				out = append(out, uri)
			}
		}
	}
	return out, nil
}

// isPart reports whether a file only belongs to another that the same pattern names: a part of a Shapefile, a journal.
func isPart(uri string) bool {
	switch strings.ToLower(filepath.Ext(uri)) {
	case ".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".xml", ".dat", ".map", ".id", ".ind":
		return true
	}
	return strings.HasSuffix(uri, "-wal") || strings.HasSuffix(uri, "-shm") || strings.HasSuffix(uri, "-journal")
}

// placeLayer returns the bounds in crs of a layer of polygons, empty when it has none. A layer of anything else, one without
// a system, and coordinates that contradict their system are errors.
func placeLayer(what string, c Coordinates, uri string, info vector.LayerInfo, crs string) (raster.Bounds, error) {
	if slices.Contains(notPolygons, info.Geometry) {
		return raster.EmptyBounds(), badInput("%s: %s: layer %s holds no polygons, its geometry is %s: give a layer of polygons with `layer:`, or another file", what, uri, info.Name, info.Geometry)
	}
	if info.CRS == "" {
		return raster.EmptyBounds(), badInput("%s: %s: layer %s has no coordinate reference system: assign the one it is in (ogr2ogr -a_srs EPSG:n out.gpkg FILE)", what, uri, info.Name)
	}
	if info.Bounds.Empty() {
		return raster.EmptyBounds(), nil
	}
	if err := checkZone(info.CRS, info.Bounds); err != nil {
		return raster.EmptyBounds(), badInput("%s: %s: %w", what, uri, err)
	}
	b, err := c.TransformBounds(info.CRS, crs, info.Bounds)
	if err != nil {
		return b, badInput("%s: %s: its extent cannot be expressed in the run's coordinate reference system (%w): assign the system that it is in (ogr2ogr -a_srs EPSG:n out.gpkg FILE)", what, uri, err)
	}
	return b, nil
}

// notPolygons are the geometries that a layer can declare and that no polygon can be among.
var notPolygons = []string{"None", "Point", "MultiPoint", "LineString", "MultiLineString", "CircularString", "CompoundCurve", "MultiCurve"}

// mapFields finds the wanted fields in each file: the class must be in all, another is dropped when none has it.
func (p *Plan) mapFields(s *runfile.Survey, wanted []string) error {
	plan := p.Survey
	here := make([]map[string]string, len(plan.Files))
	for i, f := range plan.Files {
		here[i] = map[string]string{}
		for _, field := range wanted {
			name, alias := overlay.FieldOf(f.Info, field)
			if name == "" && field == s.Class {
				return badInput("survey: %s: layer %s has no field %s: it has %v; give the class field's name with `class:`", f.Layer.Source, f.Info.Name, field, f.Info.Fields)
			}
			if alias {
				p.Warnings = append(p.Warnings, fmt.Sprintf("survey: %s: no field is called %s: the field %s is used, whose alias that is", f.Layer.Source, field, name))
			}
			here[i][field] = name
		}
	}
	for _, field := range wanted {
		var lacking []string
		for i, f := range plan.Files {
			if here[i][field] == "" {
				lacking = append(lacking, baseOf(f.Layer.Source))
			}
		}
		if len(lacking) == len(plan.Files) {
			continue
		}
		plan.Fields = append(plan.Fields, field)
		for i := range plan.Files {
			plan.Files[i].Layer.Fields = append(plan.Files[i].Layer.Fields, here[i][field])
		}
		if len(lacking) > 0 && (field == s.ID || field == s.Unit) {
			p.Warnings = append(p.Warnings, fmt.Sprintf("survey: %s of %d files have no field %s: it stays empty for their parcels", strings.Join(lacking, ", "), len(plan.Files), field))
		}
	}
	has := func(field string) string {
		if slices.Contains(plan.Fields, field) {
			return field
		}
		return ""
	}
	plan.ID, plan.Unit = has(s.ID), has(s.Unit)
	if plan.Unit == "" {
		p.Warnings = append(p.Warnings, fmt.Sprintf("the survey has no field %s: 行政区代码 (XZQDM) stays empty and totals by unit are left out", s.Unit))
	}
	if plan.ID == "" && s.ID != "" {
		p.Warnings = append(p.Warnings, fmt.Sprintf("the survey has no field %s: 标识码 (BSM) stays empty", s.ID))
	}
	return nil
}
