package pipeline

import (
	"context"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"tuban/raster/vector"
)

// dividedFields are the areas that the parts of a patch in changes_units add up to.
var dividedFields = []string{"MJ", "GDMJ", "YNMJ", "HXMJ"}

// hasUnits reports whether the layer changes_units can be read: products of earlier versions have none, and that a file is
// damaged is said by its checksum.
func (c *checker) hasUnits(ctx context.Context, d Drivers) bool {
	_, err := d.Vectors.DescribeLayer(ctx, vector.LayerSpec{Source: filepath.Join(c.dir, packageName), Layer: unitLayer})
	return err == nil
}

// units checks that the parts of each published patch by administrative unit are the patch: each under a key of its own, with
// the area of its geometry, and together with all of what the patch has.
func (c *checker) units(ctx context.Context, d Drivers, dr *describer) error {
	file := filepath.Join(c.dir, packageName)
	number := func(text string) float64 {
		v, _ := strconv.ParseFloat(text, 64)
		return v
	}
	whole := map[string][]float64{}
	read := func(layer string, visit func(f vector.Feature, areas []float64) error) error {
		spec := vector.LayerSpec{Source: file, Layer: layer, Fields: append([]string{"cid"}, dividedFields...)}
		if layer == unitLayer {
			spec.Fields = append(spec.Fields, "uid")
		}
		return d.Vectors.ReadLayer(ctx, spec, "", func(f vector.Feature) error {
			var areas []float64
			for _, v := range f.Values[1 : 1+len(dividedFields)] {
				areas = append(areas, number(v))
			}
			return visit(f, areas)
		})
	}
	if err := read("changes", func(f vector.Feature, areas []float64) error {
		whole[f.Values[0]] = areas
		return nil
	}); err != nil {
		return err
	}
	keys, area := &law{c: c, name: "parts by unit have keys of their own"}, &law{c: c, name: "area of a part is its MJ"}
	sums := &law{c: c, name: "parts by unit add up to the patch"}
	seen, left := map[string]bool{}, map[string][]float64{}
	for id, areas := range whole {
		left[id] = append([]float64(nil), areas...)
	}
	n := 0
	err := read(unitLayer, func(f vector.Feature, areas []float64) error {
		n++
		id, uid := f.Values[0], f.Values[len(f.Values)-1]
		if seen[uid] || left[id] == nil {
			keys.broken("part %s of the patch %s: the key is not its own, or there is no such patch", uid, id)
			return nil
		}
		seen[uid] = true
		for i, a := range areas {
			left[id][i] -= a
		}
		mp, err := vector.Polygons(f.WKB)
		if err != nil {
			area.broken("part %s: %v", uid, err)
			return nil
		}
		has, err := dr.area(mp)
		if err != nil {
			return err
		}
		// Hundredths are given out so that the sum is right, to at most as many parts as there are.
		if math.Abs(has-areas[0]) > 0.02 {
			area.broken("part %s: MJ %.2f, its geometry %.4f m²", uid, areas[0], has)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(left)) {
		for i, rest := range left[id] {
			if math.Abs(rest) > 0.0051 {
				sums.broken("patch %s: the parts have %.2f of its %s of %.2f m²", id, whole[id][i]-rest, dividedFields[i], whole[id][i])
			}
		}
	}
	for _, l := range []*law{keys, area, sums} {
		l.end(n)
	}
	return nil
}
