package watch

import (
	"cmp"
	"maps"
	"slices"
)

// State is how a watched place stands at the after date.
type State string

// The states; Judge sets them. Cleared and Vegetated say that nothing stands any more; Undecidable comes with a reason.
const (
	Standing    State = "standing"
	Cleared     State = "cleared"
	Vegetated   State = "vegetated"
	Undecidable State = "undecidable"
)

// States lists all states in the order in which they are counted and shown.
var States = []State{Standing, Cleared, Vegetated, Undecidable}

// Reasons that are not those of unobserved pixels.
const (
	TooSmall   = "too_small"
	NoGeometry = "no_geometry"
	Outside    = "outside"
	Season     = "season"
	Mixed      = "mixed"
)

// Codes of the kinds of pixels.
const (
	Water = "water"
	Green = "vegetated"
	Built = "built"
	Bare  = "bare"
)

// Sight is what the pixels of a place show.
type Sight struct {
	// Pixels lie in the place, on the grid of the run or off it.
	Pixels int64
	// Kinds counts those that can be told by the code of their kind, Unknown the others by the reason.
	Kinds, Unknown map[string]int64
	// Growing counts pixels of days on which crops grow.
	Growing int64
}

// known is how many pixels can be told.
func (s Sight) known() (n int64) {
	for _, k := range s.Kinds {
		n += k
	}
	return n
}

// Share is the part of the pixels that can be told which are of a kind; 0 where none can.
func (s Sight) Share(kind string) float64 {
	if n := s.known(); n > 0 {
		return float64(s.Kinds[kind]) / float64(n)
	}
	return 0
}

// Told is the part of the place that can be told.
func (s Sight) Told() float64 {
	if s.Pixels == 0 {
		return 0
	}
	return float64(s.known()) / float64(s.Pixels)
}

// Judge says how a place stands, and why that cannot be told where it cannot.
func (c Settings) Judge(s Sight) (State, string) {
	if s.Pixels < int64(c.LeastPixels) {
		return Undecidable, TooSmall
	}
	if s.Told() < c.Known {
		// The reason of most, the first in the alphabet on a tie.
		return Undecidable, slices.MaxFunc(slices.Sorted(maps.Keys(s.Unknown)), func(a, b string) int {
			return cmp.Or(cmp.Compare(s.Unknown[a], s.Unknown[b]), cmp.Compare(b, a))
		})
	}
	built, green := s.Share(Built), s.Share(Green)
	open := 1 - built - green
	switch {
	case built >= c.Standing:
		return Standing, ""
	case built > c.Free:
		return Undecidable, Mixed
	case green >= c.Majority:
		return Vegetated, ""
	case open < c.Majority:
		return Undecidable, Mixed
	case 2*s.Growing < s.known():
		return Undecidable, Season
	}
	return Cleared, ""
}
