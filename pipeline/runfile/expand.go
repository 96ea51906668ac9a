package runfile

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

var variable = regexp.MustCompile(`\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))`)

// expand replaces environment variables before the YAML is read, comments excepted.
func expand(text []byte, env func(string) (string, bool)) ([]byte, error) {
	lines := bytes.SplitAfter(text, []byte("\n"))
	for i, line := range lines {
		at := comment(string(line))
		var missing string
		code := variable.ReplaceAllFunc(line[:at:at], func(m []byte) []byte {
			name := strings.Trim(string(m), "${}")
			v, ok := env(name)
			if !ok && missing == "" {
				missing = name
			}
			return []byte(v)
		})
		if missing != "" {
			return nil, fmt.Errorf("line %d: the environment variable %s is not set", i+1, missing)
		}
		lines[i] = append(code, line[at:]...)
	}
	return bytes.Join(lines, nil), nil
}

// comment returns where a line's comment begins: at a # that stands first or behind white space, outside quotes.
// A quote opens where a value can begin.
func comment(line string) int {
	var quote, before byte = 0, ' '
	for i := range len(line) {
		c := line[i]
		switch {
		case quote != 0:
			if c == quote && (quote == '\'' || before != '\\') {
				quote = 0
			}
		case c == '#' && strings.IndexByte(" \t", before) >= 0:
			return i
		case (c == '"' || c == '\'') && strings.IndexByte(" \t[{,:", before) >= 0:
			quote = c
		}
		before = c
	}
	return len(line)
}
