package book

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// sample has a tree, groups of columns, values that are not known and two charts.
func sample() Book {
	columns := []Column{
		{"", "行政区", Text}, {"", "代码", Text}, {"图斑", "个数", Count}, {"图斑", "面积（亩）", Square}, {"耕地非农化", "面积（亩）", Square}, {"林地减少", "面积（亩）", Square}, {"", "核实占比", Share},
	}
	rows := []Row{
		{Cells: []any{"吉林省", "22", 1203, 4521.5, 4000.25, 521.25, 0.00012}, Depth: 0},
		{Cells: []any{"农安县", "220122", 3, 15.0, 15.0, 0.0, nil}, Depth: 1},
		{Cells: []any{"=1+1 <b>", "220182", 1200, 4506.5, 3985.25, 521.25, 0.99999}, Depth: 1},
		{Cells: []any{"合计", nil, 1203, 4521.5, 4000.25, 521.25, 0.5}, Total: true},
	}
	charts := []Chart{{Title: "图斑面积", Label: 0, Series: []int{3}}, {Title: "类别", Label: 0, Series: []int{4, 5}, Stacked: true}}
	return Book{
		Title: "汇总", TitleEN: "Summary", Subtitle: "2026-06 至 2026-09", Version: "test",
		Figures: []Figure{{"1,203", "图斑", "4,521.50 亩"}}, Facts: []Fact{{"产品", "out"}}, Notes: []string{"说明一。One."},
		Sheets: []Sheet{
			{Name: "行政区", NameEN: "Units", Columns: columns, Rows: rows, Charts: charts},
			{Name: "下钻", NameEN: "Tree", Columns: columns, Rows: rows[:3], Tree: true},
			{Name: "村", NameEN: "Villages", Columns: columns[:2], Rows: []Row{{Cells: []any{"只在表中", "1"}}}, WorkbookOnly: true},
		},
	}
}

