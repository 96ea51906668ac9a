package bandmath

import (
	"slices"
	"strconv"
	"strings"

	"tuban/raster"
)

// Date says which of the two dates a name belongs to.
type Date uint8

// None is the date of what belongs to both dates or, with Options.SingleDate, to the only one.
const (
	None Date = iota
	Before
	After
)

func (d Date) String() string {
	switch d {
	case Before:
		return "before"
	case After:
		return "after"
	}
	return ""
}

// change is the name of the input that tells how far two dates differ.
const change = "change"

// probability is what the names of models begin with, and no band's.
const probability = "p_"

// states are those of what a date's scene is like.
var states = []string{"growing", "snow"}

// Input is a plane of pixels that a program reads. It is comparable.
type Input struct {
	Date Date
	// Name is a band role, the name of a texture ("pantex"), of a state ("growing", "snow"), of a probability raster
	// ("p_built"), or "change".
	Name string
	// Size is the edge of a texture's window in metres; 0 for all else.
	Size float64
}

// InputKind says what a plane is made from.
type InputKind uint8

const (
	// Band is a band of a scene as it is.
	Band InputKind = iota
	// Texture is computed from the brightness of a window of pixels.
	Texture
	// State is 1 where a scene is in a state and 0 where not: growing (in the growing season) and snow.
	State
	// Change is the IR-MAD statistic of the pixel's two dates, 0 or more. Its date is None.
	Change
	// Raster is a probability from 0 to 1 that was made elsewhere. That of a pair has the date None.
	Raster
)

// Kind returns what the input is made from.
func (in Input) Kind() InputKind {
	switch {
	case in.Size != 0:
		return Texture
	case in.Name == change:
		return Change
	case slices.Contains(states, in.Name):
		return State
	case strings.HasPrefix(in.Name, probability):
		return Raster
	}
	return Band
}

// Role returns the band role that the input is; ok is false for what is no band.
func (in Input) Role() (role raster.Role, ok bool) {
	if in.Kind() != Band {
		return "", false
	}
	return raster.Role(in.Name), true
}

// String returns the input as an expression would name it: after.red, before.pantex(15), change.
func (in Input) String() string {
	s := in.Name
	if in.Size != 0 {
		s += "(" + strconv.FormatFloat(in.Size, 'g', -1, 64) + ")"
	}
	if in.Date != None {
		s = in.Date.String() + "." + s
	}
	return s
}
