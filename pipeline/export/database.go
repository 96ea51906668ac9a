package export

import (
	"context"
	"slices"
	"strings"

	"tuban/raster/vector"
)

// batchField tells the rows of one batch from those of others in a table of a database.
var batchField = vector.Field{Name: "batch", Type: vector.String, Width: 60, Alias: "批次"}

// writeDatabase writes the patches of all packages into one table, and those beside them into tables of their own. It returns
// the tables' names.
func (j *job) writeDatabase(ctx context.Context) ([]string, error) {
	schema, name, found := strings.Cut(j.o.Table, ".")
	if !found {
		schema, name = "public", j.o.Table
	}
	var all Package
	for _, p := range j.plan.Packages {
		all.rows = append(all.rows, p.rows...)
	}
	patches := j.layer(all)
	patches.Name = name
	tables := []vector.Table{j.batched(patches)}
	for _, t := range j.related(all) {
		t.Name = beside(name, t.Name)
		tables = append(tables, j.batched(t))
	}
	var none []string
	for _, r := range relations {
		if !slices.ContainsFunc(j.src.related, func(has relation) bool { return has.name == r.name }) {
			none = append(none, beside(name, r.name))
		}
	}
	var names []string
	for _, t := range tables {
		names = append(names, schema+"."+strings.ToLower(t.Name))
	}
	spec := vector.DatabaseSpec{URL: j.o.Database, Schema: schema, Replace: j.o.Replace, Key: batchField.Name, Keys: []string{j.plan.Batch}, Clear: none}
	return names, j.d.Writers.WritePostGIS(ctx, spec, tables)
}

// beside is what the table of a relation is called beside that of the patches.
func beside(name, relation string) string {
	return name + "_" + strings.TrimPrefix(relation, "changes_")
}

// batched adds the batch to each row of t.
func (j *job) batched(t vector.Table) vector.Table {
	t.Fields = append(t.Fields[:len(t.Fields):len(t.Fields)], batchField)
	rows := t.Rows
	t.Rows = func(yield func(vector.Row, error) bool) {
		for row, err := range rows {
			row.Values = append(row.Values, j.plan.Batch)
			if !yield(row, err) {
				return
			}
		}
	}
	return t
}
