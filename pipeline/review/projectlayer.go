package review

import (
	"slices"
	"strings"

	"tuban/classify/rules"
	"tuban/pipeline/product"
	"tuban/raster"
)

// mapLayer is a layer of the project.
type mapLayer struct {
	ID, Name, Source string
	CRS              string
	Extent           raster.Bounds
	// Review is the layer that people edit; Hidden one that is not shown at first; Table one without geometry.
	Review, Hidden, Table bool
	Fields                []formField
	Tabs                  []tab
	Styles                []style
	// Style is the one that a template is writing.
	Style        style
	Label        *label
	Preview, Tip string
	// What follows is of imagery: bands of red, green and blue, or of grey alone; and values to stretch between.
	Raster, Gray, Stretch bool
	Bands                 []int
	Low, High             float64
}

// Provider is QGIS's name of what reads the layer.
func (l *mapLayer) Provider() string {
	if l.Raster {
		return "gdal"
	}
	return "ogr"
}

// With is the layer in one of its styles.
func (l *mapLayer) With(s style) *mapLayer {
	out := *l
	out.Style = s
	return &out
}

// formField is a field in forms and tables.
type formField struct {
	Name, Alias string
	Index       int
	Choices     []choice
	// Day is picked from a calendar, Long written in several lines, Secret not shown.
	Day, Long, Secret, Editable bool
	// Default is an expression, evaluated again at each change when Update is set; Check one that must hold, Why says so.
	Default string
	Update  bool
	Check   string
	Why     string
}

type choice struct{ Value, Label string }

type tab struct {
	Name      string
	Columns   string
	Fields    []formField
	Relations []relation
}

type label struct{ Expression, Scale string }

// style draws a layer by classes of an attribute, or all in one way.
type style struct {
	Name, Attribute string
	Classes         []class
	Only            class
}

// class is how features are drawn: outlines, so that imagery shows.
type class struct {
	Value, Label, Colour         string
	Stroke, Pattern, Fill, Width string
	Number                       int
	Dashed                       bool
}

// Numbered is the class as the nth symbol.
func (c class) Numbered(n int) class {
	c.Number = n
	return c
}

// Casing is the width of the dark line below the outline, which sets it off from bright imagery.
func (c class) Casing() string { return "1.1" }

// Line is an outline in another colour, width and stroke.
func (c class) Line(colour, width, stroke string) class {
	c.Colour, c.Width, c.Stroke = colour, width, stroke
	return c
}

// nullChoice is how QGIS writes null among the values of a list.
const nullChoice = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"

// reviewLayer is the layer that people edit.
func reviewLayer(q *project, names []string, file *rules.File, relations []relation) *mapLayer {
	l := &mapLayer{
		ID: "tuban_review", Name: "图斑判读", Source: "./" + PackageName + "|layername=" + layerName, CRS: q.CRS, Extent: q.Extent, Review: true,
		Label:   &label{Expression: labelExpression(names), Scale: "25000"},
		Preview: `coalesce("LBMC","TZ",'') || ' ' || coalesce("cid",'（补充）')`,
	}
	l.Fields = []formField{{Name: "fid", Alias: "fid"}}
	for _, f := range append(product.Columns(names), editing...) {
		l.Fields = append(l.Fields, formField{Name: f.Name, Alias: f.Alias, Index: len(l.Fields)})
	}
	for i := range l.Fields {
		l.Fields[i].furnish(file)
	}
	for _, r := range table("tabs") {
		t := tab{Name: r["tab"], Columns: r["columns"]}
		for _, name := range strings.Fields(r["fields"]) {
			if i := slices.IndexFunc(l.Fields, func(f formField) bool { return f.Name == name }); i >= 0 {
				t.Fields = append(t.Fields, l.Fields[i])
			}
		}
		l.Tabs = append(l.Tabs, t)
	}
	if len(relations) > 0 {
		l.Tabs = append(l.Tabs, tab{Name: "占压与审批", Columns: "1", Relations: relations})
	}
	l.Tabs = append(l.Tabs, tab{Name: "全部属性", Columns: "1", Fields: l.Fields[1 : len(l.Fields)-1]})
	l.Styles = reviewStyles(names)
	return l
}

