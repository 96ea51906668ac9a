package synth

import (
	"fmt"

	"github.com/paulmach/orb"

	"tuban/raster/vector"
)

// draw lays out the zones that do not follow parcels.
func (c *County) draw(l *layout, b bend) {
	d := newDice(l.seed, partLayers)
	place := func(x, y, w, h float64) ring { return box(pt{x * l.w, y * l.h}, pt{1, 0}, w*l.w, h*l.h) }
	county := countyCodes[0]
	code := func(layer, n int) string { return fmt.Sprintf("%s%02d%010d", county, layer, n) }

	red := Layer{
		Kind: "red_line", Name: "STBHHX", Title: "生态保护红线",
		Fields: []vector.Field{
			textField("BSM", 18, "标识码"), textField("YSDM", 10, "要素代码"), textField("XJXZQHDM", 6, "县级行政区划代码"), textField("LXDM", 4, "类型代码"),
			textField("SLDM", 12, "实例代码"), textField("MC", 60, "名称"),
			{Name: "QYMJ", Type: vector.Float, Width: 18, Precision: 6, Alias: "区域面积（平方千米）"}, textField("BZ", 100, "备注"),
		},
	}
	reserve := Layer{
		Kind: "nature_reserve", Name: "ZRBHD", Title: "自然保护地",
		Fields: []vector.Field{textField("BHDBM", 18, "保护地编码"), textField("BHDMC", 60, "保护地名称"), textField("BHDLX", 20, "保护地类型"), areaField("MJ", "面积")},
	}
	for i, r := range []ring{d.blob(place(0.26, 0.3, 0.48, 0.56), 36, 0.75, 1), d.blob(place(0.76, 0.82, 0.4, 0.3), 30, 0.7, 1)} {
		p := c.polygon(b, r)
		red.add(orb.MultiPolygon{p}, code(41, i+1), "2006010100", county, "0101", fmt.Sprintf("HX%04d", i+1), fmt.Sprintf("演示生态保护红线%s区", numeral(i+1)),
			planarArea(p)/1e6, nil)
		if i == 0 {
			in := c.polygon(b, shrink(r, 0.7, r.middle()))
			reserve.add(orb.MultiPolygon{in}, code(42, 1), "演示湿地自然公园", "自然公园", cut2(planarArea(in)))
		}
	}
	urban := Layer{
		Kind: "urban_boundary", Name: "CZKFBJ", Title: "城镇开发边界",
		Fields: []vector.Field{
			textField("BSM", 18, "标识码"), textField("YSDM", 10, "要素代码"), textField("XZQDM", 12, "行政区代码"), textField("XZQMC", 100, "行政区名称"),
			textField("GHFQDM", 3, "规划分区代码"), textField("GHFQMC", 50, "规划分区名称"), areaField("MJ", "面积"), textField("BZ", 254, "备注"),
		},
	}
	town := place(0.68, 0.34, 0.46, 0.42)
	for i, r := range town.slice(pt{1, 0}, 0.74*l.w) {
		p := c.polygon(b, r)
		urban.add(orb.MultiPolygon{p}, code(43, i+1), "2006020100", county, districtName(county, ""), fmt.Sprint(i+1),
			[]string{"集中建设区", "弹性发展区"}[i], cut2(planarArea(p)), nil)
	}
	soil := Layer{
		Kind: "black_soil", Name: "HTQ", Title: "黑土区",
		Fields: []vector.Field{textField("BSM", 18, "标识码"), textField("MC", 60, "名称"), textField("HTLX", 20, "黑土类型"), areaField("MJ", "面积")},
	}
	east := c.polygon(b, rect{0.4 * l.w, 0, l.w, l.h}.ring())
	soil.add(orb.MultiPolygon{east}, code(44, 1), "演示典型黑土区", "黑土", cut2(planarArea(east)))
	c.zones = []Layer{red, urban, reserve, soil}
}

// villages are the settlements with the survey's attribute 203, in the schema of layer CZCDYD.
func (c *County) villages() Layer {
	l := Layer{
		Kind: "village_boundary", Name: "CZCDYD", Title: "城镇村等用地",
		Fields: []vector.Field{textField("CZCLX", 4, "城镇村类型"), textField("CZCDM", 19, "城镇村代码"), textField("CZCMC", 60, "城镇村名称"), areaField("CZCMJ", "城镇村面积")},
	}
	var settled []orb.Polygon
	names := map[orb.Point]Parcel{}
	for _, p := range c.parcels {
		switch p.Ground {
		case "0702", "0810", "08H2", "1004":
			settled = append(settled, p.Ring)
			for _, v := range p.Ring[0] {
				names[v] = p
			}
		}
	}
	for _, p := range dissolve(settled) {
		at := names[p[0][0]]
		l.add(orb.MultiPolygon{p}, "203", at.Unit, at.UnitName, cut2(planarArea(p)))
	}
	return l
}

// units are the districts: counties, towns and villages in the schemas of layers XZQ and CJDCQ.
func (c *County) units() []Layer {
	layers := []Layer{
		{Kind: "county", Name: "XJXZQ", Title: "县级行政区"}, {Kind: "town", Name: "XZQ", Title: "行政区"}, {Kind: "village", Name: "CJDCQ", Title: "村级调查区"},
	}
	for i := range layers {
		code, name := "XZQDM", "XZQMC"
		if i == 2 {
			code, name = "ZLDWDM", "ZLDWMC"
		}
		layers[i].Fields = []vector.Field{textField("BSM", 18, "标识码"), textField(code, 6+3*i, "代码"), textField(name, 100, "名称"), areaField("DCMJ", "调查面积")}
	}
	for k, d := range c.Districts() {
		area := 0.0
		for _, p := range d.Polygons {
			area += planarArea(p)
		}
		layers[len(d.Code)/3-2].add(d.Polygons, fmt.Sprintf("%s45%010d", d.Code[:6], k+1), d.Code, d.Name, cut2(area))
	}
	return layers
}
