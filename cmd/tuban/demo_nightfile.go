package main

import (
	"fmt"
	"strings"

	"tuban/raster/synth"
)

// nightRunFile is the run file of a night: each night continues the product of the one before.
func nightRunFile(c *synth.County, o demoOptions, night int) []byte {
	bands := "blue: 1, green: 2, red: 3, nir: 4"
	if o.scenario.Bands == 3 {
		bands = "blue: 1, green: 2, red: 3"
	}
	hole := ""
	if o.scenario.Byte(synth.After) {
		hole = ", nodata_at: anywhere" // in 8 bits, 0 would be a colour but at the edge
	}
	earlier := "# earlier: out0/                         # the first night has none: all its candidates are new\n"
	if night > 1 {
		earlier = fmt.Sprintf("earlier: out%d/\n", night-1)
	}
	return fmt.Appendf(nil, strings.TrimLeft(`
%s%d × %d pixels (seed %d), night %d. Paths are relative to this file.
name: demo night %d

before: {scenes: [before.tif], bands: {%s}, date: %s}
after:  {scenes: [night%d.tif], bands: {%s}, date: %s%s}
survey: {source: survey.gpkg, layer: DLTB, class: DLBM, id: BSM, system: TD/T 1055-2019}

# What other offices know of the land. Their schemas are known; fields: maps those that are not.
layers:
%s
# The product of the night before, what people decided about it, and the places to look at every night.
%sregister: %s/
watch: {source: %s, layer: cases, id: AJBH, name: MC, type: LX, due: QX}

rules: default
outputs: [gpkg]
out: out%d/
`, "\n"), demoMark, c.Grid().W, c.Grid().H, o.Seed, night, night, bands, c.Day(synth.Before).Format("2006-01-02"),
		night, bands, c.Day(synth.After).Format("2006-01-02"), hole, layerEntries(c, fmt.Sprintf("approvals%d.gpkg", night)), earlier, registerDir, watchFile, night)
}
