package review

import (
	"testing"
	"time"
)

// FuzzDay: what is read as a day is written as one that is read as the same.
func FuzzDay(f *testing.F) {
	for _, s := range []string{"2025-09-10", "20250910", "2025/9/1", "2025-9-1", "", "2025-02-30", "九月"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, ok := day(s)
		if !ok {
			return
		}
		again, ok := day(at.Format(time.DateOnly))
		if !ok || !again.Equal(at) {
			t.Errorf("%q is %v, and that is %v", s, at, again)
		}
	})
}
