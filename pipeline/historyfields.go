package pipeline

import (
	"strings"

	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline/track"
	"tuban/raster/vector"
)

// historyColumns are the attributes of a patch that other runs and people gave it.
func (p *Plan) historyColumns() []column {
	s := track.Default()
	return []column{
		text("track", 8, "与上期关系代码", func(q *Patch) any { return string(q.Fate.Relation) }),
		text("LSGX", 12, "与上期关系", func(q *Patch) any { return orNull(s.Word(string(q.Fate.Relation))) }),
		identities("prev", "上期候选编号", func(q *Patch) []string { return q.Fate.Earlier() }),
		text("SCFX", 8, "首次发现影像日期", func(q *Patch) any { return orNull(q.Fate.First) }),
		text("PDJL", 12, "仍有效的内业判读代码", func(q *Patch) any { return orNull(q.Fate.Verdict) }),
		identities("FBBH", "曾发布的监测编号", func(q *Patch) []string { return q.Fate.Released }),
	}
}

// identities are written one beside the other, as many as there are: a Shapefile cuts them, with a warning.
func identities(name, alias string, value func(q *Patch) []string) column {
	return column{vector.Field{Name: name, Type: vector.String, Alias: alias}, func(q *Patch) any { return orNull(strings.Join(value(q), " ")) }}
}

// lineageTable has a row for each earlier candidate that a candidate goes back to.
func (r *result) lineageTable() vector.Table {
	type row struct {
		*Patch
		track.Link
	}
	var all []row
	for _, q := range r.patches {
		for _, l := range q.Fate.Links {
			all = append(all, row{q, l})
		}
	}
	return vector.Table{
		Name: "lineage", Title: "候选图斑的沿革",
		Fields: []vector.Field{
			{Name: "cid", Type: vector.String, Width: 16, Alias: "候选编号"},
			{Name: "gv", Type: vector.String, Width: 16, Alias: "图形版本"},
			{Name: "kind", Type: vector.String, Width: 32, Alias: "变化种类代码"},
			{Name: "track", Type: vector.String, Width: 8, Alias: "与上期关系代码"},
			{Name: "prev", Type: vector.String, Width: 16, Alias: "上期候选编号"},
			{Name: "prev_gv", Type: vector.String, Width: 16, Alias: "上期图形版本"},
			{Name: "prev_kind", Type: vector.String, Width: 32, Alias: "上期变化种类代码"},
			{Name: "MJ", Type: vector.Float, Width: 18, Precision: 2, Alias: "重叠面积（平方米）"},
		},
		Rows: rows(all, func(x row) (vector.Row, error) {
			return vector.Row{Values: []any{x.Patch.CID, x.Patch.GV, r.plan.Rules.Kinds[x.Patch.Kind].Code, string(x.Fate.Relation),
				x.Link.CID, orNull(x.Link.GV), x.Link.Kind, x.Link.Area}}, nil
		}),
	}
}

// goneTable has the earlier candidates that are not found any more, in their last outline.
func (r *result) goneTable() vector.Table {
	s := track.Default()
	return vector.Table{
		Name: "gone", Title: "本期未见的往期候选图斑", CRS: r.plan.Grid.CRS, Geometry: "MultiPolygon",
		Fields: []vector.Field{
			{Name: "cid", Type: vector.String, Width: 16, Alias: "候选编号"},
			{Name: "gv", Type: vector.String, Width: 16, Alias: "图形版本"},
			{Name: "kind", Type: vector.String, Width: 32, Alias: "变化种类代码"},
			{Name: "TBLX", Type: vector.String, Width: 4, Alias: "图斑类型（变化后）"},
			{Name: "reason", Type: vector.String, Width: 12, Alias: "原因代码"},
			{Name: "YY", Type: vector.String, Width: 30, Alias: "原因"},
			{Name: "SCFX", Type: vector.String, Width: 8, Alias: "首次发现影像日期"},
			{Name: "last", Type: vector.String, Width: 8, Alias: "最后发现影像日期"},
			{Name: "MJ", Type: vector.Float, Width: 18, Precision: 2, Alias: "面积（平方米）"},
			{Name: "PDJL", Type: vector.String, Width: 12, Alias: "内业判读代码"},
			{Name: "FBBH", Type: vector.String, Alias: "曾发布的监测编号"},
		},
		Rows: rows(r.gone, func(g gonePatch) (vector.Row, error) {
			b, err := wkb.Marshal(g.Geom)
			return vector.Row{WKB: b, Values: []any{g.CID, g.GV, g.Kind, orNull(g.Type), string(g.reason), s.Word(string(g.reason)),
				orNull(g.First), orNull(g.Last), g.Area, orNull(g.Verdict), orNull(strings.Join(g.Released, " "))}}, err
		}),
	}
}