// labelExpression shows the priority where there is one, the category and the area in 亩.
func labelExpression(names []string) string {
	expression := `coalesce("LBMC","TZ",'补充') || '\n' || coalesce(format_number("MJM",2) || ' 亩','')`
	if slices.Contains(names, "YXJ") {
		return `coalesce("YXJ" || ' ','') || ` + expression
	}
	return expression
}

// furnish gives a field its widget, checks and defaults.
func (f *formField) furnish(file *rules.File) {
	f.Editable = true
	added := `"CZ" = 'add'`
	switch f.Name {
	case "PD":
		f.Choices = choices(verdicts)
	case "PDYY":
		f.Choices = choices(reasons)
		f.Check, f.Why = `"PD" is null or ("PD" = 'reject') = ("PDYY" is not null)`, "驳回须填原因，其他结论不填原因"
	case "PDR":
		f.Check, f.Why = `"PD" is null or trim(coalesce("PDR",'')) <> ''`, "须填判读人"
	case "FHR":
		f.Check, f.Why = `"PD" is null or (coalesce(trim("FHR"),'') <> coalesce(trim("PDR"),'') or "FHR" is null) and ("PD" <> 'pass' or trim(coalesce("FHR",'')) <> '')`, "拟下发须由另一人复核，复核人不能是判读人"
	case "PDRQ":
		f.Day, f.Update = true, true
		f.Default = `if("PD" is null, null, coalesce("PDRQ", format_date(now(),'yyyy-MM-dd')))`
	case "PDBZ":
		f.Long = true
		f.Check, f.Why = `"PDYY" is null or "PDYY" <> 'other' or trim(coalesce("PDBZ",'')) <> ''`, "原因为其他时须说明"
	case "CZ":
		f.Choices = choices(operations)
		f.Default = `if("cid" is null and "CZ" is null, 'add', "CZ")`
	case "HB":
		f.Check, f.Why = `"HB" is null or "CZ" = 'merge'`, "合并组号只在合并时填"
	case "PDYS":
		f.Secret, f.Editable = true, false
	case "kind":
		for _, k := range file.On() {
			f.Choices = append(f.Choices, choice{k.Code, k.Name.ZH})
		}
		f.Check, f.Why = `"CZ" is null or not (`+added+`) or "kind" is not null`, "补充图斑须选变化种类"
	case "category":
		for _, c := range file.Categories {
			f.Choices = append(f.Choices, choice{c.Code, c.Name.ZH})
		}
		f.Check, f.Why = `"CZ" is null or not (`+added+`) or "category" is not null`, "补充图斑须选疑似类别"
	case "QSX", "HSX", "XZQDM":
	default:
		f.Editable = false
	}
}

func choices(l list) []choice {
	out := []choice{{nullChoice, "（空）"}}
	for _, r := range l {
		out = append(out, choice{r["code"], r["zh"]})
	}
	return out
}

// reviewStyles are those of the table whose attribute the product has, verdicts first.
func reviewStyles(names []string) []style {
	var out []style
	for _, r := range table("styles") {
		if r["expression"] != "" {
			attribute := map[string]string{"triage": "triage", "priority": "YXJ"}[r["style"]]
			if attribute != "" && !slices.Contains(names, attribute) {
				out = append(out, style{})
				continue
			}
			out = append(out, style{Name: r["zh"], Attribute: r["expression"]})
		}
		s := &out[len(out)-1]
		s.Classes = append(s.Classes, outline(r["value"], r["label"], r["colour"]))
		if r["style"] == "verdict" {
			for _, v := range verdicts {
				s.Classes = append(s.Classes, outline(v["code"], v["zh"], v["colour"]))
			}
		}
	}
	return slices.DeleteFunc(out, func(s style) bool { return s.Name == "" })
}

func outline(value, label, colour string) class {
	return class{Value: value, Label: label, Colour: colour, Stroke: "solid", Pattern: "no", Fill: "0,0,0,0", Width: "0.6"}
}
