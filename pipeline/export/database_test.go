package export

import (
	"context"
	"slices"
	"testing"

	"tuban/pipeline/product"
	"tuban/raster/vector"
)

// database are Writers that remember what they are told to do with a database.
type database struct {
	Writers
	spec   vector.DatabaseSpec
	tables []string
}

func (d *database) WritePostGIS(_ context.Context, spec vector.DatabaseSpec, tables []vector.Table) error {
	d.spec = spec
	for _, t := range tables {
		d.tables = append(d.tables, t.Name)
	}
	return nil
}

// TestEveryTableOfABatchIsWrittenOrCleared: what an earlier export of the batch left beside the patches does not stay beside others.
func TestEveryTableOfABatchIsWrittenOrCleared(t *testing.T) {
	var all []string
	for _, r := range relations {
		all = append(all, beside("jc", r.name))
	}
	for n := range len(relations) + 1 {
		j := jobOf(t, Options{Table: "here.jc"}, usual(t, 1, "220122"))
		d := &database{}
		j.d.Writers = d
		for _, r := range relations[:n] {
			j.src.related = append(j.src.related, relation{name: r.name, rows: []product.Row{}})
		}
		if _, err := j.writeDatabase(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := append(slices.Clone(d.tables[1:]), d.spec.Clear...)
		if !slices.Equal(got, all) || len(d.spec.Clear) != len(relations)-n {
			t.Errorf("with %d of %v: %v are written, %v cleared", n, all, d.tables, d.spec.Clear)
		}
	}
}
