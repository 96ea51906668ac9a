package pipeline

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"tuban/raster"
	"tuban/raster/vector"
)

// cloudMask says what hides the ground in a scene.
type cloudMask struct {
	source string
	// raster is the mask's position among the masks of its date, −1 where zones are the clouds.
	raster int
	zones  []zone
	// cloud and shadow are the raster's values of each; where cloud is nil, every value but 0 that is not shadow is cloud.
	cloud, shadow []float32
	// noData is the value that the raster declares for where it says nothing; nil for none, or where 0 is declared, with
	// which masks say that there is no cloud.
	noData *float32
}

// says tells what a value of the raster means for a pixel that the scene has: 0 is clear, else one of the reasons for
// which it has none. Beyond the raster's edge the value is NaN, and nothing hides the pixel.
func (c *cloudMask) says(v float32) int32 {
	switch {
	case v != v:
		return 0
	case slices.Contains(c.shadow, v):
		return fromShadow
	case slices.Contains(c.cloud, v):
		return fromCloud
	case c.noData != nil && v == *c.noData:
		return fromNoData
	case c.cloud == nil && v != 0:
		return fromCloud
	}
	return 0
}

// vectorFiles are the endings of the formats that layers come in, the last of which are refused with what to do; a cloud mask of
// another name is a raster.
var vectorFiles = []string{".gpkg", ".shp", ".gdb", ".geojson", ".json", ".geojsonl", ".fgb", ".sqlite", ".tab", ".mif", ".dbf", ".kml", ".kmz", ".zip"}

func isVector(uri, layer string) bool {
	return layer != "" || slices.Contains(vectorFiles, strings.ToLower(path.Ext(strings.TrimRight(uri, "/"))))
}

// openClouds finds the cloud masks of the scenes of date d. A mask that lies elsewhere, or nobody knows where, is an error: it
// would hide nothing.
func (p *Plan) openClouds(ctx context.Context, zones *zoneReader, d int) error {
	b := &p.besides[d]
	list := make([]*cloudMask, len(p.scenes(d)))
	any := false
	// A layer can serve several scenes, of which some are clear: it must lie on one of them.
	type use struct {
		layer *zoneLayer
		wrong error
	}
	var uses []use
	touched := map[*zoneLayer]bool{}
	for i, s := range p.scenes(d) {
		if i >= len(b.entries) || b.entries[i].Cloud == nil {
			continue
		}
		any = true
		entry := b.entries[i].Cloud.For(s.URI)
		what := dateNames[d] + ": cloud"
		m := &cloudMask{source: entry.Source, raster: -1, cloud: numbers(entry.Cloud), shadow: numbers(entry.Shadow)}
		list[i] = m
		if !isVector(entry.Source, entry.Layer) {
			if err := p.openCloudRaster(ctx, zones.drivers, m, d, i); err != nil {
				return err
			}
			continue
		}
		if len(entry.Cloud)+len(entry.Shadow) > 0 {
			return badInput("%s: %s is a layer of polygons, which have no values: leave out the values of cloud and shadow", what, entry.Source)
		}
		layer, err := zones.read(ctx, what, vector.LayerSpec{Source: entry.Source, Layer: entry.Layer})
		if err != nil {
			return err
		}
		m.zones = layer.zones
		extent := p.Extents[d][i]
		touched[layer] = touched[layer] || layer.features == 0 || !layer.bounds.Intersect(extent).Empty()
		uses = append(uses, use{layer, disjoint(fmt.Sprintf("%s: the scene %s and its cloud mask %s", what, s.ID, entry.Source), extent, layer.bounds)})
	}
	for _, u := range uses {
		if !touched[u.layer] {
			return u.wrong
		}
	}
	if any {
		b.clouds = list
	}
	return nil
}

func numbers(list []int) []float32 {
	var out []float32
	for _, v := range list {
		out = append(out, float32(v))
	}
	return out
}

// openCloudRaster prepares the raster mask m of scene i of date d.
func (p *Plan) openCloudRaster(ctx context.Context, dr Drivers, m *cloudMask, d, i int) error {
	s, b := p.scenes(d)[i], &p.besides[d]
	what := fmt.Sprintf("%s: the cloud mask of scene %s", dateNames[d], s.ID)
	info, err := dr.Imagery.Inspect(ctx, m.source)
	switch {
	case err != nil:
		return badInput("%s: %w", what, err)
	case !info.GeoTransform || info.Native.CRS == "":
		return badInput("%s: %s has no georeference or no coordinate reference system: assign those of the scene (gdal_edit.py -a_srs EPSG:n -a_ullr MINX MAXY MAXX MINY FILE)", what, m.source)
	case len(info.Bands) != 1:
		return badInput("%s: %s has %d bands: give a mask of one (gdal_translate -b n FILE out.tif)", what, m.source, len(info.Bands))
	case strings.HasPrefix(info.DataType, "C"):
		return badInput("%s: %s has complex samples (%s), which are no mask: give one of whole numbers", what, m.source, info.DataType)
	}
	if tag := info.Bands[0].NoData; tag != nil && *tag != 0 {
		v := float32(*tag)
		m.noData = &v
	}
	mask := raster.Scene{
		ID: s.ID, URI: m.source, Native: info.Native, Nearest: true,
		Bands:  map[raster.Role]raster.Band{raster.Mask: {Index: 1, Scale: 1}},
		BlockW: info.BlockW, BlockH: info.BlockH, DataType: info.DataType, Bytes: info.Bytes,
	}
	list := []raster.Scene{mask}
	if err := unify(dr.Coordinates, p.Grid.CRS, list); err != nil {
		return err
	}
	bounds, err := extents(dr.Coordinates, p.Grid.CRS, list)
	if err != nil {
		return err
	}
	both, extent := bounds[0].Intersect(p.Extents[d][i]), p.Extents[d][i]
	if both.Empty() || both.MinX == both.MaxX || both.MinY == both.MaxY {
		return disjoint(fmt.Sprintf("%s (%s) and the scene", what, m.source), bounds[0], extent)
	}
	// Of the part that the run is about; a mask of coarser pixels may end a little earlier than its scene.
	inside := p.Grid.Cover(extent)
	if share := float64(p.Grid.Cover(both).Pixels()) / float64(max(1, inside.Pixels())); share < 0.99 && !inside.Empty() {
		p.Warnings = append(p.Warnings, fmt.Sprintf("the cloud mask %s covers %.0f %% of scene %s: what lies beyond it counts as clear", baseOf(m.source), 100*share, s.ID))
	}
	m.raster = len(b.masks)
	b.masks = append(b.masks, list...)
	return nil
}
