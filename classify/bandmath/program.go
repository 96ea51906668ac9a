package bandmath

import (
	"strconv"

	"tuban/raster"
)

// Date says which of the two dates a name belongs to.
type Date uint8

// None is the date of bare names, which only Options.SingleDate allows.
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

// Input is a plane of pixels that a program reads. It is comparable.
type Input struct {
	Date Date
	// Name is a band role, or the name of a texture: "pantex" or "deviation".
	Name string
	// Size is the edge of a texture's window in metres; 0 for a band role.
	Size float64
}

// Role returns the band role that the input is; ok is false for a texture.
func (in Input) Role() (role raster.Role, ok bool) {
	if in.Size != 0 {
		return "", false
	}
	return raster.Role(in.Name), true
}

// String returns the input as an expression would name it: after.red, before.pantex(15).
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

// Source is one expression to compile.
type Source struct {
	// Name is what messages call the expression.
	Name string
	Text string
	// Condition asks for a condition; otherwise the expression must yield a value.
	Condition bool
	// Colour is another condition, over red, green, blue and textures alone, for the pixels that have colour but lack a
	// further band that Text reads; "" for none. See Compile.
	Colour string
}

// Options says what names mean.
type Options struct {
	// Indices are formulas of the user, by name, over the bare names of one date; usable wherever a catalogue index is.
	Indices map[string]string
	// SingleDate makes bare names (red, ndvi) valid and those of a date (before.red) an error.
	SingleDate bool
}

// Program is compiled sources. It does not change and may be shared.
type Program struct {
	sources []Source
	nodes   []node
	roots   []int
	inputs  []Input
	needs   [][]Input
	slots   slots
}

// Inputs lists the planes that the program reads, in the order that Begin expects them.
// The caller must not change the slice.
func (p *Program) Inputs() []Input { return p.inputs }

// Needs lists what one source reads, in the order of Inputs. The caller must not change the slice.
func (p *Program) Needs(source int) []Input { return p.needs[source] }
