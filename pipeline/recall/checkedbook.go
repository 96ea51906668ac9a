package recall

import (
	"strconv"
	"strings"

	"tuban/pipeline/book"
	"tuban/raster/ellipsoid"
)

// Book is the report of the check (校验报告): what was taken, what was sent back, by row and with what to do.
func (c *Checked) Book(version string) book.Book {
	columns := []book.Column{
		{Name: "所在行", Kind: book.Text}, {Name: "监测编号", Kind: book.Text}, {Name: "校验结果", Kind: book.Text},
		{Name: "问题与处理", Kind: book.Text}, {Name: "提示", Kind: book.Text},
		{Name: "核查类别", Kind: book.Text}, {Name: "核查人", Kind: book.Text}, {Name: "核查日期", Kind: book.Text}, {Name: "核实面积（亩）", Kind: book.Square},
	}
	hidden := 0
	var refused, all []book.Row
	for _, f := range c.Findings {
		cells := []any{f.Place, f.JCBH, statusZH[f.Status], text(strings.Join(f.Problems, "；")), text(strings.Join(f.Hints, "；")), nil, nil, nil, nil}
		if r := f.Return; r != nil {
			category, shown := conclusion(r.Level1, r.Level2, r.Level3)
			if !shown {
				hidden++
			}
			cells[5], cells[6], cells[7] = category, text(r.By), text(r.On)
			if r.AreaM2 > 0 {
				cells[8] = ellipsoid.Mu(r.AreaM2)
			}
		}
		all = append(all, book.Row{Cells: cells})
		if f.Status == Refused {
			refused = append(refused, book.Row{Cells: cells[:5:5]})
		}
	}
	notes := []string{
		"退回的行改正后整表重新导入即可：已入库的行不会重复入库。Correct the rows that were sent back and read the whole table again: rows that the register has are not added twice.",
	}
	if len(c.Unread) > 0 {
		notes = append(notes, "以下列不读回："+strings.Join(c.Unread, "、")+"。These columns are not read back.")
	}
	if hidden > 0 {
		notes = append(notes, strconv.Itoa(hidden)+" 行的核查类别不在导出中列出。The category of so many rows is in no export.")
	}
	result := "已写入台账 " + strconv.Itoa(c.Added) + " 条"
	if c.Added == 0 {
		result = "未写入台账"
	}
	return book.Book{
		Title: "核查结果校验报告", TitleEN: "Check of returned verifications", Subtitle: c.File, Version: version,
		Figures: []book.Figure{
			{Value: strconv.Itoa(len(c.Findings)), Label: "行"}, {Value: strconv.Itoa(c.Count(Accepted)), Label: statusZH[Accepted]}, {Value: strconv.Itoa(c.Count(Refused)), Label: statusZH[Refused]},
			{Value: strconv.Itoa(c.Count(Known)), Label: statusZH[Known]}, {Value: strconv.Itoa(c.Count(Blank)), Label: statusZH[Blank]},
		},
		Facts: []book.Fact{{Name: "文件 SHA-256", Value: c.Hash}, {Name: "台账", Value: c.Register}, {Name: "分类方案", Value: c.Scheme}, {Name: "结果", Value: result}},
		Notes: notes,
		Sheets: []book.Sheet{
			{Name: "退回的行", NameEN: "Rows sent back", Columns: columns[:5], Rows: refused},
			{Name: "全部行", NameEN: "All rows", Columns: columns, Rows: all},
		},
	}
}

// text keeps "" out of tables: what is not known reads —.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}
