package pipeline

import (
	"iter"
	"math"
	"time"

	"github.com/paulmach/orb/encoding/wkb"

	"tuban/pipeline/overlay"
	"tuban/raster/ellipsoid"
	"tuban/raster/vector"
)

// LayerArea is what the published patches have in the layers of a kind that are in effect.
type LayerArea struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
	// Patches lie in it with more than slivers; AreaM2 counts slivers too, NetM2 is without field ridges, nil where that is not
	// known of each.
	Patches int      `json:"patches"`
	AreaM2  float64  `json:"area_m2"`
	NetM2   *float64 `json:"net_m2,omitempty"`
}

// layerAreas sums the overlays of the published patches, in the order of the catalogue.
func (r *result) layerAreas() (out []LayerArea) {
	for _, g := range r.plan.Layers {
		if g.Kind.Use != overlay.ForOverlay {
			continue
		}
		a, net := LayerArea{Kind: g.Kind.Code, Name: g.Kind.ZH}, 0.0
		for _, p := range r.patches {
			w, ok := p.Legal.Within[g.Kind.Code]
			if p.Dropped != "" || !ok {
				continue
			}
			if w.Real {
				a.Patches++
			}
			a.AreaM2, net = a.AreaM2+w.Area, net+w.Net
		}
		a.AreaM2 = cents(a.AreaM2)
		if net = cents(net); g.Kind.Ridges && !math.IsNaN(net) {
			a.NetM2 = &net
		}
		out = append(out, a)
	}
	return out
}

// share is a part of a whole, in the digits that the tables have.
func share(part, whole float64) any {
	if whole == 0 {
		return nil
	}
	return math.Round(part/whole*1e4) / 1e4
}

var shareField = vector.Field{Name: "share", Type: vector.Float, Width: 8, Precision: 4, Alias: "占图斑面积比例"}

func textField(name string, width int, alias string) vector.Field {
	return vector.Field{Name: name, Type: vector.String, Width: width, Alias: alias}
}

func areaField(name, alias string) vector.Field {
	return vector.Field{Name: name, Type: vector.Float, Width: 18, Precision: 2, Alias: alias}
}

// perPatch visits the rows that published patches have in a table of their parts.
func (r *result) perPatch(visit func(p *Patch, yield func(vector.Row, error) bool) bool) iter.Seq2[vector.Row, error] {
	return func(yield func(vector.Row, error) bool) {
		for _, p := range r.patches {
			if p.Dropped == "" && !visit(p, yield) {
				return
			}
		}
	}
}

// unitLayer is the layer of the parts of patches by administrative unit.
const unitLayer = "changes_units"

// unitTable has a row for each patch and unit. The rows of a patch add up to it; they are never to be added to patches.
func (r *result) unitTable() vector.Table {
	t := vector.Table{
		Name: unitLayer, Title: "疑似变化图斑（按行政单元分割，不得与 changes 相加）", CRS: r.plan.Grid.CRS, Geometry: "MultiPolygon",
		Fields: []vector.Field{
			textField("uid", 32, "图斑单元编号"), textField("cid", 16, "候选编号"),
			textField("XZQDM", 6, "行政区代码"), textField("XMC", 60, "县名称"), textField("XZDM", 9, "乡级代码"), textField("XZMC", 60, "乡名称"),
			textField("CDM", 12, "村级代码"), textField("CMC", 60, "村名称"),
			areaField("MJ", "面积（平方米）"), areaField("MJM", "面积（亩）"), areaField("GDMJ", "耕地面积（平方米）"),
			areaField("YNMJ", "占永久基本农田面积（平方米）"), areaField("HXMJ", "占生态保护红线面积（平方米）"), shareField,
		},
	}
	within := func(u UnitPart, kind string) any {
		if !r.plan.loaded(kind) {
			return nil
		}
		return u.Within[kind]
	}
	t.Rows = r.perPatch(func(p *Patch, yield func(vector.Row, error) bool) bool {
		for _, u := range p.Legal.Units {
			id := u.Code
			if id == "" {
				id = "0"
			}
			var crop any
			if r.plan.Survey != nil {
				crop = u.Cropland
			}
			b, err := wkb.Marshal(u.Geom)
			row := vector.Row{WKB: b, Values: []any{
				p.CID + "-" + id, p.CID, orNull(u.County.Code), orNull(u.County.Name), orNull(u.Town.Code), orNull(u.Town.Name),
				orNull(u.Village.Code), orNull(u.Village.Name), u.Area, cents(ellipsoid.Mu(u.Area)), crop,
				within(u, "basic_farmland"), within(u, "red_line"), share(u.Area, p.Area),
			}}
			if !yield(row, err) {
				return false
			}
		}
		return true
	})
	return t
}

// overlapTable has a row for each patch and feature of a layer on which it lies.
func (r *result) overlapTable() vector.Table {
	t := vector.Table{
		Name: "overlays", Title: "图斑占用各管控图层情况",
		Fields: []vector.Field{
			textField("cid", 16, "候选编号"), textField("layer", 32, "图层代码"), textField("LXMC", 60, "图层"), textField("version", 40, "图层版本"),
			textField("feature", 60, "要素标识"), textField("name", 120, "要素名称"), textField("class", 60, "要素类型"),
			areaField("MJ", "占用面积（平方米）"), areaField("JMJ", "占用净面积（扣除田坎，平方米）"), shareField,
			textField("since", 8, "生效日期"), textField("until", 8, "失效日期"), textField("in_effect", 3, "后时相时是否有效"),
			textField("sliver", 3, "是否细碎重叠"), textField("source", 120, "来源文件"),
		},
	}
	t.Rows = r.perPatch(func(p *Patch, yield func(vector.Row, error) bool) bool {
		for _, o := range p.Legal.Overlaps {
			row := vector.Row{Values: []any{
				p.CID, o.Kind.Code, o.Kind.ZH, orNull(o.Version), orNull(o.Feature), orNull(o.Name), orNull(o.class()),
				o.Area, orNaN(o.Net), share(o.Area, p.Area), orNoDay(o.Effect.Since), orNoDay(o.Effect.Until), yesNo(o.InEffect),
				yesNo(o.Sliver), baseOf(o.Source),
			}}
			if !yield(row, nil) {
				return false
			}
		}
		return true
	})
	return t
}

// class is what the layer writes, or the type that was declared for all of it.
func (o Overlap) class() string {
	if o.Class == "" {
		return o.Type.Code
	}
	return o.Class
}

// orNoDay writes a day as YYYYMMDD; the zero time, which is no limit, is null.
func orNoDay(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Format("20060102")
}
