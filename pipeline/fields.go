package pipeline

import (
	"fmt"
	"math"
	"strings"

	"tuban/classify/rules"
	"tuban/classify/triage"
	"tuban/raster/ellipsoid"
	"tuban/raster/vector"
)

// column is one attribute of a patch: its definition and where its value comes from.
type column struct {
	vector.Field
	value func(p *Patch) any
}

// Clue stands in every patch's remarks: imagery alone is no basis for a penalty.
const Clue = "疑似图斑，仅作线索，不作为处罚依据"

func text(name string, width int, alias string, value func(p *Patch) any) column {
	return column{vector.Field{Name: name, Type: vector.String, Width: width, Alias: alias}, value}
}

func square(name, alias string, value func(p *Patch) any) column {
	return column{vector.Field{Name: name, Type: vector.Float, Width: 18, Precision: 2, Alias: alias}, value}
}

func null(*Patch) any { return nil }

// orNull keeps "" out of the files: a value that is not known is null.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// columns are the attributes of a patch: the ministry's minimum and the provincial table of 2026 under their own names,
// then what reviewers need beside them. Names have at most ten characters, so that a Shapefile can hold them all.
func (p *Plan) columns() []column {
	main := func(field string) func(*Patch) any {
		return func(q *Patch) any { return orNull(p.mainValue(q, field)) }
	}
	sums := func(i int) func(*Patch) any {
		return func(q *Patch) any {
			if p.Survey == nil {
				return nil
			}
			crop, agri, unused, construction, unknown := q.groups(p.Survey.System)
			return [...]float64{crop, agri, unused, construction, cents(unknown + q.Uncovered)}[i]
		}
	}
	cols := []column{
		text("XZQDM", 6, "行政区代码", func(q *Patch) any { return orNull(q.unitOf(6).Code) }),
		text("XMC", 60, "县名称", func(q *Patch) any { return orNull(q.unitOf(6).Name) }),
		text("JCBH", 24, "监测编号（发布时编）", null),
		text("TBLX", 4, "图斑类型（变化后）", func(q *Patch) any { return p.Rules.Kinds[q.Kind].Type }),
		text("TZ", 60, "图斑特征", func(q *Patch) any { return p.Rules.Kinds[q.Kind].Name.ZH }),
		text("QSX", 8, "前时相", func(q *Patch) any { return p.BeforeOrigins[q.Before].Date.Format("20060102") }),
		text("HSX", 8, "后时相", func(q *Patch) any { return p.AfterOrigins[q.After].Date.Format("20060102") }),
		square("JCMJ", "监测面积（平方米）", func(q *Patch) any { return q.Area }),
		square("MJ", "面积（平方米）", func(q *Patch) any { return q.Area }),
		square("MJM", "面积（亩）", func(q *Patch) any { return cents(ellipsoid.Mu(q.Area)) }),
		text("DLBM", 5, "原地类编码", func(q *Patch) any { return orNull(q.class()) }),
		text("DLMC", 60, "原地类名称", func(q *Patch) any { return orNull(p.className(q.class())) }),
		text("DDTC", 4, "单独图层", func(q *Patch) any { return orNull(q.Legal.Separate) }),
		text("JSYDXZ", 60, "建设用地现状", null),
		text("TBXHDM", 6, "图斑细化代码", main("TBXHDM")),
		text("TBXHMC", 20, "图斑细化名称", main("TBXHMC")),
		text("ZZSXDM", 6, "种植属性代码", main("ZZSXDM")),
		text("ZZSXMC", 20, "种植属性名称", main("ZZSXMC")),
		text("CZCSXM", 4, "城镇村属性码", main("CZCSXM")),
		text("SFYN", 3, "是否永农（未加载图层为空）", p.lies("basic_farmland")),
		text("SFHX", 3, "是否红线（未加载图层为空）", p.lies("red_line")),
		text("SPPP", triage.MaxStateName, "审批匹配", func(q *Patch) any { return p.Triage.States[q.Triage.State].ZH }),
		text("BZ", 254, "备注", func(*Patch) any { return Clue }),

		text("cid", 16, "候选编号", func(q *Patch) any { return q.CID }),
		text("gv", 16, "图形版本", func(q *Patch) any { return q.GV }),
		text("kind", 32, "变化种类代码", func(q *Patch) any { return p.Rules.Kinds[q.Kind].Code }),
		text("category", 32, "疑似类别代码", func(q *Patch) any { return orNull(p.categoryCodes(q, 1)) }),
		text("LBMC", 60, "疑似类别", func(q *Patch) any { return orNull(p.categoryName(q)) }),
		text("QBLB", 254, "全部疑似类别", func(q *Patch) any { return orNull(p.categoryNames(q)) }),
		text("categories", 254, "全部疑似类别代码", func(q *Patch) any { return orNull(p.categoryCodes(q, len(q.Categories))) }),
		text("ZLDWDM", 19, "坐落单位代码", func(q *Patch) any { return orNull(p.unit(q)) }),
		text("ZLDWMC", 60, "坐落单位名称", main("ZLDWMC")),
		text("BSM", 18, "主要占用图斑标识码", func(q *Patch) any {
			if p.Survey == nil {
				return nil
			}
			return orNull(p.mainValue(q, p.Survey.ID))
		}),
		square("GDMJ", "耕地面积（平方米）", sums(0)),
		square("QTNYDMJ", "其他农用地面积（平方米）", sums(1)),
		square("WLYDMJ", "未利用地面积（平方米）", sums(2)),
		square("JSYDMJ", "建设用地面积（平方米）", sums(3)),
		square("QTMJ", "无图斑或编码未知面积（平方米）", sums(4)),
		text("DLFX", 254, "地类构成（编码:平方米）", func(q *Patch) any { return orNull(q.composition()) }),
		text("QSXYX", 80, "前时相影像", func(q *Patch) any { return p.BeforeOrigins[q.Before].Name }),
		text("HSXYX", 80, "后时相影像", func(q *Patch) any { return p.AfterOrigins[q.After].Name }),
		text("QTYX", 254, "其他相关影像", func(q *Patch) any { return orNull(strings.Join(q.Others, " ")) }),
	}
	cols = append(cols, p.historyColumns()...)
	for i := range rules.MaxEvidence {
		cols = append(cols, column{
			vector.Field{Name: fmt.Sprintf("evidence%d", i+1), Type: vector.Float, Width: 18, Precision: 4, Alias: fmt.Sprintf("证据%d（均值）", i+1)},
			func(q *Patch) any {
				if i >= len(q.Evidence) || math.IsNaN(q.Evidence[i]) {
					return nil
				}
				return q.Evidence[i]
			},
		})
	}
	degrees := func(name, alias string, value func(*Patch) any) column {
		return column{vector.Field{Name: name, Type: vector.Float, Width: 12, Precision: 7, Alias: alias}, value}
	}
	cols = append(cols, p.legalColumns()...)
	cols = append(cols, p.triageColumns()...)
	return append(cols,
		column{vector.Field{Name: "score", Type: vector.Float, Width: 6, Precision: 1, Alias: "可信度评分（0–100）"}, func(q *Patch) any { return q.Score }},
		text("parts", 254, "评分构成", func(q *Patch) any { return orNull(q.parts()) }),
		text("TS", 254, "提示", func(q *Patch) any { return orNull(strings.Join(q.Hints, "；")) }),
		degrees("LON", "中心经度", func(q *Patch) any { return q.Lon }),
		degrees("LAT", "中心纬度", func(q *Patch) any { return q.Lat }),
	)
}

