package recall

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// headRows is how far down a sheet its headings are looked for: titles and notes may stand above.
const headRows = 12

// maxUnzipped bounds in bytes what a workbook unpacks to: a table of a province has a few ten megabytes.
const maxUnzipped = 1 << 30

// ReadWorkbook reads every sheet of an XLSX workbook that has the headings 监测编号 and 核查类别一级, whatever stands above them. A
// workbook without such a sheet is an error that says what was found.
func ReadWorkbook(r io.Reader) (*Table, error) {
	f, err := excelize.OpenReader(r, excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnzipped})
	if err != nil {
		return nil, fmt.Errorf("this is no XLSX workbook (%w): save it as .xlsx, without a password", err)
	}
	defer f.Close()
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil && *p.Date1904 {
		return nil, errors.New("its dates count from 1904: switch that off in the options of the spreadsheet program, check the dates, and save it again")
	}
	out := &Table{}
	var seen []string
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			return nil, fmt.Errorf("sheet %s: %w", sheet, err)
		}
		head, at := -1, map[Column]int(nil)
		for i, row := range rows[:min(headRows, len(rows))] {
			columns, unread := assign(row)
			if isTable(columns) {
				head, at = i, columns
				out.Unread = append(out.Unread, unread...)
				break
			}
		}
		if head < 0 {
			seen = append(seen, sheet)
			continue
		}
		for i, row := range rows[head+1:] {
			if slices.ContainsFunc(row, func(s string) bool { return strings.TrimSpace(s) != "" }) {
				out.Rows = append(out.Rows, newRow(fmt.Sprintf("%s!%d", sheet, head+2+i), row, at))
			}
		}
	}
	if len(out.Rows) == 0 && len(seen) == len(f.GetSheetList()) {
		return nil, fmt.Errorf("none of its sheets (%s) has the headings 监测编号 and 核查类别一级 in its first %d rows: give the verification table that `tuban export` wrote, filled in", strings.Join(seen, ", "), headRows)
	}
	out.Unread = unique(out.Unread)
	return out, nil
}

// newRow takes the columns out of the cells of a row, which may end early.
func newRow(place string, cells []string, at map[Column]int) Row {
	r := Row{Place: place, Values: map[Column]string{}}
	for c, i := range at {
		if i < len(cells) {
			r.Values[c] = strings.Trim(cells[i], " \t\r\n\u3000\u00a0\ufeff")
		}
	}
	return r
}

// unique is the list without what stands in it twice, in its order.
func unique(list []string) (out []string) {
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
