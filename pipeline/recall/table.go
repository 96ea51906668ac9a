package recall

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/width"
)

// Column is what a column of a verification table says.
type Column string

// The columns that are read back.
const (
	Number  Column = "jcbh" // 监测编号
	Level1  Column = "level1"
	Level2  Column = "level2"
	Level3  Column = "level3"
	By      Column = "by"
	On      Column = "on"
	AreaMu  Column = "area_mu"
	AreaM2  Column = "area_m2"
	Photos  Column = "photos"
	Remarks Column = "note"
)

// answers are the columns that a county fills in.
var answers = []Column{Level1, Level2, Level3, By, On, AreaMu, AreaM2, Photos, Remarks}

// Table is a verification table as it was read, from a workbook or a layer.
type Table struct {
	Rows []Row
	// Unread are the headings of columns that are not read back.
	Unread []string
}

// Row is a row of the table: Place is where it stands, for people, and Values what the county wrote, without surrounding blanks.
type Row struct {
	Place  string
	Values map[Column]string
}

// empty reports whether the county has not filled the row in. The note alone does not count: it may be an export's.
func (r Row) empty() bool {
	return !slices.ContainsFunc(answers, func(c Column) bool { return c != Remarks && r.Values[c] != "" })
}

//go:embed headings.csv
var headingsCSV string

// headings maps each heading, plain, to the column it is of.
var headings = sync.OnceValue(func() map[string]Column {
	out := map[string]Column{}
	for _, row := range rows("headings.csv", headingsCSV, 2) {
		for _, name := range strings.Fields(row[1]) {
			out[plain(name)] = Column(row[0])
		}
	}
	return out
})

// plain is a heading without blanks, line breaks and the star of columns that must be filled in, its full-width forms narrow, in capitals.
func plain(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || r == '\ufeff' || r == '*':
			return -1
		case r == '²':
			return '2'
		}
		return r
	}, width.Narrow.String(s)))
}

// assign finds the columns that the headings name; the first heading of a column counts, and whatever is not read back is listed.
func assign(names []string) (at map[Column]int, unread []string) {
	at = map[Column]int{}
	for i, name := range names {
		c, ok := headings()[plain(name)]
		if _, taken := at[c]; ok && !taken {
			at[c] = i
		} else if strings.TrimSpace(name) != "" {
			unread = append(unread, strings.TrimSpace(name))
		}
	}
	return at, unread
}

// isTable reports whether the headings are those of a verification table.
func isTable(at map[Column]int) bool {
	_, number := at[Number]
	_, level := at[Level1]
	return number && level
}
