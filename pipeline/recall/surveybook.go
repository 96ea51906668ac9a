package recall

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tuban/pipeline/book"
	"tuban/pipeline/report"
	"tuban/raster/ellipsoid"
)

// most bounds the rows of the page's lists; the workbook has them all.
const most = 200

// Book is the comparison as a document of tables and charts.
func (s *Surveyed) Book(version string) book.Book {
	n := s.Answers[Answered] + s.Answers[Otherwise] + s.Answers[Unanswered]
	count := func(n int) string { return book.Count.Format(n) }
	b := book.Book{
		Title: "年度变更调查比对", TitleEN: "Releases and the annual change survey", Subtitle: s.Layer.File, Version: version,
		Figures: []book.Figure{
			{Value: count(n), Label: "下发图斑"}, {Value: count(s.Answers[Answered]), Label: word("answer", string(Answered))},
			{Value: count(s.Answers[Otherwise]), Label: word("answer", string(Otherwise))}, {Value: count(s.Answers[Unanswered]), Label: word("answer", string(Unanswered))},
			{Value: count(len(s.missed)), Label: "未曾下发的变更"},
		},
		Facts: []book.Fact{
			{Name: "变更图层", Value: fmt.Sprintf("%s，%d 个要素，地类未变 %d 个，编码体系 %s", s.Layer.Name, s.Layer.Features, s.Layer.Same, s.Layer.System)},
			{Name: "读取字段", Value: fields(s.Layer.Fields)},
			{Name: "台账", Value: s.Register},
			{Name: "响应标准", Value: fmt.Sprintf("变更图斑覆盖下发图斑面积的 %.0f%% 以上", 100*s.Overlap)},
			{Name: "比对类型", Value: strings.Join(s.typeNames(s.Types), "、")},
		},
		Notes: s.notes(),
	}
	b.Sheets = append(b.Sheets, s.answerSheet(), s.missedSheet())
	b.Sheets = append(b.Sheets, s.releaseSheet("未响应", "Unanswered releases", Unanswered), s.releaseSheet("地类不同", "Answered with another class", Otherwise), s.releaseSheet("已响应", "Answered releases", Answered), s.changeSheet())
	return b
}

func (s *Surveyed) typeNames(codes []string) (out []string) {
	for _, c := range codes {
		out = append(out, s.names[c])
	}
	return out
}

func fields(m map[string]string) string {
	var out []string
	for _, role := range slices.Sorted(maps.Keys(m)) {
		out = append(out, role+" = "+m[role])
	}
	return strings.Join(out, "，")
}

func (s *Surveyed) notes() []string {
	out := []string{
		"下发图斑" + report.Disclaimer + "。变更调查以其自身标准和时点为准，未响应不等于图斑有误，未下发也不说明变更的性质。Not being answered does not make a patch wrong, and not being flagged says nothing about a change.",
		"图层 truth 可直接作为参考：tuban assess 成果 --reference recall.gpkg --layer truth；只含比对类型。The layer truth is a reference for tuban assess.",
	}
	if len(s.Products) == 0 {
		out = append(out, "未给出成果，影像未覆盖或未观测到的变更也计为未下发。Without products, changes that no image shows count as missed, too.")
	}
	add := func(n int, zh string) {
		if n > 0 {
			out = append(out, strconv.Itoa(n)+zh)
		}
	}
	add(s.Off, " 个变更在成果范围以外，未计入。They lie off the products.")
	add(s.Small, fmt.Sprintf(" 个未下发的变更小于 %.0f 平方米，未计入。They are too small.", s.MinAreaM2))
	add(s.Hidden, " 个下发图斑的核查类别不在导出中列出，未计入。Their category is in no export.")
	for _, x := range []struct {
		m  map[string]int
		zh string
	}{{s.Layer.Repaired, "几何已修复"}, {s.Layer.Unusable, "几何无法使用，未参与比对"}, {s.Layer.Unknown, "地类编码不在编码体系中"}} {
		for _, key := range slices.Sorted(maps.Keys(x.m)) {
			out = append(out, fmt.Sprintf("%s：%s，%d 个。", x.zh, key, x.m[key]))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.Other)) {
		out = append(out, fmt.Sprintf("不在比对类型之内：%s，%d 个。", s.names[key], s.Other[key]))
	}
	return out
}

// answerSheet counts the answers, by county.
func (s *Surveyed) answerSheet() book.Sheet {
	sheet := book.Sheet{
		Name: "响应情况", NameEN: "Answers by county",
		Columns: []book.Column{
			{Name: "代码", Kind: book.Text}, {Name: "县", Kind: book.Text}, {Name: "下发（个）", Kind: book.Count}, {Name: word("answer", string(Answered)), Kind: book.Count},
			{Name: word("answer", string(Otherwise)), Kind: book.Count}, {Name: word("answer", string(Unanswered)), Kind: book.Count}, {Name: "响应率", Kind: book.Share},
		},
		Charts: []book.Chart{{Title: "下发图斑的响应情况（个）", Label: 1, Series: []int{3, 4, 5}, Stacked: true}},
	}
	names, by := map[string]string{}, map[string]map[Answer]int{}
	for _, r := range s.releases {
		if r.hidden() {
			continue
		}
		if by[r.County] == nil {
			by[r.County] = map[Answer]int{}
		}
		by[r.County][r.answer]++
		names[r.County] = r.Values["XMC"]
	}
	row := func(code, name string, m map[Answer]int, total bool) {
		n := m[Answered] + m[Otherwise] + m[Unanswered]
		var rate any
		if n > 0 {
			rate = float64(n-m[Unanswered]) / float64(n)
		}
		sheet.Rows = append(sheet.Rows, book.Row{Cells: []any{text(code), text(name), n, m[Answered], m[Otherwise], m[Unanswered], rate}, Total: total})
	}
	for _, code := range slices.Sorted(maps.Keys(by)) {
		row(code, names[code], by[code], false)
	}
	row("", "合计", s.Answers, true)
	return sheet
}

