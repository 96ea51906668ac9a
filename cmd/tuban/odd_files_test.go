package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"tuban/raster"
	"tuban/raster/gdal"
	"tuban/raster/vector"
)

// TestOddFiles hands each odd file to the program, as a person would, in each role that it can have. What becomes of it is the
// published table.
func TestOddFiles(t *testing.T) {
	rasters, rasterLines := oddIndex(t, "odd_rasters", 12)
	layers, layerLines := oddIndex(t, "odd_vectors", 12)
	table := newOddTable(len(rasterLines), len(layerLines))
	slots := make(chan struct{}, 2)
	t.Run("all", func(t *testing.T) {
		each := func(kind string, lines []map[string]string, rows []oddRow, one func(*testing.T, map[string]string) oddRow) {
			for i, line := range lines {
				t.Run(kind+"/"+line["file"], func(t *testing.T) {
					t.Parallel()
					slots <- struct{}{}
					defer func() { <-slots }()
					rows[i] = one(t, line)
				})
			}
		}
		each("raster", rasterLines, table.rasters, func(t *testing.T, line map[string]string) oddRow {
			return oddRaster(t, filepath.Join(rasters, line["file"]), line)
		})
		each("vector", layerLines, table.vectors, func(t *testing.T, line map[string]string) oddRow {
			return oddLayers(t, filepath.Join(layers, line["file"]), line)
		})
	})
	table.compare(t, filepath.Join("..", "..", "docs", "odd-files.md"))
}

// pair is a run file of two dates: plain imagery before, and the keys of what comes after.
func pair(plain, after string) string {
	return fmt.Sprintf("name: odd\nbefore: {scenes: [%q], bands: {red: 1}, date: 2024-08-14}\nafter: {%s, date: 2025-08-20}\n", plain, after)
}

// oddRaster tries a raster as the after scene of a run and as a mask: as it is; as a scene with a declared system where that is
// all it lacks; and once more as a file that says where it lies, so that what is odd about its pixels shows as well.
func oddRaster(t *testing.T, path string, line map[string]string) oddRow {
	row := oddRow{file: line["file"], verdicts: map[string]verdict{}}
	// The file is described in this process: should that ever crash, the test says so.
	info, err := gdal.Inspect(ctx, path)
	g := somewhere
	if err == nil && info.GeoTransform {
		g = northUp(info.Native)
	}
	g = plainGrid(g)
	plain := plainImage(t, g)
	roles, sum := oddBands(info)
	tryRaster := func(path, suffix string) {
		row.verdicts["scene"+suffix] = try(t, path, pair(plain, fmt.Sprintf("scenes: [%q], bands: {%s}", path, roles)), sum)
		row.verdicts["mask"+suffix] = try(t, path, pair(plain, fmt.Sprintf("scenes: [%q], bands: {red: 1}, cloud: %q", plain, path)), "after.red")
	}
	tryRaster(path, "")
	if err == nil && info.GeoTransform && info.Native.CRS == "" {
		row.verdicts["with `crs:`"] = try(t, path, pair(plain, fmt.Sprintf("scenes: [%q], bands: {%s}, crs: %s", path, roles, g.CRS)), sum)
	}
	if err == nil && (!info.GeoTransform || info.Native.CRS == "") && !info.GCP && info.Driver == "GTiff" {
		own := info.Native
		own.CRS = somewhere.CRS
		if !info.GeoTransform {
			own.Transform = somewhere.Transform
		}
		plain = plainImage(t, middle(plainGrid(northUp(own))))
		tryRaster(withPlace(t, path, own), completed)
	}
	for role, v := range row.verdicts {
		switch says := line["read"]; {
		case v.word == hasGaps && says == "ok":
			t.Errorf("as a %s: gaps (%s), though GDAL reads it", role, v.why)
		case v.word == wasRead && says != "ok":
			t.Errorf("as a %s: read, though GDAL says: %s", role, says)
		}
	}
	return row
}

// oddBands declares the bands of a file as far as they exist, and sums them.
func oddBands(info raster.Info) (roles, sum string) {
	var declared, added []string
	for i, name := range []string{"red", "green", "blue", "nir"} {
		if i == 0 || i < len(info.Bands) && info.Alpha != i+1 {
			declared = append(declared, fmt.Sprintf("%s: %d", name, i+1))
			added = append(added, "after."+name)
		}
	}
	return strings.Join(declared, ", "), strings.Join(added, " + ")
}

// oddLayers tries a vector file as survey, region, seam lines and cloud mask of a run over its extent. A Shapefile is tried once
// more with attributes that suit each role, and with a system where it has none: its geometry stays what it is.
func oddLayers(t *testing.T, path string, line map[string]string) oddRow {
	row := oddRow{file: line["file"], verdicts: map[string]verdict{}}
	list, _ := gdal.ListLayers(ctx, path)
	l := chosen(list)
	class, date := "DLBM", "DLBM"
	if len(l.Fields) > 0 {
		class, date = l.Fields[0], l.Fields[0]
	}
	tryLayer(t, path, l, len(list), class, date, func(role string, v verdict) { row.verdicts[role] = v })
	if filepath.Ext(path) == ".shp" && !strings.Contains(l.Geometry, "Point") && !strings.Contains(l.Geometry, "Line") {
		l.CRS = "EPSG:4550"
		tryLayer(t, withAttributes(t, withSystem(t, path), int(l.Features)), l, len(list), "DLBM", "RQ", func(role string, v verdict) { row.verdicts[role+completed] = v })
	}
	return row
}

// completed marks the verdicts on files to which the test gave what they lack.
const completed = ", completed"

// chosen is the first layer of polygons, or the first of all.
func chosen(list []vector.LayerInfo) vector.LayerInfo {
	for _, l := range list {
		if strings.Contains(l.Geometry, "Polygon") {
			return l
		}
	}
	if len(list) > 0 {
		return list[0]
	}
	return vector.LayerInfo{Bounds: raster.EmptyBounds()}
}

func tryLayer(t *testing.T, path string, l vector.LayerInfo, layers int, class, date string, became func(role string, v verdict)) {
	g := somewhere
	if b := l.Bounds; !b.Empty() {
		g = about(b, l.CRS)
	}
	plain := plainImage(t, plainGrid(g))
	source := fmt.Sprintf("source: %q", path)
	if layers > 1 {
		source += fmt.Sprintf(", layer: %q", l.Name)
	}
	scene := fmt.Sprintf("scenes: [%q], bands: {red: 1}", plain)
	run := pair(plain, scene)
	became("survey", try(t, path, run+fmt.Sprintf("survey: {%s, class: %q, system: TD/T 1055-2019}\n", source, class), "after.red"))
	became("region", try(t, path, run+fmt.Sprintf("region: {%s}\n", source), "after.red"))
	became("seams", try(t, path, pair(plain, scene+fmt.Sprintf(", seams: {%s, date: %q}", source, date)), "after.red"))
	became("cloud", try(t, path, pair(plain, scene+fmt.Sprintf(", cloud: {%s}", source)), "after.red"))
}
