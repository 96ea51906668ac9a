package book

import (
	"fmt"
	"io"
	"time"

	"github.com/xuri/excelize/v2"
)

// coverName is the tab of the cover.
const coverName = "说明"

// headRows are the rows above a table: its title with the disclaimer, the groups of columns, the columns.
const headRows = 3

// WriteXLSX writes the book as a workbook: a sheet for the cover and one per table, its heading fixed, its charts to the right of
// it. at is the time that the file records as its own. A book that contradicts itself is an error.
func (b Book) WriteXLSX(w io.Writer, at time.Time) (err error) {
	if err := b.check(); err != nil {
		return err
	}
	f := excelize.NewFile()
	defer f.Close()
	x := &workbook{File: f}
	if err := x.makeStyles(); err != nil {
		return err
	}
	stamp := at.UTC().Format(time.RFC3339)
	if err := f.SetDocProps(&excelize.DocProperties{Title: b.Title, Description: disclaimer, Creator: "tuban " + b.Version, Created: stamp, Modified: stamp}); err != nil {
		return err
	}
	if err := f.SetSheetName(f.GetSheetName(0), coverName); err != nil {
		return err
	}
	if err := x.cover(b); err != nil {
		return err
	}
	for _, s := range b.Sheets {
		if err := x.sheet(s); err != nil {
			return fmt.Errorf("sheet %s: %w", s.Name, err)
		}
	}
	_, err = f.WriteTo(w)
	return err
}

// workbook is a file with the styles that its sheets share.
type workbook struct {
	*excelize.File
	title, clue, head, plain, wrapped int
	kinds, totals                     map[Kind]int
}

// formats are the number formats of the kinds.
var formats = map[Kind]string{Text: "@", Count: "#,##0", Square: "#,##0.00", Wide: "#,##0.0000", Share: "0.0%", Number: "#,##0.####"}

func (x *workbook) makeStyles() (err error) {
	style := func(s excelize.Style) (id int) {
		if err == nil {
			id, err = x.NewStyle(&s)
		}
		return id
	}
	line := []excelize.Border{{Type: "bottom", Color: "C9D2DC", Style: 1}}
	x.title = style(excelize.Style{Font: &excelize.Font{Bold: true, Size: 15, Color: "1D3D66"}, Alignment: &excelize.Alignment{Vertical: "center"}})
	x.clue = style(excelize.Style{Font: &excelize.Font{Color: "A3201C"}})
	x.head = style(excelize.Style{
		Font: &excelize.Font{Bold: true, Color: "1C2733"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E3EAF2"}},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}, Border: append(line, excelize.Border{Type: "left", Color: "FFFFFF", Style: 1}),
	})
	x.plain = style(excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Vertical: "top"}})
	x.wrapped = style(excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	x.kinds, x.totals = map[Kind]int{}, map[Kind]int{}
	for kind, format := range formats {
		align := &excelize.Alignment{Horizontal: "right"}
		if kind == Text {
			align = &excelize.Alignment{Horizontal: "left"}
		}
		x.kinds[kind] = style(excelize.Style{CustomNumFmt: &format, Alignment: align, Border: line})
		x.totals[kind] = style(excelize.Style{CustomNumFmt: &format, Alignment: align, Font: &excelize.Font{Bold: true}, Border: []excelize.Border{{Type: "top", Color: "8FA1B5", Style: 2}}})
	}
	return err
}

// cover writes the title, the facts and the notes.
func (x *workbook) cover(b Book) error {
	row := 0
	line := func(style int, values ...any) error {
		row++
		if err := x.SetSheetRow(coverName, at(1, row), &values); err != nil {
			return err
		}
		return x.SetCellStyle(coverName, at(1, row), at(1, row), style)
	}
	if err := line(x.title, b.Title+"  "+b.TitleEN); err != nil {
		return err
	}
	if err := line(x.clue, disclaimer); err != nil {
		return err
	}
	if err := line(x.plain, b.Subtitle); err != nil {
		return err
	}
	row++
	for _, g := range b.Figures {
		if err := line(x.plain, g.Label, g.Value+"  "+g.Note); err != nil {
			return err
		}
	}
	for _, f := range b.Facts {
		if err := line(x.plain, f.Name, f.Value); err != nil {
			return err
		}
	}
	row++
	for _, n := range b.Notes {
		if err := line(x.wrapped, n); err != nil {
			return err
		}
		if err := x.MergeCell(coverName, at(1, row), at(2, row)); err != nil {
			return err
		}
		if err := x.SetRowHeight(coverName, row, 16*float64(1+2*len([]rune(n))/110)); err != nil {
			return err
		}
	}
	if err := x.SetColWidth(coverName, "A", "A", 30); err != nil {
		return err
	}
	if err := x.SetColWidth(coverName, "B", "B", 80); err != nil {
		return err
	}
	return x.page(coverName)
}

// page makes a sheet print on A4 with the disclaimer at its foot.
func (x *workbook) page(sheet string) error {
	landscape, a4, wide, tall, fit := "landscape", 9, 1, 0, true
	if err := x.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := x.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &wide, FitToHeight: &tall}); err != nil {
		return err
	}
	return x.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: "&L&A&C" + disclaimer + "&R&P / &N"})
}

// at is the name of a cell, column and row from 1.
func at(col, row int) string {
	name, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		panic(err) // columns and rows are counted here, from 1
	}
	return name
}
