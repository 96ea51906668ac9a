package pipeline

import (
	"tuban/classify/register"
	"tuban/raster"
)

// pairChip is a chip of registration of one pair of origins.
type pairChip struct {
	pair int
	register.Chip
}

// matcher finds the shift between the dates of a spot.
type matcher struct {
	m      *register.Matcher
	planes [2][]float32
}

func newMatcher(edge int) *matcher {
	m := register.NewMatcher(edge)
	n := m.Size() * m.Size()
	return &matcher{m: m, planes: [2][]float32{make([]float32, n), make([]float32, n)}}
}

// chip matches the brightness of what r holds over w, as far as it is of the pair that shows most of it. A spot that the
// grid cuts short is no chip.
func (m *matcher) chip(r *spotReader, w raster.Window) (pairChip, bool) {
	edge := m.m.Size()
	if w.W != edge || w.H != edge {
		return pairChip{}, false
	}
	pair := most(r.plan, r.from)
	if pair < 0 {
		return pairChip{}, false
	}
	bands := matchBands(r.roles, r.blocks)
	for d, dst := range m.planes {
		raster.Fill(dst, 0)
		for _, b := range bands {
			for k, v := range r.blocks[d].Planes[b] {
				dst[k] += v
			}
		}
		for k := range dst {
			if r.plan.pairAt(r.from[0][k], r.from[1][k]) != pair {
				dst[k] = raster.NaN
			}
		}
	}
	c := pairChip{pair: pair, Chip: register.Chip{X: float64(w.X + edge/2), Y: float64(w.Y + edge/2)}}
	c.Shift, c.OK = m.m.Match(m.planes[0], m.planes[1])
	return c, true
}

// matchBands are the planes that are matched: blue, green and red where both dates have them, else whatever both have.
func matchBands(roles []raster.Role, blocks [2]raster.Block) []int {
	var visible, all []int
	for b, r := range roles {
		if !anyValue(blocks[0].Planes[b]) || !anyValue(blocks[1].Planes[b]) {
			continue
		}
		all = append(all, b)
		if r == raster.Blue || r == raster.Green || r == raster.Red {
			visible = append(visible, b)
		}
	}
	if len(visible) == 3 {
		return visible
	}
	return all
}

func anyValue(plane []float32) bool {
	for _, v := range plane {
		if v == v {
			return true
		}
	}
	return false
}

// most returns the pair that most pixels have, the lowest of several; −1 when none has any.
func most(p *Plan, from [2][]int32) int {
	counts := map[int]int{}
	best := -1
	for k := range from[0] {
		q := p.pairAt(from[0][k], from[1][k])
		if q < 0 {
			continue
		}
		counts[q]++
	}
	for q, n := range counts {
		if best < 0 || n > counts[best] || n == counts[best] && q < best {
			best = q
		}
	}
	return best
}
