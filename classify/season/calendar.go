package season

import (
	"fmt"
	"strings"
	"time"
)

// Day is a day of any year.
type Day struct {
	Month time.Month
	Day   int
}

// String writes the day as 06-15.
func (d Day) String() string { return fmt.Sprintf("%02d-%02d", int(d.Month), d.Day) }

func (d Day) number() int { return int(d.Month)*100 + d.Day }

// Span is the days of a year from From to To, both included; it runs over the end of the year where To comes before From.
// The zero Span has no day.
type Span struct{ From, To Day }

// ParseSpan reads a span such as "06-01..09-20" (month and day); "" and "never" have no day. The error says what is wrong.
func ParseSpan(s string) (Span, error) {
	s = strings.TrimSpace(s)
	if s == "" || s == "never" {
		return Span{}, nil
	}
	from, to, ok := strings.Cut(s, "..")
	if !ok {
		return Span{}, fmt.Errorf("%q is not a span of days: write it as 06-01..09-20, or never", s)
	}
	a, err := parseDay(from)
	if err != nil {
		return Span{}, err
	}
	b, err := parseDay(to)
	return Span{a, b}, err
}

func parseDay(s string) (Day, error) {
	s = strings.TrimSpace(s)
	// A leap year, so that 02-29 is a day.
	t, err := time.Parse(time.DateOnly, "2024-"+s)
	if err != nil {
		return Day{}, fmt.Errorf("%q is not a day of the year: write month and day, as in 06-01", s)
	}
	return Day{t.Month(), t.Day()}, nil
}

// String writes the span as ParseSpan reads it.
func (s Span) String() string {
	if s == (Span{}) {
		return "never"
	}
	return s.From.String() + ".." + s.To.String()
}

// Has reports whether t lies on a day of the span.
func (s Span) Has(t time.Time) bool {
	if s == (Span{}) {
		return false
	}
	n := Day{t.Month(), t.Day()}.number()
	from, to := s.From.number(), s.To.number()
	if from <= to {
		return from <= n && n <= to
	}
	return n >= from || n <= to
}

// Calendar is what the days of a year show in a region.
type Calendar struct {
	// Growing is when crops cover the ground, Leaf when trees are in leaf, Snow when snow may lie.
	Growing, Leaf, Snow Span
}

// Northeast is the default: the plain of north-east China with one crop a year. Fields are bare to late May and cover
// the ground from the middle of June; harvest begins in late September. Not confirmed by a document; a run file can say
// otherwise.
func Northeast() Calendar {
	return Calendar{
		Growing: Span{Day{time.June, 15}, Day{time.September, 20}},
		Leaf:    Span{Day{time.May, 20}, Day{time.October, 5}},
		Snow:    Span{Day{time.November, 5}, Day{time.March, 31}},
	}
}

// Look is what a calendar says of one day.
type Look struct{ Growing, Leaf, Snow bool }

// On returns what the day of t shows.
func (c Calendar) On(t time.Time) Look {
	return Look{Growing: c.Growing.Has(t), Leaf: c.Leaf.Has(t), Snow: c.Snow.Has(t)}
}
