package pipeline

import (
	"fmt"
	"strings"

	"github.com/paulmach/orb/encoding/wkb"

	"tuban/classify/watch"
	"tuban/raster/vector"
)

// Watched counts how the places of the watch list stand.
type Watched struct {
	States map[watch.State]int `json:"states"`
	// Overdue counts those that stand after their day.
	Overdue int `json:"overdue"`
}

// String says it in a line.
func (w *Watched) String() string {
	var parts []string
	for _, s := range watch.States {
		if n := w.States[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	return fmt.Sprintf("watch list: %s; %d overdue", strings.Join(parts, ", "), w.Overdue)
}

// watchCounts sums the watch list up; nil without one.
func (r *result) watchCounts() *Watched {
	if r.plan.Watch == nil {
		return nil
	}
	w := &Watched{States: map[watch.State]int{}}
	for _, v := range r.vigils {
		w.States[v.state]++
		if r.plan.overdue(v) == yes {
			w.Overdue++
		}
	}
	return w
}

// overdue says whether a place stands after its day, on the day of the image; "" where no day was given, or it cannot be told.
func (p *Plan) overdue(v vigil) string {
	switch {
	case v.due.IsZero() || v.after < 0:
		return ""
	case !v.due.Before(p.AfterOrigins[v.after].Date):
		return no
	case v.state == watch.Standing:
		return yes
	case v.state == watch.Undecidable:
		return ""
	}
	return no
}

// watchTable has a row for each place of the watch list.
func (r *result) watchTable() vector.Table {
	p, s := r.plan, watch.Default()
	share := func(name, alias string) vector.Field {
		return vector.Field{Name: name, Type: vector.Float, Width: 6, Precision: 4, Alias: alias}
	}
	return vector.Table{
		Name: "watch", Title: "重点关注地块", CRS: p.Grid.CRS, Geometry: "MultiPolygon",
		Fields: []vector.Field{
			{Name: "id", Type: vector.String, Alias: "编号"},
			{Name: "name", Type: vector.String, Alias: "名称"},
			{Name: "type", Type: vector.String, Alias: "类型"},
			{Name: "due", Type: vector.String, Width: 8, Alias: "期限"},
			{Name: "state", Type: vector.String, Width: 12, Alias: "状态代码"},
			{Name: "ZT", Type: vector.String, Width: 12, Alias: "状态"},
			{Name: "reason", Type: vector.String, Width: 16, Alias: "无法判定的原因代码"},
			{Name: "YY", Type: vector.String, Width: 60, Alias: "无法判定的原因"},
			{Name: "overdue", Type: vector.String, Width: 3, Alias: "是否逾期仍存在"},
			{Name: "MJ", Type: vector.Float, Width: 18, Precision: 2, Alias: "面积（平方米）"},
			{Name: "QSX", Type: vector.String, Width: 8, Alias: "前时相"},
			{Name: "HSX", Type: vector.String, Width: 8, Alias: "后时相"},
			{Name: "pixels", Type: vector.Int64, Alias: "像元数"},
			share("told", "可判定像元比例"),
			share("built", "建（构）筑物或硬化比例"),
			share("vegetated", "植被比例"),
			share("bare", "裸地比例"),
			share("water", "水面比例"),
			{Name: "BZ", Type: vector.String, Width: 254, Alias: "备注"},
		},
		Rows: rows(r.vigils, func(v vigil) (vector.Row, error) {
			var row vector.Row
			var before, after, due any
			if v.before >= 0 {
				before, after = p.BeforeOrigins[v.before].Date.Format("20060102"), p.AfterOrigins[v.after].Date.Format("20060102")
			}
			if !v.due.IsZero() {
				due = v.due.Format("20060102")
			}
			row.Values = []any{
				v.id, orNull(v.name), orNull(v.typ), due, string(v.state), s.Words[string(v.state)].ZH, orNull(v.reason), orNull(s.Reasons[v.reason].ZH),
				orNull(p.overdue(v)), v.area, before, after, v.Pixels, v.Told(),
			}
			for _, kind := range []string{watch.Built, watch.Green, watch.Bare, watch.Water} {
				var share any
				if v.Told() > 0 {
					share = v.Share(kind)
				}
				row.Values = append(row.Values, share)
			}
			row.Values = append(row.Values, Clue)
			if v.area == 0 {
				row.Values[9] = nil // what lies off the grid is not measured
			}
			if len(v.geom) == 0 {
				return row, nil
			}
			var err error
			row.WKB, err = wkb.Marshal(v.geom)
			return row, err
		}),
	}
}
