// Package day reads days as they stand in attribute tables.
package day

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	written = regexp.MustCompile(`^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[T\s].*)?$`)
	compact = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})(?:\d{4}|\d{6})?(?:\.0*)?$`)
	serial  = regexp.MustCompile(`^(\d{5})(?:\.\d*)?$`)
)

// The years that a day can lie in: there is no land survey, approval or image of others.
const (
	firstYear = 1949
	lastYear  = 2149
)

// Parse reads a day as people and programs write it in attribute tables: 2024-08-14, 20240814, 2024/8/14, 2024.8.14,
// 2024年8月14日, each with a time of day behind it that is left out, and 45518, the number of days by which spreadsheets count
// from 1899-12-30. The result is midnight UTC; the zero time for a text of blanks alone.
func Parse(text string) (time.Time, error) {
	s := strings.TrimSpace(strings.Map(narrow, text))
	if s == "" {
		return time.Time{}, nil
	}
	var d time.Time
	if m := serial.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1])
		d = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n)
	} else {
		m := written.FindStringSubmatch(s)
		if m == nil {
			m = compact.FindStringSubmatch(s)
		}
		if m == nil {
			return time.Time{}, fmt.Errorf("%q is not a day: write it such as 2024-08-14", text)
		}
		y, _ := strconv.Atoi(m[1])
		month, _ := strconv.Atoi(m[2])
		day, _ := strconv.Atoi(m[3])
		d = time.Date(y, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		// time.Date turns the 31st of June into the 1st of July.
		if int(d.Month()) != month || d.Day() != day {
			return time.Time{}, fmt.Errorf("%q is not a day of the calendar", text)
		}
	}
	if d.Year() < firstYear || d.Year() > lastYear {
		return time.Time{}, fmt.Errorf("%q lies in the year %d: a slip of the pen?", text, d.Year())
	}
	return d, nil
}

// narrow turns the full-width digits and signs of Chinese input methods into plain ones.
func narrow(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '\u3000' || r == '\u00a0':
		return ' '
	}
	return r
}
