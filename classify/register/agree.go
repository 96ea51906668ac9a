package register

import (
	"cmp"
	"math"
	"slices"
)

// The normalised median test of Westerweel and Scarano 2005 (Experiments in Fluids 39:1096), made for the displacement
// fields of particle images: a vector is out of place when it differs from the median of its neighbours by more than
// mostOff times what the neighbours differ from it. slack, in pixels, is the noise that even neighbours of one mind have.
const (
	neighbours = 8
	mostOff    = 3
	slack      = 0.15
)

// agreeing returns the chips that go along with those around them, in order.
func agreeing(chips []Chip) []Chip {
	if len(chips) < 4 {
		return chips
	}
	type other struct {
		distance float64
		i        int
	}
	kept := make([]Chip, 0, len(chips))
	others := make([]other, 0, len(chips))
	for i, c := range chips {
		others = others[:0]
		for j, d := range chips {
			if i != j {
				others = append(others, other{math.Hypot(d.X-c.X, d.Y-c.Y), j})
			}
		}
		slices.SortFunc(others, func(a, b other) int {
			return cmp.Or(cmp.Compare(a.distance, b.distance), cmp.Compare(a.i, b.i))
		})
		around := others[:min(neighbours, len(others))]
		dx, dy := make([]float64, len(around)), make([]float64, len(around))
		for k, o := range around {
			dx[k], dy[k] = chips[o.i].DX, chips[o.i].DY
		}
		slices.Sort(dx)
		slices.Sort(dy)
		mx, my := quantile(dx, 0.5), quantile(dy, 0.5)
		off := make([]float64, len(around))
		for k, o := range around {
			off[k] = math.Hypot(chips[o.i].DX-mx, chips[o.i].DY-my)
		}
		slices.Sort(off)
		if math.Hypot(c.DX-mx, c.DY-my) <= mostOff*(quantile(off, 0.5)+slack) {
			kept = append(kept, c)
		}
	}
	return kept
}
