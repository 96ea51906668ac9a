package rollup

import (
	"cmp"
	"maps"
	"slices"

	"tuban/pipeline/book"
	"tuban/pipeline/verification"
	"tuban/raster/ellipsoid"
)

// theme is a sheet about one dimension, over all units.
type theme struct {
	by       Dimension
	name, en string
	note     string
}

var themes = []theme{
	{ByCategory, "按疑似类别", "By category", "按主要类别计。By the main category of a patch."},
	{ByAnyCategory, "按全部疑似类别", "By every category", "一个图斑可有多个类别，各类别不得相加。A patch counts in every category that it has: never add them."},
	{ByKind, "按变化种类", "By kind of change", ""},
	{ByGroup, "按三大类", "By group of land classes", "耕地单列；图斑按面积最大的一类计一个。Cropland apart; a patch counts in the group that it has most of."},
	{ByClass, "按一级地类", "By land class", "图斑按面积最大的地类计一个。A patch counts in the class that it has most of."},
	{ByOverlay, "按管控图层", "By legal layer", "各图层互相重叠，不得相加；细碎重叠不计图斑个数。Layers overlap and must not be added; slivers do not count as patches."},
	{ByTriage, "按审批匹配", "By approval", "匹配结果须人工核实（待核）。Matches are to be checked by a person."},
	{ByVerdict, "按内业判读", "By office review", ""},
	{ByLabel, "按排除标签", "By label", "标签只作提示，图斑仍在成果中。Labels are hints; the patches are in the product all the same."},
}

var valueColumns = []book.Column{
	{Name: "分类", Kind: book.Text}, {Name: "代码", Kind: book.Text}, {Name: "图斑（个）", Kind: book.Count}, {Name: "面积（亩）", Kind: book.Square},
	{Name: "面积（公顷）", Kind: book.Wide}, {Name: "面积（平方米）", Kind: book.Square},
}

func valueRow(name, code string, s Sum, total bool) book.Row {
	if code == name {
		code = "" // a label is its own code
	}
	return book.Row{Cells: []any{name, known(code), s.Patches, s.Area.Mu(), ellipsoid.Hectares(s.Area.M2()), s.Area.M2()}, Total: total}
}

// sheet draws up a theme; ok is false where the products do not have the dimension.
func (s *Summary) sheet(t theme) (sheet book.Sheet, ok bool) {
	m := s.Root.Tally.By[t.by]
	if len(m) == 0 {
		return sheet, false
	}
	sheet = book.Sheet{Name: t.name, NameEN: t.en, Columns: valueColumns, Charts: []book.Chart{{Title: t.name + "的面积（亩）", Series: []int{3}}}}
	if t.note != "" {
		sheet.Notes = []string{t.note}
	}
	for _, key := range s.values(t.by) {
		sheet.Rows = append(sheet.Rows, valueRow(s.Names.of(t.by, key), key, m[key], false))
	}
	if slices.Contains(partitions, t.by) {
		sheet.Rows = append(sheet.Rows, valueRow("合计", "", s.Root.Tally.Sum, true))
	}
	return sheet, true
}

// verifiedSheet says what counties concluded, as they returned it; ok is false where nothing was released.
func (s *Summary) verifiedSheet() (sheet book.Sheet, ok bool) {
	v := s.Root.Verified
	if v.Released.Patches == 0 {
		return sheet, false
	}
	sheet = book.Sheet{Name: "核查结论", NameEN: "Conclusions returned by counties", Columns: append(slices.Clone(valueColumns), book.Column{Name: "占已返回", Kind: book.Share})}
	sheet.Columns[1].Name = "依据"
	add := func(name, by string, x Sum, total bool) {
		row := valueRow(name, by, x, total)
		var share any
		if v.Returned.Patches > 0 {
			share = float64(x.Patches) / float64(v.Returned.Patches)
		}
		row.Cells = append(row.Cells, share)
		sheet.Rows = append(sheet.Rows, row)
	}
	for _, key := range slices.SortedFunc(maps.Keys(v.Categories), func(a, b string) int {
		return cmp.Or(cmp.Compare(v.Categories[b].Patches, v.Categories[a].Patches), cmp.Compare(a, b))
	}) {
		add(key, "县级返回类别", v.Categories[key], false)
	}
	if v.Returned.Patches > 0 {
		sheet.Charts = []book.Chart{{Title: "核查结论（个）", Series: []int{2}}}
	}
	for _, o := range []verification.Outcome{verification.Changed, verification.Unchanged, verification.Undecided} {
		add(words()[[2]string{"outcome", string(o)}], "按结论含义", v.Outcomes[o], true)
	}
	add("已返回结论", "", v.Returned, true)
	sheet.Rows = append(sheet.Rows, book.Row{Cells: append(valueRow("已下发", "", v.Released, true).Cells, any(nil)), Total: true})
	sheet.Notes = []string{"类别为县级核查返回的结论，面积取核实面积，未填时取下发面积；未返回的不参与占比，没有返回时占比为“—”。Categories are what counties returned. Shares are of the conclusions alone; without any they are not known, which is not 0."}
	if v.Hidden > 0 {
		sheet.Notes = append(sheet.Notes, number(v.Hidden)+" 个已返回图斑的类别不在导出中列出，未计入上表。So many returned patches have a category that is in no export, and are not in this table.")
	}
	return sheet, true
}
