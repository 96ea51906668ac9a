package report

import (
	"fmt"
	"html/template"
	"image/color"

	"tuban/pipeline/picture"
)

// sheet is the Report as the template reads it: formatted, in order, nothing left to decide but whether a part is there.
type sheet struct {
	Report
	Style                    template.CSS
	Disclaimer, DisclaimerEN string
	CreatedAt                string
	HasGaps                  bool
	Examined, Unobserved     area
	UnobservedShare          string
	Area                     area
	GapRows                  []gapRow
	Notes                    []Text
	Totals                   []table
	Map                      *mapFigure
	Cards                    []card
	List                     []card
	Unlisted                 int
	HasClass, HasUnit        bool
	HasScore                 bool
	Tables                   []kvTable
	Dates                    []dateRow
}

type dateRow struct {
	Title Text
	Date
	Count int
}

type gapRow struct {
	Reason, Kind Text
	Area         area
	Share        string
}

type table struct {
	Title, Note Text
	Head        Text
	Code        bool
	Rows        []totalRow
	Count       string
	Sum         area
}

type totalRow struct {
	Code  string
	Name  Text
	Count string
	Area  area
	Share string
	// Bar is the row's area against the largest row's, in per cent.
	Bar   float64
	Color string
}

type kvTable struct {
	Title Text
	Rows  []KV
}

type legend struct {
	Name  Text
	Color string
}

func newSheet(r Report) (*sheet, error) {
	kinds := make(map[string]legend, len(r.Kinds))
	for i, k := range r.Kinds {
		if _, twice := kinds[k.Code]; twice {
			return nil, fmt.Errorf("kind %q is listed twice", k.Code)
		}
		c := k.Color
		if c == (color.RGBA{}) {
			c = picture.Palette(i)
		}
		kinds[k.Code] = legend{Name: both(k.Name), Color: picture.Hex(c)}
	}
	s := &sheet{
		Report: r, Style: template.CSS(style), Disclaimer: Disclaimer, DisclaimerEN: DisclaimerEN,
		CreatedAt: r.Created.Format("2006-01-02 15:04 -07:00"),
		HasGaps:   r.UnobservedM2 > 0 || len(r.Gaps) > 0 || len(r.Failures) > 0,
		Examined:  newArea(r.AreaM2), Unobserved: newArea(r.UnobservedM2), UnobservedShare: percent(r.UnobservedM2, r.AreaM2),
		Area:  newArea(r.PublishedM2),
		Notes: notes(r),
		Dates: []dateRow{
			{Text{"前时相", "Before"}, r.Before, len(r.Before.Scenes)},
			{Text{"后时相", "After"}, r.After, len(r.After.Scenes)},
		},
	}
	for _, g := range r.Gaps {
		kind := both(g.Kind)
		if kind.ZH == "" {
			kind = Text{"全部变化类型", "All kinds"}
		}
		s.GapRows = append(s.GapRows, gapRow{both(g.Reason), kind, newArea(g.AreaM2), percent(g.AreaM2, r.AreaM2)})
	}
	s.Totals = totals(r, kinds)
	for _, t := range []kvTable{
		{Text{"重点关注地块", "Watch list"}, r.Watched}, {Text{"本期未见的往期候选图斑", "Earlier candidates that are not found"}, r.Gone},
		{Text{"输入数据", "Inputs"}, r.Inputs}, {Text{"实测参数", "Measured values"}, r.Measured}, {Text{"成果文件", "Files of the product"}, r.Files},
	} {
		if len(t.Rows) > 0 {
			s.Tables = append(s.Tables, t)
		}
	}
	links := make(map[int]string, len(r.Patches))
	for _, p := range r.Patches {
		if links[p.No] != "" {
			return nil, fmt.Errorf("two patches have the number %d", p.No)
		}
		c, err := newCard(p, r, kinds)
		if err != nil {
			return nil, fmt.Errorf("patch %d: %w", p.No, err)
		}
		s.HasScore = s.HasScore || c.Score != ""
		s.List = append(s.List, c)
		links[p.No] = fmt.Sprintf("p%d", p.No)
		if c.Before != nil || c.After != nil {
			s.Cards = append(s.Cards, c)
			links[p.No] = fmt.Sprintf("c%d", p.No)
		}
		s.HasClass = s.HasClass || c.Class.ZH != "" || p.Class != ""
		s.HasUnit = s.HasUnit || c.Unit != "" || c.UnitName != ""
	}
	s.Unlisted = max(0, r.Published-len(r.Patches))
	var err error
	if s.Map, err = newMap(r, kinds); err != nil {
		return nil, fmt.Errorf("map: %w", err)
	}
	if s.Map != nil {
		for i, l := range s.Map.Labels {
			s.Map.Labels[i].Link = links[l.No]
		}
	}
	return s, nil
}

