package export

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"tuban/pipeline"
	"tuban/pipeline/verification"
	"tuban/raster/ellipsoid"
)

// The sheets of the workbook.
const (
	sheetPatches    = "核查表"
	sheetCategories = "类别"
	sheetNotes      = "说明"
)

// headerRow is the row of the headers; the title and the clue stand above, patches below it.
const headerRow = 3

// maxSheetRows is the most rows that a sheet has.
const maxSheetRows = excelize.TotalRows - headerRow

// writeWorkbook writes the verification table of a package: what is known of each patch, and columns with lists for the
// county to fill in.
func (j *job) writeWorkbook(path string, p Package) (err error) {
	if len(p.rows) > maxSheetRows {
		return badInput("%s: %d patches, a sheet holds %d: divide the export by county", path, len(p.rows), maxSheetRows)
	}
	scheme, err := verification.Find(j.o.Scheme)
	if err != nil {
		return err
	}
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	b := &workbook{File: f}
	for _, step := range []func() error{
		func() error { return f.SetSheetName("Sheet1", sheetPatches) },
		func() error { return b.styles() },
		func() error { return b.lists(scheme) },
		func() error { return b.rules(len(p.rows)) },
		func() error { return b.page(len(p.rows)) },
		func() error { return j.fillPatches(b, p) },
		func() error { return j.fillNotes(b, p, scheme) },
		func() error {
			now := j.o.Clock.Format(time.RFC3339)
			return f.SetDocProps(&excelize.DocProperties{Created: now, Modified: now, Creator: "tuban " + j.o.Version, Title: j.heading(p) + sheetPatches, Description: title})
		},
	} {
		if err := step(); err != nil {
			return fmt.Errorf("writing %s: %w", path, err)
		}
	}
	return pipeline.ReplaceFile(path, func(w io.Writer) error { return f.Write(w) })
}

// heading is the title of a package for people.
func (j *job) heading(p Package) string {
	var parts []string
	for _, s := range []string{p.XZQDM + p.XMC, "批次 " + j.plan.Batch, p.Part, "疑似变化图斑"} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " ")
}

// workbook is the file with the styles that its cells have.
type workbook struct {
	*excelize.File
	title, clue, head, headFill, text, wrap int
	numbers                                 map[sheetKind]int
	fill                                    map[sheetKind]int
	// firsts is the number of categories of the first level.
	firsts int
}

func (b *workbook) styles() error {
	var failed error
	style := func(s excelize.Style) int {
		id, err := b.NewStyle(&s)
		failed = cmp.Or(failed, err)
		return id
	}
	line := []excelize.Border{}
	for _, side := range []string{"left", "right", "top", "bottom"} {
		line = append(line, excelize.Border{Type: side, Color: "C9D2DC", Style: 1})
	}
	solid := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	centre := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	b.title = style(excelize.Style{Font: &excelize.Font{Bold: true, Size: 16, Color: "1D3D66"}, Alignment: &excelize.Alignment{Vertical: "center"}})
	b.clue = style(excelize.Style{Font: &excelize.Font{Bold: true, Color: "A3201C"}, Alignment: &excelize.Alignment{Vertical: "center"}})
	b.head = style(excelize.Style{Font: &excelize.Font{Bold: true}, Fill: solid("E3EAF2"), Border: line, Alignment: centre})
	b.headFill = style(excelize.Style{Font: &excelize.Font{Bold: true}, Fill: solid("FFE9A8"), Border: line, Alignment: centre})
	b.wrap = style(excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}})
	at := "@"
	b.text = style(excelize.Style{CustomNumFmt: &at, Border: line})
	b.numbers, b.fill = map[sheetKind]int{}, map[sheetKind]int{}
	for _, kind := range slices.Sorted(maps.Keys(decimals)) { // equal workbooks are equal files
		format := "0"
		if n := decimals[kind]; n > 0 {
			format += "." + strings.Repeat("0", n)
		}
		b.numbers[kind] = style(excelize.Style{CustomNumFmt: &format, Border: line})
	}
	mu, day := "0.00", "yyyy-mm-dd"
	for _, kind := range []sheetKind{kindLevel1, kindLevel2, kindLevel3, kindBlank, kindBlankMu, kindBlankDay} {
		format := &at
		switch kind {
		case kindBlankMu:
			format = &mu
		case kindBlankDay:
			format = &day
		}
		b.fill[kind] = style(excelize.Style{CustomNumFmt: format, Border: line, Fill: solid("FFFBEC")})
	}
	return failed
}

