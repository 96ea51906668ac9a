package book

import (
	"bufio"
	_ "embed"
	"html/template"
	"io"
	"math"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"tuban/pipeline/report"
)

//go:embed book.tmpl
var page string

//go:embed book.css
var style string

var pages = template.Must(template.New("book").Parse(page))

// WriteHTML writes the book as one HTML file: style and charts are inside it, and its content policy forbids every request. Equal
// books give equal bytes. A book that contradicts itself is an error, and nothing is written then.
func (b Book) WriteHTML(w io.Writer) error {
	if err := b.check(); err != nil {
		return err
	}
	v := view{Book: b, Style: template.CSS(style), Disclaimer: report.Disclaimer, DisclaimerEN: report.DisclaimerEN}
	for _, s := range b.Sheets {
		if !s.WorkbookOnly {
			v.Parts = append(v.Parts, s.part())
		}
	}
	out := bufio.NewWriter(w)
	if err := pages.Execute(out, v); err != nil {
		return err
	}
	return out.Flush()
}

// view is what the template reads.
type view struct {
	Book
	Style                    template.CSS
	Disclaimer, DisclaimerEN string
	Parts                    []part
}

// part is a sheet as the template reads it.
type part struct {
	Sheet
	Heads   []head
	Grouped bool
	Lines   []line
	Drawn   []*drawing
	Nodes   []*node
	Tracks  template.CSS
}

// head is a heading over Span columns; Tall ones reach over both rows of headings.
type head struct {
	Name string
	Span int
	Tall bool
}

type cell struct {
	Text string
	// Right says that it is a number.
	Right bool
}

type line struct {
	Cells []cell
	Total bool
}

// node is a row of a tree with those below it.
type node struct {
	line
	Open     bool
	Children []*node
}

func (s Sheet) part() part {
	p := part{Sheet: s}
	for i, c := range s.Columns {
		p.Grouped = p.Grouped || c.Group != ""
		if i > 0 && c.Group != "" && c.Group == s.Columns[i-1].Group {
			p.Heads[len(p.Heads)-1].Span++
			continue
		}
		p.Heads = append(p.Heads, head{c.upper(), 1, c.Group == ""})
	}
	for _, r := range s.Rows {
		p.Lines = append(p.Lines, s.line(r))
	}
	for _, c := range s.Charts {
		if d := s.draw(c); d != nil {
			p.Drawn = append(p.Drawn, d)
		}
	}
	if s.Tree {
		p.Nodes = s.nodes(p.Lines)
		p.Tracks = template.CSS("minmax(220px,2fr)" + strings.Repeat(" minmax(84px,1fr)", len(s.Columns)-1)) //nolint:gosec // numbers of ours
	}
	return p
}

func (s Sheet) line(r Row) line {
	l := line{Total: r.Total}
	for k, v := range r.Cells {
		c := cell{s.Columns[k].Kind.Format(v), s.Columns[k].Kind != Text}
		if r.Total && v == nil && !c.Right {
			c.Text = "" // a total has no code, and that is no gap in what is known
		}
		l.Cells = append(l.Cells, c)
	}
	return l
}

// nodes puts the rows of a tree below each other. The first three depths are open.
func (s Sheet) nodes(lines []line) (roots []*node) {
	var above []*node // one per depth
	for i, r := range s.Rows {
		n := &node{line: lines[i], Open: r.Depth < 3}
		depth := min(r.Depth, len(above))
		above = append(above[:depth], n)
		if depth == 0 {
			roots = append(roots, n)
			continue
		}
		above[depth-1].Children = append(above[depth-1].Children, n)
	}
	return roots
}

var printer = message.NewPrinter(language.SimplifiedChinese)

// Format writes a value for people: thousands apart, — for what is not known. A share that is not nothing never reads 0.0%, and one
// that is not all never 100.0%.
func (k Kind) Format(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return printer.Sprint(number.Decimal(v))
	case float64:
		switch {
		case k == Square:
			return printer.Sprint(number.Decimal(v, number.Scale(2)))
		case k == Wide:
			return printer.Sprint(number.Decimal(v, number.Scale(4)))
		case k != Share:
			return strconv.FormatFloat(math.Round(v*1e4)/1e4, 'f', -1, 64)
		case v > 0 && v < 0.0005:
			return "<0.1%"
		case v < 1 && v >= 0.9995:
			return ">99.9%"
		}
		return strconv.FormatFloat(100*v, 'f', 1, 64) + "%"
	}
	return unknown
}
