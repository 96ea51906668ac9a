package object

import (
	"math"
	"strings"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// picture is a small raster of kinds: '.' nothing, '#' kind 1, '2'…'9' that kind.
type picture struct {
	w, h int
	kind []uint8
}

func draw(s string) picture {
	var p picture
	for _, line := range strings.Fields(s) {
		p.w = len(line)
		p.h++
		for _, c := range line {
			switch {
			case c == '.':
				p.kind = append(p.kind, 0)
			case c == '#':
				p.kind = append(p.kind, 1)
			default:
				p.kind = append(p.kind, uint8(c-'0'))
			}
		}
	}
	if len(p.kind) != p.w*p.h {
		panic("draw: lines of different length")
	}
	return p
}

func (p picture) String() string {
	var b strings.Builder
	for i, k := range p.kind {
		if i%p.w == 0 {
			b.WriteByte('\n')
		}
		b.WriteByte(".#23456789"[k])
	}
	return b.String()
}

func (p picture) at(x, y int) uint8 {
	if x < 0 || y < 0 || x >= p.w || y >= p.h {
		return 0
	}
	return p.kind[y*p.w+x]
}

func (p picture) runs(t interface{ Fatal(...any) }) []Run {
	var runs []Run
	var err error
	for y := range p.h {
		if runs, err = AppendRow(runs, Row{Y: int32(y), Kind: p.kind[y*p.w : (y+1)*p.w]}); err != nil {
			t.Fatal(err)
		}
	}
	if runs, err = Fuse(runs); err != nil {
		t.Fatal(err)
	}
	return runs
}

// pictures draws rasters from speckle to nearly full, of up to three kinds, narrow, wide and square.
func pictures(maxEdge int) *rapid.Generator[picture] {
	return rapid.Custom(func(t *rapid.T) picture {
		p := picture{w: rapid.IntRange(1, maxEdge).Draw(t, "w"), h: rapid.IntRange(1, maxEdge).Draw(t, "h")}
		fill := rapid.IntRange(1, 9).Draw(t, "fill")
		kinds := rapid.IntRange(1, 3).Draw(t, "kinds")
		for _, v := range rapid.SliceOfN(rapid.IntRange(0, 10*kinds-1), p.w*p.h, p.w*p.h).Draw(t, "cells") {
			if v%10 >= fill {
				v = -10
			}
			p.kind = append(p.kind, uint8(v/10+1))
		}
		return p
	})
}

// flood numbers the 4-connected components of equal kind in reading order, −1 outside: the naive twin of Label.
func (p picture) flood() (label []int, n int) {
	label = make([]int, len(p.kind))
	for i := range label {
		label[i] = -1
	}
	for i, k := range p.kind {
		if k == 0 || label[i] >= 0 {
			continue
		}
		for stack := []int{i}; len(stack) > 0; {
			c := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			label[c] = n
			x, y := c%p.w, c/p.w
			for _, d := range [][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
				if p.at(x+d[0], y+d[1]) == k && label[c+d[0]+d[1]*p.w] < 0 {
					label[c+d[0]+d[1]*p.w] = n
					stack = append(stack, c+d[0]+d[1]*p.w)
				}
			}
		}
		n++
	}
	return label, n
}

// spread writes what is known of runs to their cells: the per-pixel form of a labelling.
func (p picture) spread(runs []Run, of []int32) []int {
	cells := make([]int, len(p.kind))
	for i := range cells {
		cells[i] = -1
	}
	for i, r := range runs {
		for x := r.X0; x < r.X1; x++ {
			cells[int(r.Y)*p.w+int(x)] = int(of[i])
		}
	}
	return cells
}

// inside reports whether the point is in the ring, by crossings of a ray to the left.
func inside(r orb.Ring, x, y float64) bool {
	in := false
	for i := range len(r) - 1 {
		a, b := r[i], r[i+1]
		if (a[1] > y) != (b[1] > y) && a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]) < x {
			in = !in
		}
	}
	return in
}

// raster counts for each cell the polygons that hold its centre.
func raster(mp orb.MultiPolygon, w, h int) []uint8 {
	cells := make([]uint8, w*h)
	for _, p := range mp {
		for i := range cells {
			x, y := float64(i%w)+.5, float64(i/w)+.5
			in := inside(p[0], x, y)
			for _, hole := range p[1:] {
				in = in && !inside(hole, x, y)
			}
			if in {
				cells[i]++
			}
		}
	}
	return cells
}

// shoelace is the signed area of a ring, above 0 for an exterior.
func shoelace(r orb.Ring) float64 {
	sum := 0.0
	for i := range len(r) - 1 {
		sum += r[i][0]*r[i+1][1] - r[i+1][0]*r[i][1]
	}
	return sum / 2
}

var nan = float32(math.NaN())
