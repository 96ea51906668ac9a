package pipeline

import (
	"context"
	"path/filepath"

	"tuban/raster/vector"
)

// history checks the identities: each candidate, published, dropped or gone, has a name of its own, and lineage leads to candidates of
// this product, from what lives on in them. Layers that products of earlier versions do not have are passed over; that a file
// is damaged is said by its checksum.
func (c *checker) history(ctx context.Context, d Drivers) error {
	names, lineage := &law{c: c, name: "every candidate has a name of its own"}, &law{c: c, name: "lineage leads to candidates of the product"}
	in := map[string]string{}
	for _, layer := range []string{"changes", "dropped", "gone"} {
		if err := c.values(ctx, d, layer, []string{"cid"}, func(v []string) {
			if other, twice := in[v[0]]; twice {
				names.broken("the candidate %q is in %s and in %s", v[0], other, layer)
			}
			in[v[0]] = layer
		}); err != nil {
			return err
		}
	}
	names.end(len(in))
	n := 0
	err := c.values(ctx, d, "lineage", []string{"cid", "prev"}, func(v []string) {
		n++
		if at := in[v[0]]; at != "changes" && at != "dropped" {
			lineage.broken("lineage leads to %q, which is no candidate of the product", v[0])
		}
		if in[v[1]] == "gone" {
			lineage.broken("the candidate %q lives on in %q, and is gone", v[1], v[0])
		}
	})
	lineage.end(n)
	return err
}

// values visits the rows of a layer of changes.gpkg, if there is one.
func (c *checker) values(ctx context.Context, d Drivers, layer string, fields []string, visit func([]string)) error {
	spec := vector.LayerSpec{Source: filepath.Join(c.dir, packageName), Layer: layer, Fields: fields}
	if info, err := d.Vectors.DescribeLayer(ctx, spec); err != nil || info.Name == "" {
		return nil //nolint:nilerr // a layer that is not there breaks no law
	}
	return d.Vectors.ReadLayer(ctx, spec, "", func(f vector.Feature) error {
		visit(f.Values)
		return nil
	})
}
