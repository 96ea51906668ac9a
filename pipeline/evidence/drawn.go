package evidence

import (
	"context"
	"path/filepath"

	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline"
	"tuban/raster/vector"
)

// drawnLayer writes the outlines that `changes` does not have to a file of the scratch folder, in their order, so that they are
// read in another system as those of the product are.
func (m *maker) drawnLayer(ctx context.Context) (vector.LayerSpec, error) {
	spec := vector.LayerSpec{Source: filepath.Join(m.scratch, "drawn.gpkg"), Layer: "drawn"}
	if len(m.drawn) == 0 {
		return spec, nil
	}
	t := vector.Table{
		Name: spec.Layer, CRS: m.grid.CRS, Geometry: "MultiPolygon", Fields: []vector.Field{{Name: "n", Type: vector.Int}},
		Rows: func(yield func(vector.Row, error) bool) {
			for i, mp := range m.drawn {
				b, err := wkb.Marshal(mp)
				if !yield(vector.Row{WKB: b, Values: []any{int64(i)}}, err) {
					return
				}
			}
		},
	}
	err := m.d.Vectors.WriteGeoPackage(ctx, spec.Source, []vector.Table{t}, vector.WriteOptions{})
	return spec, pipeline.NewInputError(err)
}
