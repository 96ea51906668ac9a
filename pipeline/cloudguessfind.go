package pipeline

import (
	"math"

	"tuban/classify/mask"
	"tuban/raster"
)

// guess finds what hides the land in the cells of more, which are held with the halo around them.
func (s *guessSwath) guess(more raster.Window) {
	n := int(more.Pixels())
	both := false
	var planes [2]mask.Planes
	for d := range planes {
		s.classes[d] = grow(s.classes[d], n)
		m := &s.means[d]
		planes[d] = mask.Planes{Blue: m[0], Green: m[1], Red: m[2]}
		if len(s.plan.Roles) == 4 {
			planes[d].NIR = m[3]
		}
	}
	for i, v := range planes[0].Red {
		w := planes[1].Red[i]
		if v == v && w == w {
			both = true
			break
		}
	}
	if both {
		mask.Guess(s.classes, more, s.held, planes, s.options, &s.scratch)
	}
	if !both {
		clear(s.classes[0])
		clear(s.classes[1])
	}
}

// note adds to out what was guessed in the cells of part, and returns how many spans that takes. A cell hides the scenes that
// the mosaic shows in it, and no other: a scene behind them fills it. more is part with the cells beside it, as guessed.
func (s *guessSwath) note(part, more raster.Window, out *cloudGuess) (spans int) {
	for d := range s.classes {
		for y := range part.H {
			o := (part.Y+y-more.Y)*more.W + part.X - more.X
			spans += s.row(d, part.Y+y, part.X, s.classes[d][o:o+part.W], more, out)
		}
	}
	return spans
}

// row adds a row of classes of date d from column x on, of those in more.
func (s *guessSwath) row(d, y, x int, classes []mask.Class, more raster.Window, out *cloudGuess) (spans int) {
	at := (y-s.held.Y)*s.held.W + x - s.held.X
	for i, c := range classes {
		first, last := s.first[d][at+i], s.last[d][at+i]
		if first < 0 {
			continue
		}
		out.Seen[d]++
		if c == mask.Clear {
			continue
		}
		cell := guessSpan{Y: int32(y), X0: int32(x + i), X1: int32(x + i + 1), Class: c}
		for _, side := range [2]int{-1, 1} {
			if end, cut := s.end(d, y, x+i+side, more); end {
				cell.Ends++
				if cut {
					cell.Cut++
				}
			}
		}
		for k, scene := range [2]int32{first, last} {
			if !s.judged[d][scene] || k > 0 && first == last {
				continue
			}
			list := &out.Scenes[d][scene]
			if n := len(*list); n > 0 && (*list)[n-1].Y == cell.Y && (*list)[n-1].X1 == cell.X0 && (*list)[n-1].Class == c {
				(*list)[n-1].X1++
				(*list)[n-1].Ends += cell.Ends
				(*list)[n-1].Cut += cell.Cut
				continue
			}
			*list = append(*list, cell)
			spans++
		}
	}
	return spans
}

// end reports whether something that is hidden ends beside the cell (x, y), which has a value at both dates, and whether
// that cell still is as white as a cloud.
func (s *guessSwath) end(d, y, x int, more raster.Window) (end, cut bool) {
	if x < more.X || x >= more.X+more.W || s.classes[d][(y-more.Y)*more.W+x-more.X] != mask.Clear {
		return false, false
	}
	at := (y-s.held.Y)*s.held.W + x - s.held.X
	gain := float32(math.Inf(1))
	for k := range 3 {
		v := s.means[d][k][at] - s.means[1-d][k][at]
		if v != v {
			return false, false
		}
		gain = min(gain, v)
	}
	return true, float64(gain) > (s.options.Bright-s.options.Dark)/2
}
