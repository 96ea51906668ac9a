package rollup

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"tuban/pipeline/book"
)

// balanceName is what an account is of, for people.
var balanceName = map[string]string{"cropland": "耕地", "basic_farmland": "永久基本农田"}

// balanceSheet draws up the balance against the targets.
func (s *Summary) balanceSheet() (sheet book.Sheet, ok bool) {
	if len(s.Balance) == 0 {
		return sheet, false
	}
	hectares := func(a *Area) any {
		if a == nil {
			return nil
		}
		return a.M2() / 10000
	}
	sheet = book.Sheet{
		Name: "耕地与永农平衡", NameEN: "Balance against targets",
		Columns: []book.Column{
			{Name: "代码", Kind: book.Text}, {Name: "单元", Kind: book.Text}, {Name: "项目", Kind: book.Text},
			{Group: "目标（公顷）", Name: "基数", Kind: book.Wide}, {Group: "目标（公顷）", Name: "保护目标", Kind: book.Wide},
			{Group: "占用（公顷）", Name: "已核实", Kind: book.Wide}, {Group: "占用（公顷）", Name: "疑似未核实", Kind: book.Wide},
			{Group: "与目标相比（公顷）", Name: "扣除已核实后余量", Kind: book.Wide}, {Group: "与目标相比（公顷）", Name: "疑似全部属实时余量", Kind: book.Wide},
			{Group: "核实情况", Name: "已核实占基数", Kind: book.Share}, {Group: "核实情况", Name: "已下发（个）", Kind: book.Count}, {Group: "核实情况", Name: "已返回（个）", Kind: book.Count},
		},
		Charts: []book.Chart{{Title: "占用面积（公顷）", Label: 1, LabelTo: 2, Series: []int{5, 6}, Stacked: true}},
		Notes: []string{
			"目标文件 " + s.targets + "。已核实为县级返回结论中确有变化的核实面积，按图斑内该地类占比折算；疑似未核实不含内业判读为伪变化或驳回的图斑。余量为负表示低于目标。Verified is what counties concluded did change, by the shares of the patch; what is suspected and open is apart. Below 0 is below the target.",
		},
	}
	for _, b := range s.Balance {
		left := b.Left()
		cells := []any{b.Code, known(b.Name), balanceName[b.Of], hectares(&b.Base), hectares(&b.Target), hectares(b.Verified), hectares(b.Suspected), hectares(&left), nil, nil, b.Released, b.Returned}
		if all, ok := b.IfAll(); ok {
			cells[8] = hectares(&all)
		}
		if share, ok := b.Share(); ok {
			cells[9] = share
		}
		sheet.Rows = append(sheet.Rows, book.Row{Cells: cells})
	}
	return sheet, true
}

// changeSheets compare with the run before: by relation, and by county.
func (s *Summary) changeSheets() (out []book.Sheet) {
	c := s.Comparison
	if c == nil {
		return nil
	}
	tracks := book.Sheet{Name: "与上期比较", NameEN: "Compared with the run before", Columns: valueColumns, Charts: []book.Chart{{Title: "图斑（个）", Series: []int{2}}}}
	for _, key := range []string{"new", "same", "grown", "shrunk", "split", "merged", none} {
		if x, ok := c.Tracks[key]; ok {
			tracks.Rows = append(tracks.Rows, valueRow(s.Names.of(ByTrack, key), key, x, false))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c.Gone)) {
		tracks.Rows = append(tracks.Rows, valueRow("消失："+cmp.Or(words()[[2]string{"reason", key}], key), key, c.Gone[key], false))
	}
	tracks.Notes = []string{"消失的图斑不在本期合计中；未观测到的不等于已恢复。What is gone is not in the totals of this run; what was not observed has not been put right."}
	if c.Before == nil {
		return []book.Sheet{tracks}
	}
	units := book.Sheet{
		Name: "与上期比较（按县）", NameEN: "Compared with the run before, by county",
		Columns: []book.Column{
			{Name: "代码", Kind: book.Text}, {Name: "名称", Kind: book.Text},
			{Group: "图斑（个）", Name: "上期", Kind: book.Count}, {Group: "图斑（个）", Name: "本期", Kind: book.Count}, {Group: "图斑（个）", Name: "增减", Kind: book.Count}, {Group: "图斑（个）", Name: "消失", Kind: book.Count},
			{Group: "面积（亩）", Name: "上期", Kind: book.Square}, {Group: "面积（亩）", Name: "本期", Kind: book.Square}, {Group: "面积（亩）", Name: "增减", Kind: book.Square},
			{Group: "耕地（亩）", Name: "上期", Kind: book.Square}, {Group: "耕地（亩）", Name: "本期", Kind: book.Square}, {Group: "耕地（亩）", Name: "增减", Kind: book.Square},
		},
		Charts: []book.Chart{{Title: "面积增减（亩）", Label: 1, Series: []int{8}}},
	}
	row := func(code, name string, before, now *Node, gone int, total bool) {
		if before == nil {
			before = &Node{}
		}
		if now == nil {
			now = &Node{}
		}
		old, cur := before.Tally, now.Tally
		cells := []any{known(code), known(name), old.Patches, cur.Patches, cur.Patches - old.Patches, gone, old.Area.Mu(), cur.Area.Mu(), (cur.Area - old.Area).Mu(), nil, nil, nil}
		if _, ok := s.Root.Tally.In(ByGroup, "cropland"); ok {
			a, b := old.By[ByGroup]["cropland"].Area, cur.By[ByGroup]["cropland"].Area
			cells[9], cells[10], cells[11] = a.Mu(), b.Mu(), (b - a).Mu()
		}
		units.Rows = append(units.Rows, book.Row{Cells: cells, Total: total})
	}
	goneIn := func(m map[string]Sum) (n int) {
		for _, x := range m {
			n += x.Patches
		}
		return n
	}
	codes := map[string]string{}
	for _, tree := range []*Node{s.Root, c.Before} {
		tree.each(func(n *Node, _ int, _ []*Node) {
			if n.Level == County && n.Code != "" {
				codes[n.Code] = n.Name
			}
		})
	}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		row(code, codes[code], c.Before.find(code), s.Root.find(code), goneIn(c.GoneBy[code]), false)
	}
	row("", "合计", c.Before, s.Root, goneIn(c.Gone), true)
	return []book.Sheet{tracks, units}
}

// observedSheet says what was not observed, product by product, beside what was found.
func (s *Summary) observedSheet() book.Sheet {
	sheet := book.Sheet{
		Name: "未观测区域", NameEN: "What was not observed",
		Columns: []book.Column{
			{Name: "成果", Kind: book.Text}, {Name: "未观测原因", Kind: book.Text}, {Name: "面积（亩）", Kind: book.Square}, {Name: "面积（公顷）", Kind: book.Wide}, {Name: "面积（平方米）", Kind: book.Square},
		},
		Notes: []string{"未观测处没有结论，不等于没有变化。Where nothing was observed nothing is said; it is not unchanged."},
	}
	total := Area(0)
	row := func(name, reason string, a Area, total bool) {
		sheet.Rows = append(sheet.Rows, book.Row{Cells: []any{name, known(reason), a.Mu(), a.M2() / 10000, a.M2()}, Total: total})
	}
	for _, p := range s.Products {
		for _, g := range p.Unobserved {
			row(cmp.Or(p.Name, p.Dir), cmp.Or(g.Name, g.Reason), g.Area, false)
			total += g.Area
		}
	}
	row("合计", "", total, true)
	return sheet
}

// number is n for a sentence.
func number(n int) string { return strconv.Itoa(n) }
