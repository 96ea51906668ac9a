package main

import (
	"fmt"
	"strings"

	"tuban/raster/synth"
)

// demoRunFile is a run file as a user would write it, with comments to learn from.
func demoRunFile(c *synth.County, o demoOptions) []byte {
	before, after := "sensor: GF-2", "bands: {blue: 1, green: 2, red: 3, nir: 4}"
	if o.scenario.Bands == 3 {
		before, after = "bands: {blue: 1, green: 2, red: 3}", "bands: {blue: 1, green: 2, red: 3}"
	}
	if c.Seams(synth.After) != nil {
		after += ", seams: {source: seams.gpkg, date: SXSJ, sensor: SJY}"
	} else {
		after += ", date: " + c.Day(synth.After).Format("2006-01-02")
	}
	before += ", date: " + c.Day(synth.Before).Format("2006-01-02")
	about := fmt.Sprintf("%d × %d pixels (seed %d)", c.Grid().W, c.Grid().H, o.Seed)
	if o.scenario.Name != "plain" {
		about += ", scenario " + o.scenario.Name
	}
	return fmt.Appendf(nil, strings.TrimLeft(`
%s%s. Paths are relative to this file; environment variables expand.
name: demo

# Imagery of two dates. Several scenes make a mosaic: in list order, the first valid pixel wins.
# The bands of each file are declared, known from a sensor (sensor: GF-2), or read from its metadata.
before: {scenes: [before.tif], %s}
after:  {scenes: [after.tif], %s}

# Last year's land survey. The code system must be declared: the same code means different land in different systems.
survey: {source: survey.gpkg, layer: DLTB, class: DLBM, id: BSM, system: TD/T 1055-2019}

# What other offices know of the land: each file's schema is known, or fields: maps it. Left out, its columns stay null.
layers:
%s
# region: {source: boundary.gpkg}          # or {bbox: [min x, min y, max x, max y], crs: EPSG:4530}
rules: default                             # or a file; start from: tuban rules show
outputs: [gpkg, shp, report]
out: out/
`, "\n"), demoMark, about, before, after, layerEntries(c, approvalsFile))
}
