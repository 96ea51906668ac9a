package synth

import (
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/raster/vector"
)

// Layer is a legal layer as the office that keeps it delivers it.
type Layer struct {
	// Kind and Type are those of a run file's layers; Type is "" for kinds that have none.
	Kind, Type  string
	Name, Title string
	Fields      []vector.Field
	Features    []LayerFeature
}

// LayerFeature is a feature of a Layer, its values beside the layer's fields; nil is null.
type LayerFeature struct {
	Polygons orb.MultiPolygon
	Values   []any
}

// Layers returns the legal layers: permanent basic farmland in two versions and two schemas, the red line with its area in km²,
// the urban boundary, a nature reserve, black soil, villages, the separate layer of the survey, earlier decided patches,
// administrative units, and approvals by kind, those of a story's night as they were listed by then. A layer that would be empty, as
// some are in small counties, is left out.
func (c *County) Layers() []Layer {
	layers := []Layer{c.farmland(), c.oldFarmland()}
	layers = append(layers, c.zones...)
	layers = append(layers, c.villages())
	layers = append(layers, c.marked()...)
	layers = append(layers, c.units()...)
	layers = append(layers, c.approvalLayers()...)
	return slices.DeleteFunc(layers, func(l Layer) bool { return len(l.Features) == 0 })
}

// Table is the layer ready to be written.
func (l Layer) Table(crs string) vector.Table {
	return vector.Table{
		Name: l.Name, Title: l.Title, CRS: crs, Geometry: "MultiPolygon", Fields: l.Fields,
		Rows: func(yield func(vector.Row, error) bool) {
			for _, f := range l.Features {
				b, err := wkb.Marshal(f.Polygons)
				if !yield(vector.Row{WKB: b, Values: f.Values}, err) {
					return
				}
			}
		},
	}
}

func (l *Layer) add(where orb.MultiPolygon, values ...any) {
	l.Features = append(l.Features, LayerFeature{where, values})
}

func textField(name string, width int, alias string) vector.Field {
	return vector.Field{Name: name, Type: vector.String, Width: width, Alias: alias}
}

func areaField(name, alias string) vector.Field {
	return vector.Field{Name: name, Type: vector.Float, Width: 18, Precision: 2, Alias: alias}
}
