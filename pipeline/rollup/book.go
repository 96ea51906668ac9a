package rollup

import (
	"cmp"
	"fmt"
	"strings"

	"tuban/pipeline/book"
	"tuban/pipeline/report"
)

// Book is the summary as a document of tables and charts.
func (s *Summary) Book(version string) book.Book {
	b := book.Book{Title: "疑似变化图斑汇总", TitleEN: "Summary of suspected land change", Subtitle: s.days(), Version: version, Facts: s.facts(), Figures: s.figures(), Notes: s.notes()}
	b.Sheets = append(b.Sheets, s.treeSheet())
	for _, t := range themes {
		if sheet, ok := s.sheet(t); ok {
			b.Sheets = append(b.Sheets, sheet)
		}
	}
	if sheet, ok := s.verifiedSheet(); ok {
		b.Sheets = append(b.Sheets, sheet)
	}
	if sheet, ok := s.balanceSheet(); ok {
		b.Sheets = append(b.Sheets, sheet)
	}
	b.Sheets = append(b.Sheets, s.changeSheets()...)
	b.Sheets = append(b.Sheets, s.observedSheet())
	for _, l := range Levels {
		b.Sheets = append(b.Sheets, s.levelSheet(l))
	}
	return b
}

// days says which days of imagery the products are of.
func (s *Summary) days() string {
	var before, after [2]string
	for _, p := range s.Products {
		for i := range 2 {
			before, after = stretch(before, p.Before[i]), stretch(after, p.After[i])
		}
	}
	if before[0] == "" {
		return "没有图斑"
	}
	span := func(d [2]string) string {
		if d[0] == d[1] {
			return d[0]
		}
		return d[0] + "–" + d[1]
	}
	return "前时相 " + span(before) + "　后时相 " + span(after)
}

func (s *Summary) facts() (out []book.Fact) {
	for _, p := range s.Products {
		state := ""
		if !p.Complete {
			state = "（不完整：部分影像无法读取）"
		}
		out = append(out, book.Fact{Name: "成果", Value: fmt.Sprintf("%s%s　%d 个图斑　%s　%s", cmp.Or(p.Name, p.Dir), state, p.Patches, p.Key, p.Created.Format("2006-01-02"))})
	}
	if s.Register != "" {
		out = append(out, book.Fact{Name: "台账", Value: s.Register})
	}
	return out
}

func (s *Summary) figures() (out []book.Figure) {
	mu := func(a Area) string { return book.Square.Format(a.Mu()) + " 亩" }
	t := s.Root.Tally
	out = append(out, book.Figure{Value: book.Count.Format(t.Patches), Label: "疑似图斑", Note: mu(t.Area)})
	if x, ok := t.In(ByGroup, "cropland"); ok {
		out = append(out, book.Figure{Value: mu(x.Area), Label: "占用耕地"})
	}
	for _, l := range legalLayers() {
		if x, ok := t.By[ByOverlay][l.code]; ok && l.flag != "" {
			out = append(out, book.Figure{Value: mu(x.Area), Label: l.name, Note: book.Count.Format(x.Patches) + " 个"})
		}
	}
	if v := s.Root.Verified; v.Released.Patches > 0 {
		out = append(out, book.Figure{Value: book.Count.Format(v.Returned.Patches), Label: "已返回核查结论", Note: "已下发 " + book.Count.Format(v.Released.Patches) + " 个"})
	}
	missed := Area(0)
	for _, p := range s.Products {
		for _, g := range p.Unobserved {
			missed += g.Area
		}
	}
	return append(out, book.Figure{Value: mu(missed), Label: "未观测", Note: "未观测处没有结论"})
}

func (s *Summary) notes() []string {
	out := []string{
		"所列均为疑似变化图斑，" + report.Disclaimer + "；须经实地核查。All patches are suspected changes, to be verified on the ground.",
		"面积为椭球面积，按平方米合计后换算：1 亩 = 666.67 平方米。跨单元图斑的地类按各部分的耕地实测面积、其余地类按部分面积分摊。Areas are ellipsoidal and summed in m²; of a patch that crosses units, cropland is as measured in each, other classes go by size.",
	}
	missing := func(d Dimension, text string) {
		if s.Root.Tally.Patches > 0 && s.Root.Tally.By[d] == nil {
			out = append(out, text)
		}
	}
	missing(ByOverlay, "未加载管控图层（永久基本农田、生态保护红线等），没有相关统计。No legal layers were given.")
	missing(ByGroup, "未加载国土调查数据，没有地类统计。No survey was given.")
	missing(ByVerdict, "未给出台账，没有判定与核查统计。No register was given.")
	if s.Elsewhere > 0 {
		out = append(out, fmt.Sprintf("台账中另有 %d 个已下发图斑不在所列成果中，未计入。The register has so many releases of patches that these products do not have.", s.Elsewhere))
	}
	if s.Twice > 0 {
		out = append(out, fmt.Sprintf("%d 个候选图斑在几个成果中重复出现，各计一次。So many candidates are in several products and count once.", s.Twice))
	}
	for _, p := range s.Products {
		if !p.Complete {
			out = append(out, strings.Join([]string{"成果 ", cmp.Or(p.Name, p.Dir), " 不完整：部分影像无法读取，合计偏小。The product is not complete: part of the imagery could not be read."}, ""))
		}
	}
	return out
}
