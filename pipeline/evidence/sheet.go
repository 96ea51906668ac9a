package evidence

import (
	"cmp"
	"fmt"
	"strings"

	"tuban/classify/landclass"
	"tuban/pipeline"
	"tuban/pipeline/product"
	"tuban/pipeline/report"
	"tuban/raster/ellipsoid"
)

// How many lines of each list fit on the page; the rest is counted.
const (
	mostExtra, mostApprovals, mostShares, mostLimits, mostInputs = 2, 4, 6, 3, 4
	// Corners have the room that approvals leave.
	mostCorners = 4
)

// sheet is what a page says, as text; pictures come beside it. Equal sheets are equal pages.
type sheet struct {
	CID, Number, Former  string
	Title                string
	Kind, Category, Clue string
	Facts                [][]fact
	Controls             []controlLine
	MoreControls         int
	Matching             string
	Approvals            []approvalLine
	MoreApprovals        int
	Classes              []fact
	NoShares             string
	Shares               []share
	MoreShares           int
	Judged               string
	Evidence, Limits     []fact
	MoreLimits           int
	Score                string
	Place                place
	Outline, Shift, Look string
	Inputs               []inputLine
	MoreInputs           int
	List                 Digest
	Before, After        caption
	Product, Key, Made   string
	Version              string
}

// fact is a label with its value; Wide says how many cells of its row the value spans.
type fact struct {
	Label, Value string
	Wide         int
}

type controlLine struct{ Name, Gross, Net, Mu, Percent, Note string }

type approvalLine struct{ Kind, Number, Date, Relation, Area, Percent, Status string }

type share struct{ Code, Name, M2, Mu, Percent string }

type inputLine struct{ Role, Name, SHA256, SM3, Note string }

type caption struct{ Day, Sensor, Scene string }

// unloaded stands where a layer was not part of the run.
const unloaded = "未加载"

// describe says all of a patch that does not depend on its pictures.
func (m *maker) describe(s *subject) sheet {
	mf := m.p.Manifest
	out := sheet{
		CID: s.cid, Number: s.number, Former: s.former, Title: cmp.Or(s.number, s.cid), Clue: pipeline.Clue,
		Kind: strings.TrimSpace(s.Text("TBLX") + " " + s.Text("TZ")), Category: cmp.Or(s.Text("QBLB"), s.Text("LBMC"), "未归类"),
		Facts: m.facts(s), Matching: s.Text("SPPP"), Outline: s.outline, Shift: m.shiftOf(s), Look: m.look,
		Product: mf.Name, Key: mf.Key, Version: mf.Version, Made: mf.Created.Format("2006-01-02"), List: m.listDigest,
	}
	if s.redrawn {
		out.Matching = cmp.Or(out.Matching, dash)
	}
	if out.NoShares = "未加载调查数据"; s.redrawn && mf.Survey != nil {
		out.NoShares = "未按下发图形重新量算"
	}
	out.Controls, out.MoreControls = controlLines(s)
	out.Approvals, out.MoreApprovals = approvalLines(s)
	room := mostCorners + mostApprovals - len(out.Approvals)
	if s.outline != "" {
		room-- // for the line that says it
	}
	out.Place = m.placeOf(s, room)
	out.Classes, out.Shares, out.MoreShares = m.shares(s)
	m.judged(s, &out)
	out.Inputs, out.MoreInputs = m.inputLines(s)
	out.Before = caption{report.Day(s.Text("QSX")), m.sensors["before "+s.Text("QSXYX")], s.Text("QSXYX")}
	out.After = caption{report.Day(s.Text("HSX")), m.sensors["after "+s.Text("HSXYX")], s.Text("HSXYX")}
	return out
}

// dash stands for what is not known.
const dash = "—"

func (m *maker) facts(s *subject) [][]fact {
	t := func(fields ...string) string {
		var parts []string
		for _, f := range fields {
			if v := s.Text(f); v != "" {
				parts = append(parts, v)
			}
		}
		return cmp.Or(strings.Join(parts, " "), dash)
	}
	layer := func(field string) string { return cmp.Or(s.Text(field), s.unknown()) }
	return [][]fact{
		{{"县（区）", t("XMC", "XZQDM"), 1}, {"乡（镇）", t("XZMC", "XZDM"), 1}, {"村", t("CMC", "CDM"), 1}, {"坐落", cmp.Or(s.Text("ZLDWMC"), s.Text("ZLDWDM"), dash), 1}},
		{{"图斑类型", t("TBLX", "TZ"), 1}, {"疑似类别", cmp.Or(s.Text("QBLB"), s.Text("LBMC"), dash), 1}, {"监测面积", squareMetres(s.Row, "JCMJ") + " m²（" + mu(s.Row, "JCMJ") + " 亩）", 1}, {"原地类", t("DLBM", "DLMC"), 1}},
		{{"前时相", report.Day(s.Text("QSX")), 1}, {"后时相", report.Day(s.Text("HSX")), 1}, {"首次发现", cmp.Or(report.Day(s.Text("SCFX")), dash), 1}, {"延续情况", cmp.Or(s.Text("LSGX"), dash), 1}},
		{{"永久基本农田", layer("SFYN"), 1}, {"生态保护红线", layer("SFHX"), 1}, {"单独图层", t("DDTC", "TBXHMC"), 1}, {"内业判读", cmp.Or(word("verdict", s.Text("PDJL")), dash), 1}},
		{{"优先次序", strings.TrimSuffix(t("YXJ")+"："+s.Text("YXJYY"), "："), 5}, {"排除标签", t("TQBQ"), 1}},
		{{"提示", t("TS"), 7}},
	}
}

func squareMetres(r product.Row, field string) string {
	if v, ok := r.Number(field); ok {
		return report.Decimal(v, 2)
	}
	return dash
}

func mu(r product.Row, field string) string {
	if v, ok := r.Number(field); ok {
		return report.Decimal(ellipsoid.Mu(v), 2)
	}
	return dash
}

// shares are the three classes of land and the survey classes; nothing without a survey.
func (m *maker) shares(s *subject) (classes []fact, out []share, more int) {
	if m.p.Manifest.Survey == nil {
		return nil, nil, 0
	}
	system := landclass.System(m.p.Manifest.Survey.System)
	area, _ := s.Number("JCMJ")
	for _, f := range []struct{ field, name string }{{"GDMJ", "耕地"}, {"QTNYDMJ", "其他农用地"}, {"JSYDMJ", "建设用地"}, {"WLYDMJ", "未利用地"}, {"QTMJ", "无图斑"}} {
		if v, ok := s.Number(f.field); ok {
			classes = append(classes, fact{f.name, report.Decimal(v, 2), 1})
		}
	}
	for part := range strings.FieldsSeq(s.Text("DLFX")) {
		code, text, _ := strings.Cut(part, ":")
		if len(out) == mostShares {
			more++
			continue
		}
		var v float64
		if _, err := fmt.Sscan(text, &v); err != nil {
			continue // cut short by the width of the field
		}
		name := "编码未知"
		if c, ok := system.Lookup(code); ok {
			name = c.Name
		}
		out = append(out, share{code, name, report.Decimal(v, 2), report.Decimal(ellipsoid.Mu(v), 2), report.Percent(v, area)})
	}
	return classes, out, more
}
