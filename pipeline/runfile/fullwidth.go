package runfile

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// lineOf finds the line number in an error: at its beginning, or in the excerpt.
var lineOf = regexp.MustCompile(`^\[(\d+):\d+\]|(?m:^> *(\d+) \|)`)

// withFullWidth adds to an error what a Chinese keyboard may have caused: a full-width sign in the line of the error or
// shortly above it, where YAML reads a text and the writer meant its syntax.
func withFullWidth(err error, text []byte) error {
	m := lineOf.FindStringSubmatch(err.Error())
	if m == nil {
		return err
	}
	n, _ := strconv.Atoi(m[1] + m[2])
	lines := bytes.Split(text, []byte("\n"))
	for above := range 3 {
		i := n - 1 - above
		if i < 0 || i >= len(lines) {
			break
		}
		if column, sign, meant := fullWidth(string(lines[i])); column > 0 {
			name := "half width"
			if meant == ' ' {
				name = "a plain space"
			}
			return fmt.Errorf("%w\nline %d, column %d: %q is a full-width sign, which YAML takes for a part of a text; if %q is meant, write %s",
				err, i+1, column, sign, meant, name)
		}
	}
	return err
}

// fullWidth finds the first full-width sign of a line outside quotes and comments: its column in characters from 1, 0
// when there is none, and the sign that was probably meant.
func fullWidth(line string) (column int, sign, meant rune) {
	line = line[:comment(line)]
	var quote rune
	before := ' '
	for i, c := range line {
		column++
		switch {
		case quote != 0:
			if c == quote && (quote == '\'' || before != '\\') {
				quote = 0
			}
		case (c == '"' || c == '\'') && strings.ContainsRune(" \t[{,:", before) && strings.ContainsRune(line[i+1:], c):
			quote = c
		default:
			if meant := halfWidth(c); meant != 0 {
				return column, c, meant
			}
		}
		before = c
	}
	return 0, 0, 0
}

// halfWidth is what a full-width sign stands for in YAML, 0 for any other sign. Parentheses, and marks that end a
// sentence, mean nothing in YAML and are common in names.
func halfWidth(c rune) rune {
	switch c {
	case '\u3000', '\u00a0':
		return ' '
	case '「', '『', '【', '〔':
		return '['
	case '」', '』', '】', '〕':
		return ']'
	case '“', '”':
		return '"'
	case '‘', '’':
		return '\''
	case '、':
		return ','
	case '（', '）', '？', '！':
		return 0
	}
	if c >= '！' && c <= '～' {
		return c - '！' + '!'
	}
	return 0
}
