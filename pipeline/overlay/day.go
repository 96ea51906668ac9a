package overlay

import (
	"strings"
	"time"
)

var dayLayouts = []string{"2006-1-2", "20060102", "2006/1/2", "2006.1.2", "2006年1月2日"}

// ParseDay reads a day as layers write it: 2025-08-20, 20250820, 2025/8/20, 2025.8.20 or 2025年8月20日, with or without a
// time of day behind it. false means that it is none.
func ParseDay(text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if i := strings.IndexAny(text, " T"); i > 0 {
		text = text[:i]
	}
	for _, l := range dayLayouts {
		if t, err := time.Parse(l, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// Effect is the days in which a feature is in effect, both included; a zero time is no limit.
type Effect struct{ Since, Until time.Time }

// At reports whether day is within.
func (e Effect) At(day time.Time) bool {
	return (e.Since.IsZero() || !day.Before(e.Since)) && (e.Until.IsZero() || !day.After(e.Until))
}
