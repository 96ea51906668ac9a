package season

import (
	"strings"
	"testing"
	"time"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestSpan(t *testing.T) {
	for _, c := range []struct {
		span, day string
		want      bool
	}{
		{"06-01..09-20", "2025-06-01", true},
		{"06-01..09-20", "2025-09-20", true},
		{"06-01..09-20", "2025-05-31", false},
		{"06-01..09-20", "2025-09-21", false},
		{"11-05..03-31", "2025-12-31", true},
		{"11-05..03-31", "2024-01-01", true},
		{"11-05..03-31", "2024-04-01", false},
		{"02-29..03-01", "2024-02-29", true},
		{"02-29..03-01", "2025-02-28", false},
		{"never", "2025-06-01", false},
		{"", "2025-06-01", false},
	} {
		s, err := ParseSpan(c.span)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Has(day(c.day)); got != c.want {
			t.Errorf("%s on %s: %v", c.span, c.day, got)
		}
		if again, err := ParseSpan(s.String()); err != nil || again != s {
			t.Errorf("%q is read back as %v, %v", s, again, err)
		}
	}
}

// Each day of a year lies in a span or in the one between its end and its beginning, never in both.
func TestSpanAndTheRest(t *testing.T) {
	s := Northeast().Snow
	for d := day("2024-01-01"); d.Year() == 2024; d = d.AddDate(0, 0, 1) {
		rest := Span{From: Day{time.April, 1}, To: Day{time.November, 4}}
		if s.Has(d) == rest.Has(d) {
			t.Errorf("%v lies in both or in neither", d)
		}
	}
}

func TestBadSpans(t *testing.T) {
	for _, s := range []string{"June", "06-01", "06-01-09-20", "06-31..09-20", "06-01..", "13-01..02-01"} {
		if _, err := ParseSpan(s); err == nil || !strings.Contains(err.Error(), "06-01") {
			t.Errorf("%q: %v does not say how it is written", s, err)
		}
	}
}

func FuzzParseSpan(f *testing.F) {
	f.Add("06-01..09-20")
	f.Fuzz(func(t *testing.T, s string) {
		if span, err := ParseSpan(s); err == nil {
			if again, err := ParseSpan(span.String()); err != nil || again != span {
				t.Fatalf("%q is read back as %v, %v", span, again, err)
			}
		}
	})
}

// Whoever compares two dates of the growing season needs no warning; any other pair gets one, in both languages.
func TestConclude(t *testing.T) {
	c := Northeast()
	days := []string{"2024-01-15", "2024-04-20", "2024-06-01", "2024-07-15", "2024-09-28", "2024-10-20", "2024-11-20"}
	for _, b := range days {
		for _, a := range days {
			before, after := c.On(day(b)), c.On(day(a))
			said, warned := Conclude(before, after)
			if warned == (before.Growing && after.Growing) {
				t.Errorf("%s and %s: warned %v", b, a, warned)
			}
			if warned && (said.ZH == "" || said.EN == "") {
				t.Errorf("%s and %s: %+v", b, a, said)
			}
		}
	}
	if said, _ := Conclude(c.On(day("2024-08-14")), c.On(day("2025-09-28"))); !strings.Contains(said.EN, "trees are in leaf") {
		t.Errorf("late September: %s", said.EN)
	}
	if said, _ := Conclude(c.On(day("2024-08-14")), c.On(day("2025-10-15"))); !strings.Contains(said.EN, "woodland") {
		t.Errorf("October: %s", said.EN)
	}
}
