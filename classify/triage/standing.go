package triage

import (
	"strings"
	"time"

	"tuban/classify/day"
)

// Approval is one approval that lies on part of a patch.
type Approval struct {
	// Kind is the code of its kind in the rules; "" where nothing tells.
	Kind string
	// Number is its document number, Name what it is about, Purpose what the land is for; as the layer has them.
	Number, Name, Purpose string
	// Date and Expires are its first and last day as the layer has them; see [day.Parse].
	Date, Expires string
	// Area is the part of the patch on it, in m².
	Area float64
	// Sliver says that this part is no more than the edges of two drawings of one line.
	Sliver bool
}

// Interval is when a change can have happened.
type Interval struct {
	// Before and After are the days of the images (前时相, 后时相).
	Before, After time.Time
	// First is the day of the image that showed it first, in this run or an earlier one; zero for After.
	First time.Time
}

// seen is the day on which the change was there at the latest.
func (i Interval) seen() time.Time {
	if i.First.IsZero() || i.First.After(i.After) {
		return i.After
	}
	return i.First
}

// Relation is where the day of an approval lies.
type Relation string

// The relations.
const (
	Before  Relation = "before"  // not after the before image
	Inside  Relation = "inside"  // after it, and not after the image that first showed the change
	After   Relation = "after"   // after that
	Undated Relation = "undated" // its day is not known
)

// Status is whether an approval holds at the day of the after image.
type Status string

// The statuses.
const (
	StatusValid   Status = "valid"
	StatusExpired Status = "expired"
	StatusLater   Status = "later"
	StatusUndated Status = "undated" // its first or last day is not known
)

// Standing is how one approval stands to a patch.
type Standing struct {
	Approval
	// On and Until are its first and last day; zero when not known, or without an end.
	On, Until time.Time
	// Derived says that Until was worked out from the kind of approval and its purpose.
	Derived  bool
	Relation Relation
	Status   Status
	// Counts says that it counts as an approval of the patch.
	Counts bool
	// Unread is its days that could not be read, as the layer has them; "" when all could.
	Unread string
	// Lapsing says that it has a last day that could not be read: what is not known to be good does not count.
	Lapsing bool
	// applies says that its kind counts for the patch, and no sliver: only its days can stand against it.
	applies bool
	chain   int
}

// stand finds how an approval stands, without regard to the patch's kind.
func (r *Rules) stand(a Approval, in Interval) Standing {
	s := Standing{Approval: a, chain: r.Approval(a.Kind)}
	var unread []string
	read := func(text string) (d time.Time, ok bool) {
		d, err := day.Parse(text)
		if err != nil {
			unread = append(unread, text)
		}
		return d, err == nil
	}
	var known bool
	s.On, _ = read(a.Date)
	s.Until, known = read(a.Expires)
	s.Lapsing = !known
	s.Unread = strings.Join(unread, "；")
	if s.Until.IsZero() && !s.Lapsing && !s.On.IsZero() {
		s.Until, s.Derived = r.expiry(a, s.On)
	}
	switch {
	case s.On.IsZero():
		s.Relation = Undated
	case s.On.After(in.seen()):
		s.Relation = After
	case s.On.After(in.Before):
		s.Relation = Inside
	default:
		s.Relation = Before
	}
	switch {
	case s.Relation == After:
		s.Status = StatusLater
	case !s.Until.IsZero() && s.Until.Before(in.After):
		s.Status = StatusExpired
	case s.Relation == Undated || s.Lapsing:
		s.Status = StatusUndated
	default:
		s.Status = StatusValid
	}
	return s
}

// expiry is the last day of an approval of the day on by the terms of its kind, if it has one.
func (r *Rules) expiry(a Approval, on time.Time) (until time.Time, derived bool) {
	i := r.Approval(a.Kind)
	if i < 0 {
		return time.Time{}, false
	}
	for _, t := range r.Approvals[i].Valid {
		if t.fits(a) {
			return yearsAfter(on, t.Years), true
		}
	}
	return time.Time{}, false
}

func (t Term) fits(a Approval) bool {
	for _, word := range t.Purposes {
		if strings.Contains(a.Purpose, word) || strings.Contains(a.Name, word) {
			return true
		}
	}
	return len(t.Purposes) == 0
}

// yearsAfter is the day so many years after d; the 28th of February stands in for a 29th that a year does not have.
func yearsAfter(d time.Time, years int) time.Time {
	out := d.AddDate(years, 0, 0)
	if out.Day() != d.Day() {
		out = out.AddDate(0, 0, -out.Day())
	}
	return out
}