func TestWorkbookReadsBack(t *testing.T) {
	var b bytes.Buffer
	if err := sample().WriteXLSX(&b, time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, c := range []struct{ sheet, cell, want string }{
		{"行政区", "A2", "行政区"}, {"行政区", "C2", "图斑"}, {"行政区", "D3", "面积（亩）"}, {"行政区", "C4", "1203"}, {"行政区", "D5", "15"},
		{"行政区", "G5", unknown}, {"行政区", "A6", "=1+1 <b>"}, {"行政区", "B7", ""}, {"下钻", "A5", "\u3000农安县"}, {"村", "A4", "只在表中"},
	} {
		if got, err := f.GetCellValue(c.sheet, c.cell, excelize.Options{RawCellValue: true}); err != nil || got != c.want {
			t.Errorf("%s!%s is %q, %v; want %q", c.sheet, c.cell, got, err, c.want)
		}
	}
	for _, s := range f.GetSheetList() {
		cells, err := f.SearchSheet(s, ".*仅作线索，不作为处罚依据.*", true)
		if err != nil || len(cells) == 0 {
			t.Errorf("%s does not carry the disclaimer", s)
		}
	}
	if level, err := f.GetRowOutlineLevel("下钻", 5); err != nil || level != 1 {
		t.Errorf("outline level %d, %v", level, err)
	}
}

// Another reader finds the same numbers, as numbers, the formats and the charts.
func TestWorkbookInOpenpyxl(t *testing.T) {
	python := ""
	for _, p := range []string{"python3", "/usr/bin/python3"} {
		if python == "" && exec.Command(p, "-c", "import openpyxl").Run() == nil {
			python = p
		}
	}
	if python == "" {
		t.Skip("SKIPPED: no Python with openpyxl to read the workbook with: apt-get install python3-openpyxl")
	}
	path := filepath.Join(t.TempDir(), "book.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := sample().WriteXLSX(f, time.Unix(0, 0)); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(python, "-c", `
import openpyxl, sys
w = openpyxl.load_workbook(sys.argv[1])
s = w['行政区']
print(w.sheetnames, s.freeze_panes, len(s._charts), s.print_title_rows)
print([c.value for c in s[4]], s['D4'].number_format, s['G4'].number_format, s['A6'].data_type)
`, path).CombinedOutput()
	want := `['说明', '行政区', '下钻', '村'] C4 2 $1:$3
['吉林省', '22', 1203, 4521.5, 4000.25, 521.25, 0.00012] #,##0.00 0.0% s
`
	if err != nil || string(out) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, out, want)
	}
}

func TestPage(t *testing.T) {
	var b, again bytes.Buffer
	if err := sample().WriteHTML(&b); err != nil {
		t.Fatal(err)
	}
	if err := sample().WriteHTML(&again); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Errorf("equal books give other pages: %v", err)
	}
	text := b.String()
	for _, want := range []string{"4,521.50", "&lt;0.1%", "&gt;99.9%", "=1&#43;1 &lt;b&gt;", "—", `colspan="2"`, "<details open>"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, s := range strings.Split(text, "<section")[1:] {
		if !strings.Contains(s, "仅作线索，不作为处罚依据") {
			t.Errorf("a section without the disclaimer: %.80s", s)
		}
	}
	if strings.Contains(text, "只在表中") {
		t.Error("a table for the workbook alone is in the page")
	}
	if ask := regexp.MustCompile(`(src|href)="[^#]|url\(|@import|<script`).FindString(text); ask != "" {
		t.Errorf("the page asks for something: %s", ask)
	}
}

func TestContradictions(t *testing.T) {
	for want, spoil := range map[string]func(*Book){
		"1 values for 7 columns": func(b *Book) { b.Sheets[0].Rows[0].Cells = []any{"a"} },
		"a string is no count":   func(b *Book) { b.Sheets[0].Rows[0].Cells[2] = "3" },
		"is empty, longer":       func(b *Book) { b.Sheets[1].Name = b.Sheets[0].Name },
		"stands below a total":   func(b *Book) { b.Sheets[0].Rows[0].Total = true },
		"draws column 9":         func(b *Book) { b.Sheets[0].Charts[0].Label = 9 },
	} {
		b := sample()
		spoil(&b)
		if err := b.WriteHTML(&bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
		if err := b.WriteXLSX(&bytes.Buffer{}, time.Unix(0, 0)); err == nil {
			t.Errorf("%s: no error", want)
		}
	}
}

// Bars stay inside of the drawing, those of one row do not overlap when stacked, and their widths are as the values are.
func TestDrawingLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, series := rapid.IntRange(1, 6).Draw(t, "rows"), rapid.IntRange(1, 4).Draw(t, "series")
		s := Sheet{Columns: []Column{{"", "a", Text}}}
		c := Chart{Stacked: rapid.Bool().Draw(t, "stacked")}
		for k := range series {
			s.Columns = append(s.Columns, Column{"", fmt.Sprint(k), Square})
			c.Series = append(c.Series, k+1)
		}
		for range n {
			r := Row{Cells: []any{"x"}}
			for range series {
				r.Cells = append(r.Cells, rapid.Float64Range(-50, 100).Draw(t, "v"))
			}
			s.Rows = append(s.Rows, r)
		}
		d := s.draw(c)
		for i, b := range d.Bars {
			if b.X < labelWidth-1e-6 || b.X+b.W > chartWidth-valueWidth+1e-6 || b.W < 0 || int(b.Y)+barHeight > d.Height {
				t.Fatalf("bar %+v outside of %d × %d", b, d.Width, d.Height)
			}
			for _, o := range d.Bars[:i] {
				if o.Y == b.Y && o.X < b.X+b.W-1e-6 && b.X < o.X+o.W-1e-6 {
					t.Fatalf("bars %+v and %+v overlap", o, b)
				}
			}
		}
	})
}
