package pipeline

import (
	"iter"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"tuban/classify/object"
	"tuban/raster"
	"tuban/raster/vector"
)

// result is everything that the outputs are written from.
type result struct {
	plan    *Plan
	scan    *scanned
	joined  *joined
	patches []*Patch
	gaps    []gapPatch
	// edgeFailures are scenes whose collar could not be followed everywhere.
	edgeFailures []ReadFailure
	// watchFailures are windows that could not be read when watched places were looked at.
	watchFailures []ReadFailure
	// parcelGaps sums what was not observed by parcel, kind and reason.
	parcelGaps []parcelGap
	survey     *SurveyReport
	legal      *legalLayers
	measured   *Measured
	// past is what was known before; nil without. gone are the earlier candidates that are not found any more.
	past *Past
	gone []gonePatch
	// forgotten counts earlier candidates that were never published and are not found any more.
	forgotten int
	// vigils are the watched places.
	vigils []vigil
	// examined is the area in m² at which a kind is eligible.
	examined float64
}

func (r *result) published() []bool {
	out := make([]bool, len(r.patches))
	for i, p := range r.patches {
		out[i] = p.Dropped == ""
	}
	return out
}

// tables are the layers of changes.gpkg.
func (r *result) tables() []vector.Table {
	crs := r.plan.Grid.CRS
	is := func(published bool) func(*Patch) bool {
		return func(p *Patch) bool { return (p.Dropped == "") == published }
	}
	simplified := func(p *Patch) orb.MultiPolygon { return p.Geom }
	raw := func(p *Patch) orb.MultiPolygon { return p.Raw }
	dropped := append(r.plan.columns(), text("reason", 32, "未发布原因", func(p *Patch) any { return p.Dropped }))
	return []vector.Table{
		patchTable("changes", "疑似变化图斑", crs, r.plan.columns(), r.patches, is(true), simplified),
		patchTable("changes_raw", "疑似变化图斑（像元边界）", crs, []column{
			text("cid", 16, "候选编号", func(p *Patch) any { return p.CID }),
			text("kind", 32, "变化种类代码", func(p *Patch) any { return r.plan.Rules.Kinds[p.Kind].Code }),
			{vector.Field{Name: "pixels", Type: vector.Int64, Alias: "像元数"}, func(p *Patch) any { return p.Pixels }},
		}, r.patches, is(true), raw),
		patchTable("dropped", "未发布的候选图斑及原因", crs, dropped, r.patches, is(false), simplified),
		r.unitTable(),
		r.overlapTable(),
		r.approvalTable(),
		r.unobservedTable(),
		r.parcelGapTable(),
		r.lineageTable(),
		r.goneTable(),
		r.watchTable(),
		r.sceneTable(),
		r.runTable(),
	}
}

func patchTable(name, title, crs string, cols []column, patches []*Patch, keep func(*Patch) bool, geom func(*Patch) orb.MultiPolygon) vector.Table {
	t := vector.Table{Name: name, Title: title, CRS: crs, Geometry: "MultiPolygon"}
	for _, c := range cols {
		t.Fields = append(t.Fields, c.Field)
	}
	t.Rows = func(yield func(vector.Row, error) bool) {
		for _, p := range patches {
			if !keep(p) {
				continue
			}
			row := vector.Row{Values: make([]any, len(cols))}
			for i, c := range cols {
				row.Values[i] = c.value(p)
			}
			var err error
			row.WKB, err = wkb.Marshal(geom(p))
			if !yield(row, err) {
				return
			}
		}
	}
	return t
}

func (r *result) unobservedTable() vector.Table {
	return vector.Table{
		Name: "unobserved", Title: "未观测区域及原因", CRS: r.plan.Grid.CRS, Geometry: "MultiPolygon",
		Fields: []vector.Field{
			{Name: "reason", Type: vector.String, Width: 16, Alias: "原因代码"},
			{Name: "YY", Type: vector.String, Width: 30, Alias: "原因"},
			{Name: "kinds", Type: vector.String, Width: 254, Alias: "未判定的变化种类"},
			{Name: "MJ", Type: vector.Float, Width: 18, Precision: 2, Alias: "面积（平方米）"},
		},
		Rows: rows(r.gaps, func(g gapPatch) (vector.Row, error) {
			b, err := wkb.Marshal(g.geom)
			return vector.Row{WKB: b, Values: []any{g.reason.String(), g.reason.ZH(), r.plan.kindCodes(g.undecided), g.area}}, err
		}),
	}
}

