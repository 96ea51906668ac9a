package rollup

import (
	"slices"
	"strings"

	"tuban/pipeline/book"
)

// levelEN is the title of a level's sheet in English.
var levelEN = map[Level]string{Province: "By province", City: "By city", County: "By county", Town: "By town", Village: "By village"}

// levelSheet lists the units of a level, with what they add up to. The page has that of counties alone: the tree has all levels.
func (s *Summary) levelSheet(l Level) book.Sheet {
	sheet := book.Sheet{
		Name: levelZH[l], NameEN: levelEN[l], WorkbookOnly: l != County,
		Columns: []book.Column{{Name: "代码", Kind: book.Text}, {Name: "名称", Kind: book.Text}, {Name: "上级", Kind: book.Text}},
		Notes:   []string{"图斑按面积最大的单元计一个；面积按落入各单元的部分计，各级合计一致。A patch counts once, in the unit with most of it; areas go by what lies in each unit, and add up."},
	}
	columns := s.columns()
	for _, c := range columns {
		sheet.Columns = append(sheet.Columns, c.Column)
	}
	row := func(n *Node, above string, total bool) book.Row {
		cells := []any{known(n.Code), known(n.Name), known(above)}
		for _, c := range columns {
			cells = append(cells, c.of(n))
		}
		return book.Row{Cells: cells, Total: total}
	}
	nodes, above := s.Root.level(l)
	for i, n := range nodes {
		sheet.Rows = append(sheet.Rows, row(n, path(above[i]), false))
	}
	total := *s.Root
	total.Name = "合计"
	sheet.Rows = append(sheet.Rows, row(&total, "", true))
	if l != Village && l != Town && len(nodes) > 1 {
		sheet.Charts = s.unitCharts(sheet.Columns)
	}
	return sheet
}

// unitCharts draw the areas of units, and how they divide by category.
func (s *Summary) unitCharts(columns []book.Column) []book.Chart {
	charts := []book.Chart{{Title: "疑似图斑面积（亩）", Label: 1, Series: []int{slices.IndexFunc(columns, func(c book.Column) bool { return c.Name == "面积（亩）" })}}}
	byCategory := book.Chart{Title: "按疑似类别的面积（亩）", Label: 1, Stacked: true}
	for _, key := range s.values(ByCategory) {
		name := s.Names.of(ByCategory, key)
		byCategory.Series = append(byCategory.Series, slices.IndexFunc(columns, func(c book.Column) bool { return c.Group == name && c.Kind == book.Square }))
	}
	if len(byCategory.Series) > 1 {
		charts = append(charts, byCategory)
	}
	return charts
}

// treeSheet has all units below each other, to be opened and closed.
func (s *Summary) treeSheet() book.Sheet {
	columns := basic()[:2]
	if s.located {
		columns = append(columns, missedColumn())
	}
	if _, ok := s.Root.Tally.In(ByGroup, "cropland"); ok {
		columns = append(columns, areaIn(ByGroup, "cropland", "", s.Names.of(ByGroup, "cropland")+"（亩）"))
	}
	for _, key := range []string{"basic_farmland", "red_line"} {
		if m := s.Root.Tally.By[ByOverlay]; m != nil {
			if _, ok := m[key]; ok {
				columns = append(columns, areaIn(ByOverlay, key, "", s.Names.of(ByOverlay, key)+"（亩）"))
			}
		}
	}
	if _, ok := s.Root.Tally.In(ByTriage, "unmatched"); ok {
		columns = append(columns, patchesIn(ByTriage, "unmatched", "", s.Names.of(ByTriage, "unmatched")))
	}
	if s.Root.Verified.Released.Patches > 0 {
		columns = append(columns, verifiedColumns()[:2]...)
	}
	sheet := book.Sheet{Name: "行政区下钻", NameEN: "Units, to be opened and closed", Tree: true, Columns: []book.Column{{Name: "行政区", Kind: book.Text}, {Name: "代码", Kind: book.Text}}}
	for _, c := range columns {
		c.Group = ""
		if c.Name == "个数" {
			c.Name = "图斑（个）"
		}
		sheet.Columns = append(sheet.Columns, c.Column)
	}
	s.Root.each(func(n *Node, depth int, _ []*Node) {
		name := n.Name
		switch {
		case depth == 0:
			name = "全部"
		case name == "":
			name = n.Code
		}
		cells := []any{name, known(n.Code)}
		for _, c := range columns {
			cells = append(cells, c.of(n))
		}
		sheet.Rows = append(sheet.Rows, book.Row{Cells: cells, Depth: depth})
	})
	return sheet
}

// path is the names of the units above one, without the root.
func path(above []*Node) string {
	var out []string
	for _, n := range above {
		if n.Level != All {
			out = append(out, n.label())
		}
	}
	return strings.Join(out, " ")
}

// label is what a unit is called, its code where it has no name.
func (n *Node) label() string {
	if n.Name == "" {
		return n.Code
	}
	return n.Name
}

// known keeps "" out of tables: what is not known reads —.
func known(s string) any {
	if s == "" {
		return nil
	}
	return s
}
