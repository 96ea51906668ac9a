package synth

import (
	"time"

	"github.com/paulmach/orb"
)

// The states of a watched place.
const (
	Standing    = "standing"
	Cleared     = "cleared"
	Vegetated   = "vegetated"
	Undecidable = "undecidable"
)

// Watched is a place on the list of what has to be looked at every night, and how it stands.
type Watched struct {
	ID, Name string
	Type     string // villa or restoration
	Due      time.Time
	Polygon  orb.Polygon
	// State is what the night shows of it, Overdue whether it stands after its day.
	State   string
	Overdue Answer
}

// Answer is yes, no, or that a night cannot tell.
type Answer string

// The answers.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Unknown Answer = "unknown"
)

// vigil is how one watched place goes: a letter for the first date and one for each night; b for a building, r for cleared
// ground, s for sward.
type vigil struct {
	name, kind string
	before     byte
	nights     string
	hidden     int // as in a life
	// due is how many days after the first night it has to be cleared.
	due int
	// side is the longest side of the place in metres, where it is smaller than others.
	side float64
}

var vigils = []vigil{
	{name: "到期未拆", kind: "villa", before: 'b', nights: "bbbb", due: 30},
	{name: "未到期", kind: "villa", before: 'b', nights: "bbbb", due: 400},
	{name: "已拆除", kind: "villa", before: 'b', nights: "bbrr", due: 90},
	{name: "拆除复绿", kind: "villa", before: 'b', nights: "brrs", due: 90},
	{name: "一夜无影像", kind: "villa", before: 'b', nights: "bbbb", hidden: 2, due: 400},
	{name: "复垦", kind: "restoration", before: 'r', nights: "rsss", due: 60},
	{name: "面积过小", kind: "villa", before: 'b', nights: "bbbb", due: 10, side: 3},
}

// state is how the place stands on a night.
func (v vigil) state(night int) string {
	if v.hidden == night || v.side > 0 {
		return Undecidable
	}
	return map[byte]string{'b': Standing, 'r': Cleared, 's': Vegetated}[v.nights[night-1]]
}

// overdue is whether the place stands on a night after the day by which it had to go. No image of the night, no answer.
func (v vigil) overdue(night int, due time.Time) Answer {
	state, passed := v.state(night), due.Before(nightDays[night-1])
	switch {
	case v.hidden == night, passed && state == Undecidable:
		return Unknown
	case passed && state == Standing:
		return Yes
	}
	return No
}

// show puts on the ground what the first date and the night show of the place.
func (b *builder) show(v vigil, s site, night int) {
	was, is := v.before, v.nights[night-1]
	if was == is {
		b.stand(was, s, both)
		return
	}
	b.stand(was, s, beforehand)
	b.stand(is, s, afterwards)
}

func (b *builder) stand(letter byte, s site, dates [2]bool) {
	switch letter {
	case 'b':
		b.premises(b.dice, s, dates)
	case 'r':
		b.l.paint(s.out, onChange, dates, bare, b.between(0.9, 1.1))
	case 's':
		b.l.paint(s.out, onChange, dates, sward, b.between(0.9, 1.1))
	}
}
