package synth

import (
	"fmt"

	"github.com/paulmach/orb"

	"tuban/raster/vector"
)

// label is a place that a layer marks with a code.
type label struct {
	code    string
	polygon orb.Polygon
}

// purposes of temporary land, the first good for at most two years, the second for four.
var purposes = [2]string{"建筑施工材料堆场", "能源：输变电工程施工便道"}

// register enters what the offices have on a county without a story: its approvals, in a chain of several where that is usual, and
// marks on some of its changes.
func (c *County) register() {
	converted := 0
	for i, a := range c.approvals {
		g := Grant{Number: a.ID, Name: "演示项目" + numeral(i%900+1), Date: a.Date, Polygon: a.Polygon, Area: planarArea(a.Polygon)}
		chain := []GrantKind{Conversion}
		switch a.Kind {
		case "农用地转用批复":
			chain = [][]GrantKind{{Conversion, Expropriation, Supply}, {Conversion}, {Homestead}, {EarlyUse}}[converted%4]
			converted++
		case "设施农业用地备案":
			chain = []GrantKind{Facility}
		case "临时用地批复":
			chain, g.Purpose = []GrantKind{Temporary}, purposes[i%2]
			c.separate = append(c.separate, label{"1301", a.Polygon})
		case "林木采伐许可":
			chain = []GrantKind{Felling}
		}
		for k, kind := range chain {
			next := g
			next.Kind = kind
			if k > 0 {
				next.Number = fmt.Sprintf("%s-%d", g.Number, k+1)
			}
			c.grants = append(c.grants, next)
		}
	}
	for i, ch := range c.changes {
		code := map[string]string{kindPV: "1302", kindGround: "1303", kindRemoved: "1304"}[ch.Kind]
		if code != "" && !ch.Legal && i%3 == 0 {
			c.separate = append(c.separate, label{code, ch.Polygon})
		}
		if i%15 == 7 {
			c.decided = append(c.decided, label{"伪变化", ch.Polygon})
		}
	}
}

// marked are the separate layer of the survey and the patches that were decided earlier.
func (c *County) marked() []Layer {
	county := countyCodes[0]
	separate := Layer{
		Kind: "separate_layer", Name: "DDTC", Title: "单独图层",
		Fields: []vector.Field{textField("BSM", 18, "标识码"), textField("DDTC", 4, "单独图层代码"), textField("MC", 20, "名称"), areaField("TBMJ", "图斑面积")},
	}
	names := map[string]string{"1301": "临时用地", "1302": "光伏板区", "1303": "推土区", "1304": "拆除未尽区"}
	for i, s := range c.separate {
		separate.add(orb.MultiPolygon{s.polygon}, fmt.Sprintf("%s46%010d", county, i+1), s.code, names[s.code], cut2(planarArea(s.polygon)))
	}
	decided := Layer{
		Kind: "decided", Name: "YPDTB", Title: "往期已判定图斑",
		Fields: []vector.Field{textField("JCBH", 24, "监测编号"), textField("PDJL", 20, "判定结论"), textField("PDRQ", 8, "判定日期"), areaField("JCMJ", "监测面积")},
	}
	for i, s := range c.decided {
		decided.add(orb.MultiPolygon{s.polygon}, fmt.Sprintf("%s2024%05d", county, i+1), s.code, c.Day(Before).AddDate(0, 0, 40+i).Format("20060102"), cut2(planarArea(s.polygon)))
	}
	return []Layer{separate, decided}
}

// grantLayers names the layer of each kind of approval, and says how its schema differs from the common one.
var grantLayers = []struct {
	kind             GrantKind
	name, title      string
	number, headline string
	area, day        string
}{
	{Conversion, "ZZ_NYDZYFW", "农用地转用范围", "PZWH", "DKMC", "DKMJ", "PZRQ"},
	{Expropriation, "ZZ_TDZSFW", "土地征收范围", "PZWH", "DKMC", "DKMJ", "PZRQ"},
	{EarlyUse, "XX_XMZDFW", "先行用地范围", "PZWH", "XMMC", "DKMJ", "PZRQ"},
	{Supply, "GD", "供地", "DZJGH", "XMMC", "YDMJ", "PZRQ"},
	{Homestead, "ZJD", "宅基地审批", "PZWH", "XMMC", "PZMJ", "PZRQ"},
	{Facility, "SSNYD", "设施农用地备案", "PZWH", "XMMC", "PZMJ", "BARQ"},
	{Temporary, "LSYD", "临时用地", "PZWH", "PZWJMC", "PZMJ", "PZRQ"},
	{Felling, "LMCF", "林木采伐许可", "PZWH", "XMMC", "PZMJ", "PZRQ"},
}

// approvalLayers are the approvals, a layer for each kind that occurs. Temporary land has a purpose and no last day.
func (c *County) approvalLayers() (layers []Layer) {
	for _, s := range grantLayers {
		l := Layer{
			Kind: "approval", Type: string(s.kind), Name: s.name, Title: s.title,
			Fields: []vector.Field{
				textField("DKBH", 18, "地块编号"), textField(s.number, 60, "文号"), textField(s.headline, 100, "名称"), textField(s.day, 8, "批准日期"),
				areaField(s.area, "面积"),
			},
		}
		if s.kind == Temporary {
			l.Fields = append(l.Fields, textField("JTXMYT", 100, "具体项目用途"))
		}
		for i, g := range c.grants {
			if g.Kind != s.kind {
				continue
			}
			values := []any{fmt.Sprintf("%s47%010d", countyCodes[0], i+1), g.Number, g.Name, g.Date.Format("20060102"), cut2(g.Area)}
			if s.kind == Temporary {
				values = append(values, g.Purpose)
			}
			l.add(orb.MultiPolygon{g.Polygon}, values...)
		}
		layers = append(layers, l)
	}
	return layers
}