// style is that of a cell below the header of a column.
func (b *workbook) style(c sheetColumn) int {
	if c.kind.toFill() {
		return b.fill[c.kind]
	}
	if id, ok := b.numbers[c.kind]; ok {
		return id
	}
	return b.text
}

// page freezes the header, and readies the sheet for printing. It comes before the rows, which are streamed.
func (b *workbook) page(rows int) error {
	last, err := excelize.ColumnNumberToName(len(sheetColumns))
	if err != nil {
		return err
	}
	whole := fmt.Sprintf("A%d:%s%d", headerRow, last, headerRow+rows)
	size, across := 8, "landscape" // A3
	return errors.Join(
		b.SetPanes(sheetPatches, &excelize.Panes{Freeze: true, XSplit: 3, YSplit: headerRow, TopLeftCell: fmt.Sprintf("D%d", headerRow+1), ActivePane: "bottomRight"}),
		b.AutoFilter(sheetPatches, whole, nil),
		b.SetPageLayout(sheetPatches, &excelize.PageLayoutOptions{Size: &size, Orientation: &across}),
		b.footer(sheetPatches),
		b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$1:$%d", sheetPatches, headerRow), Scope: sheetPatches}),
	)
}

// footer prints the clue below every page of a sheet.
func (b *workbook) footer(sheet string) error {
	return b.SetHeaderFooter(sheet, &excelize.HeaderFooterOptions{OddFooter: "&C" + title + "　&P / &N"})
}

// fillPatches streams the table.
func (j *job) fillPatches(b *workbook, p Package) error {
	w, err := b.NewStreamWriter(sheetPatches)
	if err != nil {
		return err
	}
	for i, c := range sheetColumns {
		if err := w.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
	}
	head := make([]any, len(sheetColumns))
	for i, c := range sheetColumns {
		head[i] = excelize.Cell{StyleID: b.head, Value: c.header}
		if c.kind.toFill() {
			head[i] = excelize.Cell{StyleID: b.headFill, Value: c.header}
		}
	}
	err = errors.Join(
		w.SetRow("A1", []any{excelize.Cell{StyleID: b.title, Value: j.heading(p) + sheetPatches}}, excelize.RowOpts{Height: 28}),
		w.SetRow("A2", []any{excelize.Cell{StyleID: b.clue, Value: title + "。" + j.summary(p) + "。黄色各列由县级填写。"}}, excelize.RowOpts{Height: 20}),
		w.SetRow(fmt.Sprintf("A%d", headerRow), head, excelize.RowOpts{Height: 44}),
	)
	for n, i := range p.rows {
		if err != nil {
			return err
		}
		row := cells(j.src.rows[i], n+1)
		for k, v := range row {
			row[k] = excelize.Cell{StyleID: b.style(sheetColumns[k]), Value: v}
		}
		err = w.SetRow(fmt.Sprintf("A%d", headerRow+1+n), row)
	}
	return errors.Join(err, w.Flush())
}

// summary counts a package.
func (j *job) summary(p Package) string {
	return fmt.Sprintf("共 %d 个图斑，%.2f 平方米（%.2f 亩）", p.Count, p.AreaM2, ellipsoid.Mu(p.AreaM2))
}

// fillNotes explains the columns. The sheet is not streamed: of several streams the order in the file is not ours.
func (j *job) fillNotes(b *workbook, p Package, scheme verification.Scheme) error {
	if _, err := b.NewSheet(sheetNotes); err != nil {
		return err
	}
	rows := append([][2]string{{title}}, j.lines(p)...)
	rows = append(rows,
		[2]string{"核查类别", scheme.Name + "。一级、二级、三级类别从下拉列表选取：先选一级，二级列表随之变化。监测编号请勿改动，回收时按它对应。"},
		[2]string{}, [2]string{"列", "Column (English)"})
	for _, c := range sheetColumns {
		rows = append(rows, [2]string{c.header, c.en})
	}
	for i, r := range rows {
		cells := r[:]
		if err := b.SetSheetRow(sheetNotes, fmt.Sprintf("A%d", i+1), &cells); err != nil {
			return err
		}
	}
	return errors.Join(b.footer(sheetNotes), b.SetColWidth(sheetNotes, "A", "A", 26), b.SetColWidth(sheetNotes, "B", "B", 90),
		b.SetCellStyle(sheetNotes, "A1", "A1", b.clue), b.SetCellStyle(sheetNotes, "B2", fmt.Sprintf("B%d", len(rows)), b.wrap))
}
