package bandmath

import (
	"fmt"
	"strings"
	"unicode"
)

// Error is what is wrong with an expression, and where.
type Error struct {
	// Source is the name of the source.
	Source string
	// Index names the index whose formula is at fault; empty when it is the source's own text.
	Index string
	// Text is what Line and Column refer to: the source's text, or the formula of Index.
	Text string
	// Line and Column count from 1, columns in characters.
	Line, Column int
	// Message says what is wrong and, where possible, what to write instead.
	Message string
}

// Error returns the message with an excerpt and a caret under the place.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Source != "" {
		b.WriteString(e.Source + ": ")
	}
	if e.Index != "" && e.Index != e.Source {
		b.WriteString("in index " + e.Index + ": ")
	}
	b.WriteString(e.Message)
	lines := strings.Split(e.Text, "\n")
	if e.Line < 1 || e.Line > len(lines) || strings.TrimSpace(lines[e.Line-1]) == "" {
		return b.String()
	}
	line, caret := excerpt([]rune(strings.TrimRight(lines[e.Line-1], "\r")), e.Column-1)
	fmt.Fprintf(&b, " (line %d, column %d)\n    %s\n    %s^", e.Line, e.Column, line, caret)
	return b.String()
}

// excerpt cuts a long line around a column and returns it with the blanks that put a caret under that column.
func excerpt(line []rune, column int) (text, blanks string) {
	const around = 60
	column = max(0, min(column, len(line)))
	from, to := max(0, column-around), min(len(line), column+around)
	var t, b strings.Builder
	if from > 0 {
		t.WriteRune('…')
		b.WriteByte(' ')
	}
	for i, r := range line[from:to] {
		if !unicode.IsPrint(r) {
			r = ' '
		}
		t.WriteRune(r)
		if from+i < column {
			b.WriteByte(' ')
			if wide(r) {
				b.WriteByte(' ')
			}
		}
	}
	if to < len(line) {
		t.WriteRune('…')
	}
	return t.String(), b.String()
}

// wide reports whether a terminal gives the character two columns: Chinese, Japanese, Korean and full-width forms.
func wide(r rune) bool {
	return r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 ||
		r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 ||
		r >= 0xffe0 && r <= 0xffe6 || r >= 0x20000 && r <= 0x3fffd)
}

// text is one piece of expression text, so that an error can point into it.
type text struct {
	source, index string
	body          string
}

// errorf returns an Error at the character offset of t.
func (t text) errorf(offset int, format string, args ...any) *Error {
	e := &Error{Source: t.source, Index: t.index, Text: t.body, Line: 1, Column: 1, Message: fmt.Sprintf(format, args...)}
	for i, r := range []rune(t.body) {
		if i >= offset {
			break
		}
		if e.Column++; r == '\n' {
			e.Line, e.Column = e.Line+1, 1
		}
	}
	return e
}
