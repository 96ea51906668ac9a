package ruletext

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with a rules file, with its remedy.
type Problem struct {
	File string
	// Path names the place by keys: kinds[0].when. It is "" for the file as a whole.
	Path string
	// Line and Column count from 1; 0 when the place is not known.
	Line, Column int
	Message      string
	// Excerpt shows the line with a caret below the place; "" when the place is not known.
	Excerpt string
}

func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	if p.Path != "" {
		fmt.Fprintf(&b, ": %s", p.Path)
	}
	fmt.Fprintf(&b, ": %s", p.Message)
	if p.Excerpt != "" {
		b.WriteString("\n" + p.Excerpt)
	}
	return b.String()
}

// Problems is everything that is wrong with a rules file, in the order of its lines. As an error it reads one after another.
type Problems []Problem

func (p Problems) Error() string {
	texts := make([]string, len(p))
	for i := range p {
		texts[i] = p[i].String()
	}
	return strings.Join(texts, "\n")
}

// Err is p as an error, nil when there is nothing wrong.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// Source is the text of a parsed file and where its values stand in it. That of a file that was not parsed is nil.
type Source struct {
	name  string
	lines []string
	at    map[string]position
}

// NewSource takes the text of a file; name is what messages call it.
func NewSource(name string, text []byte) *Source {
	return &Source{name: name, lines: strings.Split(string(text), "\n"), at: map[string]position{}}
}

type position struct{ line, column int }

// Problem describes what is wrong at path. A path that the text does not hold is placed at its nearest parent.
func (s *Source) Problem(path, message string) Problem {
	if s == nil {
		return Problem{File: "rules", Path: path, Message: message}
	}
	p := Problem{File: s.name, Path: path, Message: message}
	for at := path; at != ""; at = at[:max(0, strings.LastIndexAny(at, ".["))] {
		if pos, ok := s.at[at]; ok {
			p.Line, p.Column = pos.line, pos.column
			p.Excerpt = s.excerpt(pos)
			break
		}
	}
	return p
}

// excerpt is the line of pos and a caret below its column. Chinese characters take two cells of a terminal.
func (s *Source) excerpt(pos position) string {
	if pos.line < 1 || pos.line > len(s.lines) {
		return ""
	}
	const longest = 160
	line := []rune(strings.TrimRight(strings.ReplaceAll(s.lines[pos.line-1], "\t", " "), "\r"))
	if len(line) > longest {
		line = append(line[:longest:longest], '…')
	}
	cells := 0
	for _, r := range line[:min(max(0, pos.column-1), len(line))] {
		if cells++; r >= 0x1100 {
			cells++
		}
	}
	number := fmt.Sprintf("%5d | ", pos.line)
	return number + string(line) + "\n" + strings.Repeat(" ", len(number)-2) + "| " + strings.Repeat(" ", cells) + "^"
}
