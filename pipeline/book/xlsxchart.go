package book

import (
	"strings"

	"github.com/xuri/excelize/v2"

	"tuban/pipeline/picture"
)

// reference is the sheet's name as it stands before a cell in a formula.
func (s Sheet) reference() string { return "'" + strings.ReplaceAll(s.Name, "'", "''") + "'!" }

// cell is the absolute reference of a cell, column and row from 1.
func (s Sheet) cell(col, row int) string {
	name, err := excelize.CoordinatesToCellName(col, row, true)
	if err != nil {
		panic(err) // columns and rows are counted here, from 1
	}
	return s.reference() + name
}

// columns is the reference of the first rows of the columns from k to last, from 0, below the headings.
func (s Sheet) columns(k, last, rows int) string {
	return s.cell(k+1, headRows+1) + ":" + strings.TrimPrefix(s.cell(last+1, headRows+rows), s.reference())
}

// chart draws the first rows of a table; totals stand below all others.
func (x *workbook) chart(s Sheet, c Chart, rows int, some bool, place string) error {
	kind, overlap := excelize.Bar, 0
	if c.Stacked {
		kind, overlap = excelize.BarStacked, 100
	}
	bars := rows
	if !c.Stacked {
		bars *= len(c.Series)
	}
	chart := &excelize.Chart{
		Type: kind, Overlap: &overlap, Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: c.heading(rows, some)}}},
		Legend: excelize.ChartLegend{Position: "bottom"}, YAxis: excelize.ChartAxis{MajorGridLines: true}, XAxis: excelize.ChartAxis{ReverseOrder: true},
		Dimension: excelize.ChartDimension{Width: 720, Height: uint(220 + 14*bars)},
	}
	_, byGroup := c.names(s.Columns)
	for i, k := range c.Series {
		first, row := k, headRows
		if s.Columns[k].Group == "" {
			row--
		}
		for byGroup && first > 0 && s.Columns[first-1].Group == s.Columns[k].Group {
			first--
		}
		if byGroup {
			row = headRows - 1
		}
		chart.Series = append(chart.Series, excelize.ChartSeries{
			Name: s.cell(first+1, row), Categories: s.columns(c.Label, max(c.Label, c.LabelTo), rows), Values: s.columns(k, k, rows),
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour(i)[1:]}},
		})
	}
	return x.AddChart(s.Name, place, chart)
}

// colour is that of the i-th series in both forms of a book. The palette's blue begins: one series alone is no alarm.
func colour(i int) string {
	order := [...]int{5, 0, 4, 6, 1, 3, 2, 7}
	return picture.Hex(picture.Palette(order[i%len(order)]))
}
