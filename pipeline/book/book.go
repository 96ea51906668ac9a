package book

import (
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	"tuban/pipeline/report"
)

// Book is a document: a cover and sheets.
type Book struct {
	Title, TitleEN string
	// Subtitle says of what and when, such as the day of the imagery.
	Subtitle string
	// Figures stand large on the cover; Facts are names and values; Notes are said in full sentences, Chinese first.
	Figures []Figure
	Facts   []Fact
	Notes   []string
	// Version is that of the program.
	Version string
	Sheets  []Sheet
}

// Figure is a number that the reader should see first.
type Figure struct{ Value, Label, Note string }

// Fact is a line of the cover.
type Fact struct{ Name, Value string }

// Sheet is a table with its charts.
type Sheet struct {
	// Name is the tab of a workbook, at most 31 characters, without : \ / ? * [ ].
	Name, NameEN string
	Notes        []string
	Columns      []Column
	Rows         []Row
	Charts       []Chart
	// Tree says that the rows are a tree by their Depth, each below the last row before it that is less deep. Its first column
	// names the row; a reader opens and closes the branches.
	Tree bool
	// WorkbookOnly leaves a long table out of the HTML file.
	WorkbookOnly bool
}

// Column is a column of a table. Neighbours of the same Group share a heading above theirs.
type Column struct {
	Group, Name string
	Kind        Kind
}

// Kind is what a column holds; it decides how values are formatted.
type Kind string

// The kinds of columns. A nil value is not known in any of them, and reads —.
const (
	Text   Kind = "text"   // string
	Count  Kind = "count"  // int
	Square Kind = "square" // float64, an area with two decimals, in the unit that the heading says
	Wide   Kind = "wide"   // float64, an area in a unit as large as 公顷, with four decimals
	Share  Kind = "share"  // float64, 0 to 1, shown in percent
	Number Kind = "number" // float64, any other number, with up to four decimals
)

// Row is a row of a table: a value per column. Total sets it apart, below the others.
type Row struct {
	Cells []any
	Depth int
	Total bool
}

// Chart draws columns of a table as horizontal bars, one per row that is no total; Stacked puts the columns of a row one behind
// the other, else they stand below each other. A row is called by its columns from Label to LabelTo, or by Label alone where that is 0. Of
// more than Most rows (0: 40) the first are drawn, and the chart says so.
type Chart struct {
	Title   string
	Label   int
	LabelTo int
	Series  []int
	Stacked bool
	Most    int
}

// unknown is what a value that is not known reads.
const unknown = "—"

// check refuses a book that contradicts itself, which is a mistake of the caller.
func (b Book) check() error {
	seen := map[string]bool{coverName: true}
	for _, s := range b.Sheets {
		n := utf8.RuneCountInString(s.Name)
		if n == 0 || n > 31 || seen[s.Name] {
			return fmt.Errorf("book: the sheet name %q is empty, longer than 31 characters, or taken", s.Name)
		}
		seen[s.Name] = true
		for i, r := range s.Rows {
			if i > 0 && s.Rows[i-1].Total && !r.Total {
				return fmt.Errorf("book: sheet %s: row %d stands below a total", s.Name, i)
			}
			if len(r.Cells) != len(s.Columns) {
				return fmt.Errorf("book: sheet %s: row %d has %d values for %d columns", s.Name, i, len(r.Cells), len(s.Columns))
			}
			for k, v := range r.Cells {
				if !s.Columns[k].Kind.holds(v) {
					return fmt.Errorf("book: sheet %s: row %d, column %s: a %T is no %s", s.Name, i, s.Columns[k].Name, v, s.Columns[k].Kind)
				}
			}
		}
		for _, c := range s.Charts {
			for _, k := range append([]int{c.Label, c.LabelTo}, c.Series...) {
				if k < 0 || k >= len(s.Columns) {
					return fmt.Errorf("book: sheet %s: the chart %q draws column %d of %d", s.Name, c.Title, k, len(s.Columns))
				}
			}
		}
	}
	return nil
}

func (k Kind) holds(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return k == Text
	case int:
		return k == Count
	case float64:
		return slices.Contains([]Kind{Square, Wide, Share, Number}, k) && !math.IsNaN(v) && !math.IsInf(v, 0)
	}
	return false
}

// drawn are the rows that a chart draws; some says that there are more.
func (c Chart) drawn(rows []Row) (out []int, some bool) {
	most := c.Most
	if most == 0 {
		most = 40
	}
	for i, r := range rows {
		if r.Total {
			continue
		}
		if len(out) == most {
			return out, true
		}
		out = append(out, i)
	}
	return out, false
}

// heading is the chart's title, with how many rows it is of where that is not all.
func (c Chart) heading(drawn int, some bool) string {
	if !some {
		return c.Title
	}
	return fmt.Sprintf("%s（前 %d 行）", c.Title, drawn)
}

// names are what a chart calls its series: the groups of the columns, where these tell them apart, else the columns' names.
func (c Chart) names(columns []Column) (out []string, byGroup bool) {
	groups := map[string]bool{}
	for _, k := range c.Series {
		groups[columns[k].Group] = true
	}
	byGroup = len(groups) == len(c.Series) && !groups[""]
	for _, k := range c.Series {
		if byGroup {
			out = append(out, columns[k].Group)
		} else {
			out = append(out, columns[k].Name)
		}
	}
	return out, byGroup
}

// disclaimer stands on every sheet.
const disclaimer = report.Disclaimer + "  " + report.DisclaimerEN
