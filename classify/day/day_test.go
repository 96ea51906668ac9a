package day

import (
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"2024-08-14": "2024-08-14", "20240814": "2024-08-14", "2024/8/14": "2024-08-14", "2024.8.14": "2024-08-14",
		"2024年8月14日": "2024-08-14", "2024 年 8 月 14 日": "2024-08-14", "2024年8月14号": "2024-08-14", "２０２４年８月１４日": "2024-08-14",
		"2024/08/14 00:00:00": "2024-08-14", "2024-08-14T09:30:00Z": "2024-08-14", "2024/08/14 00:00:00+00": "2024-08-14",
		"20240814093000": "2024-08-14", "202408140930": "2024-08-14", "20240814.0": "2024-08-14", "45518": "2024-08-14", "45518.5": "2024-08-14",
		" 2024-02-29 ": "2024-02-29", "": "0001-01-01", "　": "0001-01-01",
	} {
		got, err := Parse(text)
		if err != nil || got.Format(time.DateOnly) != want {
			t.Errorf("%q: %s (%v), want %s", text, got.Format(time.DateOnly), err, want)
		}
	}
	for _, text := range []string{"2024", "2024-08", "2024年8月", "2023-02-29", "2024-13-01", "2024-08-32", "0000-00-00", "00000000", "14.8.2024",
		"吉政土〔2024〕12号", "2024-08-1", "12024-08-14", "1024-08-14", "99999999", "-"} {
		got, err := Parse(text)
		if text == "2024-08-1" {
			if err != nil || got.Day() != 1 {
				t.Errorf("%q: %v, %v", text, got, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%q is read as %s", text, got.Format(time.DateOnly))
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2024-08-14", "20240814", "2024年8月14日", "45518", "２０２４/8/1 ", "2023-02-29", "99999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Parse(text)
		if err != nil {
			if !d.IsZero() {
				t.Fatalf("%q: an error and the day %v", text, d)
			}
			return
		}
		if d.IsZero() {
			return
		}
		// What was read is a day, and every way to write it is read as the same.
		for _, layout := range []string{time.DateOnly, "20060102", "2006/1/2", "2006年1月2日", "2006.01.02", time.RFC3339} {
			again, err := Parse(d.Format(layout))
			if err != nil || !again.Equal(d) {
				t.Fatalf("%q: %v, written as %q: %v (%v)", text, d, d.Format(layout), again, err)
			}
		}
	})
}
