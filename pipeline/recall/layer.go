package recall

import (
	"context"
	"fmt"

	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/raster/vector"
)

// ReadTableLayer reads a verification table from a layer: the fields are found by name, or by alias. The geometry is not looked at.
func ReadTableLayer(ctx context.Context, v pipeline.Vectors, spec vector.LayerSpec) (*Table, error) {
	rows, info, err := product.Read(ctx, v, spec, "")
	if err != nil {
		return nil, err
	}
	names := make([]string, len(info.Fields))
	for i, name := range info.Fields {
		names[i] = name
		if i >= len(info.Aliases) {
			continue
		}
		if _, known := headings()[plain(name)]; !known && info.Aliases[i] != "" {
			names[i] = info.Aliases[i]
		}
	}
	at, unread := assign(names)
	if !isTable(at) {
		return nil, pipeline.NewInputError(fmt.Errorf("%s, layer %s has no fields JCBH (监测编号) and HCLB1 (核查类别一级): give the layer that counties filled in", spec.Source, info.Name))
	}
	out := &Table{Unread: unread}
	for _, r := range rows {
		cells := make([]string, len(info.Fields))
		for i, name := range info.Fields {
			cells[i] = r.Text(name)
		}
		out.Rows = append(out.Rows, newRow(fmt.Sprintf("%s#%d", info.Name, r.FID), cells, at))
	}
	return out, nil
}