func (r *result) parcelGapTable() vector.Table {
	return vector.Table{
		Name: "unobserved_parcels", Title: "未观测面积（按调查图斑、变化种类和原因）",
		Fields: []vector.Field{
			{Name: "BSM", Type: vector.String, Width: 18, Alias: "标识码"},
			{Name: "DLBM", Type: vector.String, Width: 5, Alias: "地类编码"},
			{Name: "kind", Type: vector.String, Width: 32, Alias: "变化种类代码"},
			{Name: "reason", Type: vector.String, Width: 16, Alias: "原因代码"},
			{Name: "MJ", Type: vector.Float, Width: 18, Precision: 2, Alias: "面积（平方米）"},
		},
		Rows: rows(r.parcelGaps, func(g parcelGap) (vector.Row, error) {
			return vector.Row{Values: []any{orNull(g.id), orNull(g.class), g.kind, g.reason.String(), g.area}}, nil
		}),
	}
}

// sceneTable has a row for each origin: a scene, or what a mosaic has of one day and sensor.
func (r *result) sceneTable() vector.Table {
	type origin struct {
		date  string
		scene raster.Scene
		Origin
	}
	var all []origin
	for d, date := range dateNames {
		for _, o := range r.plan.origins(d) {
			all = append(all, origin{date, r.plan.scenes(d)[o.Scene], o})
		}
	}
	return vector.Table{
		Name: "scenes", Title: "影像", CRS: r.plan.Grid.CRS, Geometry: "MultiPolygon",
		Fields: []vector.Field{
			{Name: "id", Type: vector.String, Width: 80, Alias: "影像名"},
			{Name: "date", Type: vector.String, Width: 6, Alias: "时相（before 前，after 后）"},
			{Name: "day", Type: vector.String, Width: 8, Alias: "成像日期"},
			{Name: "sensor", Type: vector.String, Width: 40, Alias: "传感器"},
			{Name: "bands", Type: vector.String, Width: 120, Alias: "波段"},
		},
		Rows: rows(all, func(o origin) (vector.Row, error) {
			b, err := wkb.Marshal(o.outline)
			return vector.Row{WKB: b, Values: []any{o.Name, o.date, o.Date.Format("20060102"), orNull(o.Sensor), bandList(o.scene)}}, err
		}),
	}
}

// runTable lists how the product came to be, as names and values.
func (r *result) runTable() vector.Table {
	type kv struct{ k, v string }
	list := []kv{
		{"name", r.plan.Name}, {"key", r.plan.Key}, {"grid", r.plan.Grid.String()},
		{"rules", string(r.plan.RulesText)},
		{"triage", string(r.plan.TriageText)},
		{"patches", strconv.Itoa(len(r.patches))},
	}
	for _, m := range r.measured.list() {
		list = append(list, kv{"measured " + m.Name, m.Value})
	}
	return vector.Table{
		Name: "run", Title: "运行信息",
		Fields: []vector.Field{
			{Name: "name", Type: vector.String, Alias: "名称"},
			{Name: "value", Type: vector.String, Alias: "值"},
		},
		Rows: rows(list, func(x kv) (vector.Row, error) { return vector.Row{Values: []any{x.k, x.v}}, nil }),
	}
}

// rows maps a slice to the rows of a table.
func rows[T any](list []T, row func(T) (vector.Row, error)) iter.Seq2[vector.Row, error] {
	return func(yield func(vector.Row, error) bool) {
		for _, x := range list {
			if !yield(row(x)) {
				return
			}
		}
	}
}

// kindCodes spells out a set of kinds.
func (p *Plan) kindCodes(bits uint32) string {
	s := ""
	for k, kind := range p.Rules.Kinds {
		if bits&(1<<k) != 0 {
			if s != "" {
				s += " "
			}
			s += kind.Code
		}
	}
	return s
}

// bandList writes a scene's bands as "blue=1 green=2 …".
func bandList(s raster.Scene) string {
	out := ""
	for _, r := range raster.Roles {
		if b, ok := s.Bands[r]; ok {
			if out != "" {
				out += " "
			}
			out += string(r) + "=" + strconv.Itoa(b.Index)
		}
	}
	return out
}

// gapPatch is an area that was not observed, with its geometry in the run's CRS.
type gapPatch struct {
	reason    object.Reason
	undecided uint32
	geom      orb.MultiPolygon
	area      float64
}

// parcelGap is what of a parcel was not observed for a kind.
type parcelGap struct {
	id, class, kind string
	reason          object.Reason
	area            float64
}

func rectangle(b raster.Bounds) orb.Ring {
	return orb.Ring{{b.MinX, b.MinY}, {b.MaxX, b.MinY}, {b.MaxX, b.MaxY}, {b.MinX, b.MaxY}, {b.MinX, b.MinY}}
}