// totals are the tables of totals that have rows. Each ends in the total of the run, not the sum of its rows:
// a patch may fall into several rows.
func totals(r Report, kinds map[string]legend) []table {
	var out []table
	add := func(t table, rows []Total) {
		if len(rows) == 0 {
			return
		}
		var largest float64
		for _, row := range rows {
			largest = max(largest, row.AreaM2)
			t.Code = t.Code || row.Code != ""
		}
		for _, row := range rows {
			tr := totalRow{Code: row.Code, Name: both(row.Name), Count: whole(row.Count), Area: newArea(row.AreaM2), Share: percent(row.AreaM2, r.PublishedM2)}
			if largest > 0 {
				tr.Bar = 100 * max(0, row.AreaM2) / largest
			}
			t.Rows = append(t.Rows, tr)
		}
		t.Count, t.Sum = whole(r.Published), newArea(r.PublishedM2)
		out = append(out, t)
	}
	add(table{Title: Text{"按疑似类别", "By suspected category"}, Head: Text{"疑似类别", "Category"},
		Note: Text{"一个图斑可归入多个类别，各行之和可能大于合计。", "A patch may fall into several categories, so rows may add up to more than the total."}}, r.ByCategory)
	add(table{Title: Text{"按变化类型", "By kind of change"}, Head: Text{"变化类型", "Kind"}}, r.ByKind)
	if n := len(out); n > 0 && len(r.ByKind) > 0 {
		for i := range out[n-1].Rows {
			row := &out[n-1].Rows[i]
			if k, ok := kinds[row.Code]; ok {
				row.Color = k.Color
			}
		}
		// Kinds are told by their names and colours; their codes are the rules file's business.
		out[n-1].Code = false
	}
	add(table{Title: Text{"按变化前地类", "By survey class before"}, Head: Text{"地类", "Class"},
		Note: Text{"面积按图斑与地类图斑叠加计算；跨地类的图斑在各地类中各计一次。", "Areas by overlay with the survey; a patch across classes is counted in each."}}, r.ByClass)
	add(table{Title: Text{"按与上期关系", "By relation to earlier runs"}, Head: Text{"关系", "Relation"}}, r.ByRelation)
	if r.Approvals {
		add(table{Title: Text{"按审批比对", "By approval"}, Head: Text{"审批比对", "Approval"},
			Note: Text{"仅按空间位置、日期和审批类型比对，均须人工核实。", "Compared by place, day and kind of approval alone: a person is to check each."}}, r.ByApproval)
	}
	add(table{Title: Text{"占用管控图层", "In legal layers"}, Head: Text{"图层", "Layer"},
		Note: Text{"面积为图斑与图层的叠加面积；图斑数不含仅细碎重叠的图斑。", "Areas by overlay; patches that touch a layer by slivers alone are not counted."}}, r.ByLayer)
	add(table{Title: Text{"按坐落单位", "By unit"}, Head: Text{"单位", "Unit"}}, r.ByUnit)
	return out
}

// notes are what holds for every report of this kind, and for this one.
func notes(r Report) []Text {
	n := []Text{
		{"本报告由两期遥感影像自动比对生成，所列图斑均为疑似变化，须经实地核实并举证；影像不能单独证明用地性质。" + Disclaimer + "。",
			"Made automatically from imagery of two dates. Every patch is a suspected change that must be verified on the ground. " + DisclaimerEN + "."},
		{"面积为 CGCS2000 椭球面积，为图斑毛面积，未扣除田坎；1 平方米 = 0.0015 亩。",
			"Areas are ellipsoidal (CGCS2000) and gross: field ridges are not deducted. 1 m² = 0.0015 mu."},
		{"图斑类型表示变化后的影像特征，地类为变化前的调查地类；候选编号（CID）不是监测编号，监测编号在下发时另行编制。",
			"The type is the state after as imagery shows it; the class is the survey's, before. The candidate id (CID) is not the monitoring number, which is issued at release."},
	}
	if r.Survey == "" {
		n = append(n, Text{"本次未使用国土调查数据：未按地类筛选，图斑无地类与类别信息；轮作、收割、翻耕的耕地也可能列为变化，变化种类仅供参考。", "No land survey took part: nothing was filtered by class, and patches carry no class; other crops, harvested and ploughed fields may count as change, and kinds are uncertain."})
	}
	if !r.Approvals {
		n = append(n, Text{"未加载审批数据：未与用地审批信息比对。", "No approval data were loaded: patches were not compared with approvals."})
	}
	if r.Dropped > 0 {
		n = append(n, Text{"另有 " + whole(r.Dropped) + " 个候选未发布（如小于最小上图面积），连同原因保存在 changes.gpkg 的 dropped 图层。",
			whole(r.Dropped) + " more candidates were not published (below the minimum area, for instance); they are kept with the reason in layer dropped of changes.gpkg."})
	}
	return n
}
