package pipeline

import (
	"math"
	"slices"

	"tuban/classify/irmad"
	"tuban/classify/kernel"
	"tuban/raster"
)

// scaling maps the after values of a band to the scale of the before date: gain·v + offset, but no lower than floor.
type scaling struct{ gain, offset, floor float32 }

// asIs leaves values alone.
var asIs = scaling{gain: 1, floor: float32(math.Inf(-1))}

// unscaled makes values unknown: those of a band that has no line beside bands that have one are of another scale.
var unscaled = scaling{gain: raster.NaN, offset: raster.NaN, floor: asIs.floor}

// lineOf returns which of the lines is that of a band, −1 where it has none.
func (m *PairMeasure) lineOf(r raster.Role) int {
	k := slices.Index(m.Roles, r)
	if k >= 0 && m.Lines[k] == (irmad.Line{}) {
		return -1
	}
	return k
}

// scalingOf says what becomes of the after values of a role, in a pair that is normalised. The panchromatic band is not
// among the bands that are compared, and probabilities have no scale but their own.
func (m *PairMeasure) scalingOf(r raster.Role) scaling {
	switch k := m.lineOf(r); {
	case k >= 0:
		return scalingOf(m.Lines[k], m.Floors[k])
	case r == raster.Pan || !slices.Contains(raster.Roles, r):
		return asIs
	}
	return unscaled
}

// scalingOf is the line with the floor, where there is one (0 means none).
func scalingOf(l irmad.Line, floor float64) scaling {
	s := scaling{float32(l.Gain), float32(l.Offset), asIs.floor}
	if floor > 0 {
		s.floor = float32(floor)
	}
	return s
}

// at returns what becomes of v; NaN stays NaN.
func (s scaling) at(v float32) float32 { return kernel.Line(v, s.gain, s.offset, s.floor) }

// apply maps the values of v.
func (s scaling) apply(v []float32) {
	if s == asIs {
		return
	}
	kernel.Lines(v, s.gain, s.offset, s.floor)
}

// floorShare is the part of the darkest land, of the before date, below which nothing lies that is lit at all.
const floorShare = 1.0 / 20

// floors returns, for each band of the before sample, the number that no land is darker than; 0 where there is none, because
// the numbers of the band are not those of light. A stretch for the eye cuts the darkest land off: a line, which
// continues below what it was drawn through, would give it numbers below zero, with which ratios mean nothing.
func floors(before [][]float64) []float64 {
	out := make([]float64, len(before))
	for i, v := range before {
		if len(v) == 0 {
			continue
		}
		sorted := slices.Sorted(slices.Values(v))
		out[i] = max(0, sorted[len(sorted)/50]*floorShare)
	}
	return out
}
