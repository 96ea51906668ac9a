package report

import (
	"bufio"
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed report.tmpl
var page string

//go:embed map.tmpl
var figure string

//go:embed report.css
var style string

var sheets = template.Must(template.Must(template.New("report").Funcs(template.FuncMap{"both": both, "whole": whole}).Parse(page)).New("map").Parse(figure))

// Write writes r as one self-contained HTML file: style, pictures and the map are inside it, and its content policy forbids
// every request. Equal values give equal bytes. A Report that contradicts itself (a patch of a kind it does not list,
// a picture that is neither PNG nor JPEG) is an error, and nothing is written then.
func Write(w io.Writer, r Report) error {
	s, err := newSheet(r)
	if err != nil {
		return fmt.Errorf("writing the report of %q: %w", r.Name, err)
	}
	b := bufio.NewWriter(w)
	if err := sheets.ExecuteTemplate(b, "report", s); err != nil {
		return fmt.Errorf("writing the report of %q: %w", r.Name, err)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("writing the report of %q: %w", r.Name, err)
	}
	return nil
}
