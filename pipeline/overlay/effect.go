package overlay

import (
	"time"

	"tuban/classify/day"
)

// Effect is the days in which a feature is in effect, both included; a zero time is no limit.
type Effect struct{ Since, Until time.Time }

// At reports whether day is within.
func (e Effect) At(day time.Time) bool {
	return (e.Since.IsZero() || !day.Before(e.Since)) && (e.Until.IsZero() || !day.After(e.Until))
}

// narrowed is e with the days that a feature has of its own; what cannot be read is not given.
func (e Effect) narrowed(since, until string) Effect {
	for _, d := range []struct {
		text string
		to   *time.Time
	}{{since, &e.Since}, {until, &e.Until}} {
		if own, err := day.Parse(d.text); err == nil && !own.IsZero() {
			*d.to = own
		}
	}
	return e
}
