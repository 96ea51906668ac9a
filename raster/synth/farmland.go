package synth

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"tuban/raster/vector"
)

// protected says whether a parcel is permanent basic farmland in the current version, and in the earlier one: nine tenths of
// either are in both.
func (c *County) protected(i int) (now, before bool) {
	own := ownNumbers(c.opt.Seed, i)
	if !strings.HasPrefix(c.parcels[i].Code, "01") || own[0] > 0.8 {
		return false, false
	}
	return own[1] < 0.9, own[1] > 0.1
}

// cut2 rounds to two decimals, as areas are written.
func cut2(v float64) float64 { return math.Round(v*100) / 100 }

// farmland is the current version, in the schema of layer YJJBNTTB.
func (c *County) farmland() Layer {
	l := Layer{
		Kind: "basic_farmland", Name: "YJJBNTTB", Title: "永久基本农田图斑",
		Fields: []vector.Field{
			textField("BSM", 18, "标识码"), textField("YSDM", 10, "要素代码"), textField("XZQDM", 12, "行政区代码"), textField("XZQMC", 100, "行政区名称"),
			textField("YJJBNTTBBH", 20, "永久基本农田图斑编号"), textField("DLBM", 5, "地类编码"), textField("DLMC", 60, "地类名称"),
			textField("ZLDWDM", 19, "坐落单位代码"), areaField("YJJBNTTBMJ", "永久基本农田图斑面积"), textField("KCDLBM", 5, "扣除地类编码"),
			{Name: "KCXS", Type: vector.Float, Width: 6, Precision: 4, Alias: "扣除系数"}, areaField("KCMJ", "扣除面积"),
			areaField("YJJBNTMJ", "永久基本农田面积"), textField("BHKSSJ", 8, "保护开始时间"), textField("BHJSSJ", 8, "保护结束时间"),
		},
	}
	for i, p := range c.parcels {
		if now, _ := c.protected(i); !now {
			continue
		}
		area := planarArea(p.Ring)
		ridges := cut2(area * p.Ridge)
		l.add(orb.MultiPolygon{p.Ring}, fmt.Sprintf("%s31%010d", p.Unit[:6], i+1), "2005010200", p.Unit[:12], p.UnitName,
			fmt.Sprintf("%s%06d", p.Unit[:9], i+1), p.Code, p.Name, p.Unit, cut2(area), "1203", p.Ridge, ridges, cut2(cut2(area)-ridges),
			"20220101", nil)
	}
	return l
}

// oldFarmland is the earlier version, in the older schema. It was drawn from other images: a step beside the survey.
func (c *County) oldFarmland() Layer {
	l := Layer{
		Kind: "basic_farmland_old", Name: "JBNTTB", Title: "基本农田图斑（旧版）",
		Fields: []vector.Field{
			textField("JBNTTBBH", 20, "基本农田图斑编号"), textField("DLBM", 5, "地类编码"), textField("GDLX", 2, "耕地类型"),
			textField("JBNTLX", 20, "基本农田类型"), textField("PDJB", 2, "坡度级别"), areaField("TKMJ", "田坎面积"),
			areaField("TBMJ", "图斑面积"), areaField("JBNTMJ", "基本农田面积"),
		},
	}
	for i, p := range c.parcels {
		if _, before := c.protected(i); !before {
			continue
		}
		ring := p.Ring.Clone()
		for _, r := range ring {
			for k := range r {
				r[k] = orb.Point{r[k][0] + 1.2, r[k][1] - 0.8}
			}
		}
		area := planarArea(ring)
		ridges := cut2(area * p.Ridge)
		l.add(orb.MultiPolygon{ring}, fmt.Sprintf("%s%06d", p.Unit[:9], i+1), p.Code, "PD", "一般基本农田", "1", ridges, cut2(area), cut2(cut2(area)-ridges))
	}
	return l
}