// missedSheet counts what was not flagged, by type and reason.
func (s *Surveyed) missedSheet() book.Sheet {
	sheet := book.Sheet{Name: "未下发原因", NameEN: "Why changes were missed", Columns: []book.Column{{Name: "变化类型", Kind: book.Text}, {Name: "变更（个）", Kind: book.Count}, {Name: "已下发", Kind: book.Count}}, Charts: []book.Chart{{Title: "变更图斑（个）", Series: []int{2}, Stacked: true}}}
	var shown []Reason
	for _, r := range Reasons {
		if s.Missed[r] > 0 {
			shown = append(shown, r)
			sheet.Columns = append(sheet.Columns, book.Column{Group: "未下发", Name: word("reason", string(r)), Kind: book.Count})
			sheet.Charts[0].Series = append(sheet.Charts[0].Series, len(sheet.Columns)-1)
		}
	}
	sheet.Columns = append(sheet.Columns, book.Column{Name: "下发率", Kind: book.Share})
	row := func(name string, only string, total bool) {
		missed, n := map[Reason]int{}, 0
		for _, c := range s.missed {
			if only == "" || c.code == only {
				missed[c.reason]++
				n++
			}
		}
		found := 0
		for _, c := range s.truth {
			if (only == "" || c.code == only) && c.held(s.Overlap) {
				found++
			}
		}
		cells := []any{name, found + n, found}
		for _, r := range shown {
			cells = append(cells, missed[r])
		}
		var rate any
		if found+n > 0 {
			rate = float64(found) / float64(found+n)
		}
		sheet.Rows = append(sheet.Rows, book.Row{Cells: append(cells, rate), Total: total})
	}
	for _, t := range s.Types {
		row(s.names[t], t, false)
	}
	row("合计", "", true)
	return sheet
}

// releaseSheet lists the releases with an answer.
func (s *Surveyed) releaseSheet(name, en string, a Answer) book.Sheet {
	sheet := book.Sheet{Name: name, NameEN: en, Columns: []book.Column{
		{Name: "监测编号", Kind: book.Text}, {Name: "县", Kind: book.Text}, {Name: "图斑类型", Kind: book.Text}, {Name: "后时相", Kind: book.Text}, {Name: "面积（亩）", Kind: book.Square},
		{Name: "覆盖比例", Kind: book.Share}, {Name: "变更前地类", Kind: book.Text}, {Name: "变更后地类", Kind: book.Text}, {Name: "变更图斑标识", Kind: book.Text}, {Name: "县级核查类别", Kind: book.Text},
	}}
	for _, r := range s.releases {
		if r.hidden() || r.answer != a {
			continue
		}
		cells := []any{r.JCBH, text(r.Values["XMC"]), text(r.Values["TBLX"]), text(r.Values["HSX"]), ellipsoid.Mu(r.AreaM2), share(r.covered, r.area), nil, nil, nil, nil}
		if c := r.by; c != nil {
			cells[6], cells[7], cells[8] = text(c.from), text(c.to), text(c.label())
		}
		if r.returned != nil {
			cells[9], _ = conclusion(r.returned.Level1, r.returned.Level2, r.returned.Level3)
		}
		sheet.Rows = append(sheet.Rows, book.Row{Cells: cells})
	}
	sheet.WorkbookOnly = len(sheet.Rows) > most
	return sheet
}

// changeSheet lists the changes that were not flagged, the largest first.
func (s *Surveyed) changeSheet() book.Sheet {
	sheet := book.Sheet{Name: "未曾下发的变更", NameEN: "Changes that were never flagged", WorkbookOnly: len(s.missed) > most, Columns: []book.Column{
		{Name: "变更图斑标识", Kind: book.Text}, {Name: "变化类型", Kind: book.Text}, {Name: "变更前地类", Kind: book.Text}, {Name: "变更后地类", Kind: book.Text},
		{Name: "面积（亩）", Kind: book.Square}, {Name: "覆盖比例", Kind: book.Share}, {Name: "未下发原因", Kind: book.Text},
	}}
	for _, c := range s.sorted() {
		sheet.Rows = append(sheet.Rows, book.Row{Cells: []any{c.label(), c.name, text(c.from), text(c.to), ellipsoid.Mu(c.area), share(c.covered, c.area), word("reason", string(c.reason))}})
	}
	return sheet
}
