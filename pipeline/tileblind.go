package pipeline

import (
	"tuban/classify/bandmath"
	"tuban/raster"
)

// blind reports whether no pixel of the read window has a value at either date: most of a large grid may lie between scenes.
func (s *tileScanner) blind() bool {
	for _, from := range s.from {
		for _, f := range from {
			if f >= 0 {
				return false
			}
		}
	}
	return true
}

// decideBlind is texture, conditions and decide for a tile in which nothing was seen: every input is NaN at every pixel, so
// that a condition has one value for all, which cleaning does not change. Nothing fires, and what the condition does not
// deny is undecided.
func (s *tileScanner) decideBlind(core raster.Window, can uint32) {
	if s.unseen == nil {
		nothing := make([]float32, bandmath.Chunk)
		raster.Fill(nothing, raster.NaN)
		for i := range s.inputs {
			s.inputs[i] = nothing
		}
		s.machine.Begin(bandmath.Chunk, s.inputs)
		for k := range s.plan.Rules.Kinds {
			s.unseen = append(s.unseen, s.machine.Condition(k)[0])
		}
	}
	var undecided uint32
	for k, verdict := range s.unseen {
		if verdict != kleeneFalse {
			undecided |= 1 << k
		}
	}
	n := int(core.Pixels())
	s.fired, s.undecided = grow(s.fired, n), grow(s.undecided, n)
	clear(s.fired)
	for i := range s.undecided {
		s.undecided[i] = undecided & can & s.kindsAt(i)
	}
}
