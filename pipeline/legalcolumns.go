package pipeline

import "math"

// yes and no are the values of SFYN, SFHX and their like.
const yes, no = "是", "否"

func yesNo(v bool) any {
	if v {
		return yes
	}
	return no
}

// orNaN keeps what is not known out of the files.
func orNaN(v float64) any {
	if math.IsNaN(v) {
		return nil
	}
	return v
}

// lies is the value of a column that says whether a patch lies in a kind of layer: null without one, and never 是 from a
// sliver.
func (p *Plan) lies(kind string) func(*Patch) any {
	return func(q *Patch) any {
		if !p.loaded(kind) {
			return nil
		}
		return yesNo(q.Legal.Within[kind].Real)
	}
}

// inside is the area of a patch in a kind of layer; null without one.
func (p *Plan) inside(kind string) func(*Patch) any {
	return func(q *Patch) any {
		if !p.loaded(kind) {
			return nil
		}
		return q.Legal.Within[kind].Area
	}
}

// legalColumns are the areas in the legal layers, and the units below the county.
func (p *Plan) legalColumns() []column {
	net := func(kind string) func(*Patch) any {
		return func(q *Patch) any {
			if !p.loaded(kind) {
				return nil
			}
			return orNaN(q.Legal.Within[kind].Net)
		}
	}
	return []column{
		text("XZDM", 9, "乡级代码", func(q *Patch) any { return orNull(q.unitOf(9).Code) }),
		text("XZMC", 60, "乡名称", func(q *Patch) any { return orNull(q.unitOf(9).Name) }),
		text("CDM", 12, "村级代码", func(q *Patch) any { return orNull(q.unitOf(12).Code) }),
		text("CMC", 60, "村名称", func(q *Patch) any { return orNull(q.unitOf(12).Name) }),
		square("GDJMJ", "耕地净面积（扣除田坎，平方米）", func(q *Patch) any {
			if p.Survey == nil {
				return nil
			}
			return orNaN(q.NetCropland)
		}),
		square("KTZMJ", "可调整地类面积（平方米）", func(q *Patch) any {
			if p.Survey == nil {
				return nil
			}
			return q.adjustable(p.Survey.System)
		}),
		square("YNMJ", "占永久基本农田面积（平方米）", p.inside("basic_farmland")),
		square("YNJMJ", "占永久基本农田净面积（扣除田坎，平方米）", net("basic_farmland")),
		square("YNJBMJ", "占永久基本农田面积（旧版，平方米）", p.inside("basic_farmland_old")),
		square("HXMJ", "占生态保护红线面积（平方米）", p.inside("red_line")),
		square("KFWMJ", "突破城镇开发边界面积（平方米）", func(q *Patch) any {
			if !p.loaded("urban_boundary") {
				return nil
			}
			return cents(q.Area - q.Legal.Within["urban_boundary"].Area)
		}),
		square("BHDMJ", "占自然保护地面积（平方米）", p.inside("nature_reserve")),
		square("HTDMJ", "占黑土区面积（平方米）", p.inside("black_soil")),
		square("CZMJ", "村庄建设边界内面积（平方米）", p.inside("village_boundary")),
	}
}

// unitOf is the unit with so many digits in which the patch counts; zero when it is not known.
func (p *Patch) unitOf(digits int) Unit {
	if len(p.Legal.Units) == 0 {
		return Unit{}
	}
	u := p.Legal.Units[0]
	return map[int]Unit{6: u.County, 9: u.Town, 12: u.Village}[digits]
}
