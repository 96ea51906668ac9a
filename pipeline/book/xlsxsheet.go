package book

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// sheet writes one table.
func (x *workbook) sheet(s Sheet) error {
	if _, err := x.NewSheet(s.Name); err != nil {
		return err
	}
	if err := x.heading(s); err != nil {
		return err
	}
	for i, r := range s.Rows {
		if err := x.row(s, headRows+1+i, r); err != nil {
			return err
		}
	}
	end := headRows + len(s.Rows)
	for i, n := range s.Notes {
		if err := x.SetCellStr(s.Name, at(1, end+2+i), n); err != nil {
			return err
		}
	}
	if err := x.SetPanes(s.Name, &excelize.Panes{Freeze: true, XSplit: min(2, len(s.Columns)-1), YSplit: headRows, TopLeftCell: at(min(2, len(s.Columns)-1)+1, headRows+1), ActivePane: "bottomRight"}); err != nil {
		return err
	}
	titles := fmt.Sprintf("%s$1:$%d", s.reference(), headRows)
	if err := x.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: titles, Scope: s.Name}); err != nil {
		return err
	}
	below := 1
	for _, c := range s.Charts {
		rows, some := c.drawn(s.Rows)
		if len(rows) == 0 {
			continue
		}
		if err := x.chart(s, c, len(rows), some, at(len(s.Columns)+2, below)); err != nil {
			return err
		}
		below += 18 + len(rows)*len(c.Series)/2
	}
	return x.page(s.Name)
}

// heading writes what stands above a table, and sets the widths of its columns.
func (x *workbook) heading(s Sheet) error {
	if err := x.SetCellRichText(s.Name, "A1", []excelize.RichTextRun{
		{Text: s.Name + "  " + s.NameEN + "    ", Font: &excelize.Font{Bold: true, Size: 14, Color: "1D3D66"}},
		{Text: disclaimer, Font: &excelize.Font{Color: "A3201C"}},
	}); err != nil {
		return err
	}
	if err := x.SetRowHeight(s.Name, 1, 24); err != nil {
		return err
	}
	if err := x.SetRowHeight(s.Name, headRows, 32); err != nil {
		return err
	}
	for i := 0; i < len(s.Columns); {
		n := i + 1
		for s.Columns[i].Group != "" && n < len(s.Columns) && s.Columns[n].Group == s.Columns[i].Group {
			n++
		}
		top, bottom := at(i+1, headRows-1), at(n, headRows-1)
		if s.Columns[i].Group == "" {
			bottom = at(n, headRows)
		}
		if err := x.SetCellStr(s.Name, top, s.Columns[i].upper()); err != nil {
			return err
		}
		if err := x.MergeCell(s.Name, top, bottom); err != nil {
			return err
		}
		for k := i; k < n; k++ {
			if s.Columns[i].Group != "" {
				if err := x.SetCellStr(s.Name, at(k+1, headRows), s.Columns[k].Name); err != nil {
					return err
				}
			}
			letters, err := excelize.ColumnNumberToName(k + 1)
			if err != nil {
				return err
			}
			if err := x.SetColWidth(s.Name, letters, letters, s.width(k)); err != nil {
				return err
			}
		}
		i = n
	}
	return x.SetCellStyle(s.Name, at(1, headRows-1), at(len(s.Columns), headRows), x.head)
}

// upper is what stands in the upper row of the headings.
func (c Column) upper() string {
	if c.Group == "" {
		return c.Name
	}
	return c.Group
}

// width is the width of a column in characters, from what stands in it.
func (s Sheet) width(k int) float64 {
	if s.Columns[k].Kind != Text {
		return 13
	}
	most := 2 * utf8.RuneCountInString(s.Columns[k].Name)
	for _, r := range s.Rows {
		if v, ok := r.Cells[k].(string); ok {
			most = max(most, (len(v)+utf8.RuneCountInString(v))/2+2*r.Depth*(1-min(k, 1))) // a Han character takes two places, and three bytes
		}
	}
	return float64(min(max(most+2, 8), 48))
}

func (x *workbook) row(s Sheet, n int, r Row) error {
	for k, v := range r.Cells {
		cell := at(k+1, n)
		style := x.kinds[s.Columns[k].Kind]
		if r.Total {
			style = x.totals[s.Columns[k].Kind]
		}
		var err error
		switch v := v.(type) {
		case nil:
			if !r.Total || s.Columns[k].Kind != Text {
				err = x.SetCellStr(s.Name, cell, unknown)
			}
		case string:
			if s.Tree && k == 0 {
				v = strings.Repeat("\u3000", r.Depth) + v
			}
			err = x.SetCellStr(s.Name, cell, v)
		default:
			err = x.SetCellValue(s.Name, cell, v)
		}
		if err != nil {
			return err
		}
		if err := x.SetCellStyle(s.Name, cell, cell, style); err != nil {
			return err
		}
	}
	if s.Tree && r.Depth > 0 {
		return x.SetRowOutlineLevel(s.Name, n, uint8(min(r.Depth, 7)))
	}
	return nil
}
