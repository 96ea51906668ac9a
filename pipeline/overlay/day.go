package overlay

import (
	"time"

	"tuban/classify/day"
)

// ParseDay reads a day as layers write it; see [day.Parse]. false means that it is none.
func ParseDay(text string) (time.Time, bool) {
	d, err := day.Parse(text)
	return d, err == nil && !d.IsZero()
}

// Effect is the days in which a feature is in effect, both included; a zero time is no limit.
type Effect struct{ Since, Until time.Time }

// At reports whether day is within.
func (e Effect) At(day time.Time) bool {
	return (e.Since.IsZero() || !day.Before(e.Since)) && (e.Until.IsZero() || !day.After(e.Until))
}