// PatchFields are the columns of the layer `changes`, in their order: what else is made of patches has the same.
func PatchFields() []vector.Field {
	cols := (&Plan{}).columns()
	out := make([]vector.Field, len(cols))
	for i, c := range cols {
		out[i] = c.Field
	}
	return out
}

// class is the survey class (DLBM) of the largest share; "" without one.
func (p *Patch) class() string {
	if len(p.Shares) == 0 {
		return ""
	}
	return p.Shares[0].Code
}

// composition lists every share, as in "0103:812.40 1006:95.11".
func (p *Patch) composition() string {
	var parts []string
	for _, s := range p.Shares {
		parts = append(parts, fmt.Sprintf("%s:%.2f", s.Code, s.Area))
	}
	return strings.Join(parts, " ")
}

func (p *Plan) className(code string) string {
	if p.Survey == nil || code == "" {
		return ""
	}
	c, _ := p.Survey.System.Lookup(code)
	return c.Name
}

// mainValue is a survey field of the patch's main parcel.
func (p *Plan) mainValue(q *Patch, field string) string {
	if p.Survey == nil || field == "" || q.Main.Index == 0 {
		return ""
	}
	for i, f := range p.Survey.Fields {
		if f == field {
			return q.Main.Values[i]
		}
	}
	return ""
}

// unit is the location code (ZLDWDM) of the main parcel.
func (p *Plan) unit(q *Patch) string {
	if p.Survey == nil {
		return ""
	}
	return p.mainValue(q, p.Survey.Unit)
}

func (p *Plan) categoryCodes(q *Patch, n int) string {
	var codes []string
	for _, c := range q.Categories[:min(n, len(q.Categories))] {
		codes = append(codes, p.Rules.Categories[c].Code)
	}
	return strings.Join(codes, " ")
}

func (p *Plan) categoryName(q *Patch) string {
	if len(q.Categories) == 0 {
		return ""
	}
	return p.Rules.Categories[q.Categories[0]].Name.ZH
}

// categoryNames are the names of all categories, the main one first.
func (p *Plan) categoryNames(q *Patch) string {
	var names []string
	for _, c := range q.Categories {
		names = append(names, p.Rules.Categories[c].Name.ZH)
	}
	return strings.Join(names, "、")
}
