package pipeline

import (
	"errors"
	"slices"

	"tuban/classify/irmad"
	"tuban/pipeline/report"
	"tuban/raster"
)

// leastLasting is how many pixels of lasting land stand for a pair.
const leastLasting = 2000

// barest keeps the pixels that are, at both dates, in the less green half: yards have trees too.
func barest(roles []raster.Role, x, y [][]float64) (bx, by [][]float64) {
	if len(x) == 0 {
		return x, y
	}
	green := [2][]float64{greenness(roles, x), greenness(roles, y)}
	var half [2]float64
	for d, g := range green {
		s := slices.Clone(g)
		slices.Sort(s)
		if len(s) > 0 {
			half[d] = s[len(s)/2]
		}
	}
	bx, by = make([][]float64, len(x)), make([][]float64, len(y))
	for k := range x[0] {
		if !(green[0][k] <= half[0] && green[1][k] <= half[1]) {
			continue
		}
		for i := range x {
			bx[i], by[i] = append(bx[i], x[i][k]), append(by[i], y[i][k])
		}
	}
	return bx, by
}

// greenness ranks the pixels of one date by near infrared against red, or by green against red and blue.
func greenness(roles []raster.Role, v [][]float64) []float64 {
	at := func(r raster.Role) []float64 {
		if i := slices.Index(roles, r); i >= 0 {
			return v[i]
		}
		return nil
	}
	up, down := at(raster.NIR), at(raster.Red)
	if up == nil {
		up = at(raster.Green)
	}
	out := make([]float64, len(v[0]))
	if up == nil || down == nil {
		return out
	}
	for k := range out {
		if sum := up[k] + down[k]; sum != 0 {
			out[k] = (up[k] - down[k]) / sum
		}
	}
	return out
}

// fit finds the unchanged among the pixels x before and y after, and the lines through them.
func (m *PairMeasure) fit(x, y [][]float64, wanted []raster.Role, normalise bool) {
	if len(x) > 0 {
		m.Pixels = len(x[0])
	}
	if len(m.Roles) == 0 {
		m.refuse(&irmad.Refusal{ZH: "两景影像没有共同的波段", EN: "the scenes have no band in common"}, normalise)
		return
	}
	o := irmad.Options{}
	for _, r := range m.Roles {
		// A band that no rule reads may help to find the unchanged, and may be as poor as it likes.
		o.Bands, o.Matters = append(o.Bands, string(r)), append(o.Matters, slices.Contains(wanted, r))
	}
	var err error
	if m.Change, err = irmad.Fit(x, y, o); err == nil && normalise {
		m.Lines, err = irmad.Normalise(x, y, m.Change, o)
	}
	var refused *irmad.Refusal
	if errors.As(err, &refused) {
		m.refuse(refused, normalise)
	} else if normalise {
		m.State, m.Floors = Normalised, floors(x)
	}
}

// refuse notes why the values of the pair are not brought to one scale. What a refused fit found is of no use.
func (m *PairMeasure) refuse(why *irmad.Refusal, normalise bool) {
	m.Lines, m.Why = nil, &report.Text{ZH: why.ZH, EN: why.EN}
	if normalise {
		m.State = NotComparable
	}
}

// roleList are the planes of a sample.
type roleList []raster.Role

// common returns the bands that both scenes have. The panchromatic band shows what the others show.
func (l roleList) common(before, after raster.Scene) []raster.Role {
	var out []raster.Role
	for _, r := range l {
		if r != raster.Pan && before.Has(r) && after.Has(r) {
			out = append(out, r)
		}
	}
	return out
}

// pixels gathers, band by band, the pixels of pair q that have a value in all the roles at both dates; those on lasting
// land only, if that is asked for.
func (s *observed) pixels(q int, roles []raster.Role, lasting bool) (x, y [][]float64) {
	var bands []int
	for _, r := range roles {
		bands = append(bands, slices.Index(s.roles, r))
	}
	x, y = make([][]float64, len(bands)), make([][]float64, len(bands))
	for k, at := range s.pair {
		if int(at) != q || lasting && !s.lasting[k] {
			continue
		}
		// Nothing is 0 in every band but fill that nobody declared, which would be the most alike of all.
		whole, seen := true, [2]bool{}
		for _, b := range bands {
			u, v := s.values[0][b][k], s.values[1][b][k]
			whole = whole && u-u == 0 && v-v == 0
			seen[0], seen[1] = seen[0] || u != 0, seen[1] || v != 0
		}
		if !whole || !seen[0] || !seen[1] {
			continue
		}
		for i, b := range bands {
			x[i], y[i] = append(x[i], float64(s.values[0][b][k])), append(y[i], float64(s.values[1][b][k]))
		}
	}
	return x, y
}
