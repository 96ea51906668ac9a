package track

import (
	"math"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// cells is Measure for shapes along the cells of a picture of 40 × 24, whose sides are so many pixels of a metre: it burns them.
type cells float64

const cellsWide, cellsHigh = 40, 24

type cellSet [cellsHigh][cellsWide]bool

// burn finds the cells whose centre lies in mp. All rings are rectangles or shapes along cells.
func (c cells) burn(mp orb.MultiPolygon) (out cellSet) {
	for y := range cellsHigh {
		for x := range cellsWide {
			out[y][x] = planar.MultiPolygonContains(mp, orb.Point{(float64(x) + 0.5) * float64(c), (float64(y) + 0.5) * float64(c)})
		}
	}
	return out
}

// polygons makes a rectangle of every run of cells that hang together with the same columns in consecutive rows: valid, if not the fewest.
func (c cells) polygons(set cellSet) (out orb.MultiPolygon) {
	for y := range cellsHigh {
		for x := 0; x < cellsWide; x++ {
			if !set[y][x] {
				continue
			}
			x1 := x
			for x1 < cellsWide && set[y][x1] {
				x1++
			}
			full := func(row int) bool {
				if row >= cellsHigh || (x > 0 && set[row][x-1]) || (x1 < cellsWide && set[row][x1]) {
					return false
				}
				for k := x; k < x1; k++ {
					if !set[row][k] {
						return false
					}
				}
				return true
			}
			y1 := y + 1
			for full(y1) {
				y1++
			}
			for row := y; row < y1; row++ {
				for k := x; k < x1; k++ {
					set[row][k] = false
				}
			}
			out = append(out, c.rect(x, y, x1, y1)...)
			x = x1 - 1
		}
	}
	return out
}

func (c cells) rect(x0, y0, x1, y1 int) orb.MultiPolygon {
	b := orb.Bound{Min: orb.Point{float64(x0) * float64(c), float64(y0) * float64(c)}, Max: orb.Point{float64(x1) * float64(c), float64(y1) * float64(c)}}
	return orb.MultiPolygon{b.ToPolygon()}
}

func (c cells) Divide(a, b orb.MultiPolygon) (in, out orb.MultiPolygon, err error) {
	x, y := c.burn(a), c.burn(b)
	var both, rest cellSet
	for row := range cellsHigh {
		for col := range cellsWide {
			both[row][col] = x[row][col] && y[row][col]
			rest[row][col] = x[row][col] && !y[row][col]
		}
	}
	return c.polygons(both), c.polygons(rest), nil
}

func (cells) Area(mp orb.MultiPolygon) (float64, error) { return math.Abs(planar.Area(mp)), nil }

func (cells) Width(p orb.Polygon) float64 {
	return 2 * math.Abs(planar.Area(p)) / planar.Length(p)
}

// picture reads the shapes of a picture by their letters, in the order of the letters.
func (c cells) picture(text string) (letters []string, shapes map[string]orb.MultiPolygon) {
	sets := map[string]*cellSet{}
	for y, line := range strings.Fields(text) {
		for x, r := range line {
			if r == '.' {
				continue
			}
			if sets[string(r)] == nil {
				sets[string(r)] = &cellSet{}
			}
			sets[string(r)][y][x] = true
		}
	}
	shapes = map[string]orb.MultiPolygon{}
	for r := 'A'; r <= 'z'; r++ {
		if s := sets[string(r)]; s != nil {
			letters = append(letters, string(r))
			shapes[string(r)] = c.polygons(*s)
		}
	}
	return letters, shapes
}
