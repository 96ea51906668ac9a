package report

import (
	"strconv"
	"unicode"

	"github.com/paulmach/orb"
)

// label is a patch's number on the map; X, Y is the left end of its baseline. Link leads to the patch in the report, if it is there.
type label struct {
	X, Y float64
	No   int
	Link string
}

const (
	labelSize = 12.0
	// A map with more numbers than this shows numbers and no patches.
	mostLabels = 150
)

// placeLabels puts each number beside its shape, at the first of eight places that is inside the w × h picture and covers
// neither a number placed before nor what is taken already; a number that fits nowhere is left out, and so are those after
// the first mostLabels.
func placeLabels(shapes []Shape, w, h, u float64, taken ...orb.Bound) []label {
	var out []label
	picture := orb.Bound{Max: orb.Point{w, h}}
	for _, s := range shapes {
		if len(out) == mostLabels {
			break
		}
		b := s.Geom.Bound()
		if s.No == 0 || b.IsEmpty() {
			continue
		}
		tw, th := textWidth(strconv.Itoa(s.No), labelSize)*u, labelSize*u
		c, gap := b.Center(), 4*u
		left, right := min(b.Min[0], c[0]-gap)-gap-tw, max(b.Max[0], c[0]+gap)+gap
		top, bottom := min(b.Min[1], c[1]-gap)-gap-th, max(b.Max[1], c[1]+gap)+gap
		midX, midY := c[0]-tw/2, c[1]-th/2
		for _, at := range [...]orb.Point{
			{right, midY}, {left, midY}, {midX, top}, {midX, bottom}, {right, top}, {left, top}, {right, bottom}, {left, bottom},
		} {
			box := orb.Bound{Min: at, Max: orb.Point{at[0] + tw, at[1] + th}}
			if !inside(box, picture) || overlaps(box, taken) {
				continue
			}
			taken = append(taken, box)
			// The baseline is above the box's lower edge by the font's descent.
			out = append(out, label{X: at[0], Y: at[1] + 0.85*th, No: s.No})
			break
		}
	}
	return out
}

func inside(b, in orb.Bound) bool {
	return b.Min[0] >= in.Min[0] && b.Min[1] >= in.Min[1] && b.Max[0] <= in.Max[0] && b.Max[1] <= in.Max[1]
}

func overlaps(b orb.Bound, others []orb.Bound) bool {
	for _, o := range others {
		if b.Min[0] < o.Max[0] && o.Min[0] < b.Max[0] && b.Min[1] < o.Max[1] && o.Min[1] < b.Max[1] {
			return true
		}
	}
	return false
}

// textWidth estimates the width of s set in size: a Han character is square, a Latin one about half as wide.
func textWidth(s string, size float64) float64 {
	var em float64
	for _, r := range s {
		if unicode.Is(unicode.Han, r) || r >= 0x3000 {
			em++
		} else {
			em += 0.56
		}
	}
	return em * size
}
