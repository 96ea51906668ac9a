package pipeline

import (
	"cmp"
	"slices"

	"tuban/classify/mask"
	"tuban/raster"
)

const (
	// shadowGrowth is how much larger than its cloud a shadow may be found: borders are soft, and clouds end at the image's.
	shadowGrowth = 2
	// shadowThrow is how many metres from its cloud a shadow is sought: a cloud 2.5 km up, the sun 32° high.
	shadowThrow = 4000
)

// placed is a span of one scene of a date.
type placed struct {
	guessSpan
	scene, index int
}

// blob is an area of one class that hangs together.
type blob struct {
	cells     int64
	ends, cut int64 // of its spans
	box       raster.Window
}

// inside reports whether a cloud ends amid what is as white, as a rule: the middle of a yard or a hall, whose sharp borders are
// out of sight from there. A cloud is taken to where it fades.
func (b blob) inside() bool { return 4*b.cut > b.ends }

// withoutStray drops clouds that are the inside of something, and shadows that nothing of their day can cast: land that darkened as a block looks like them. A shadow is no
// more than shadowGrowth times as large as some cloud no further than shadowThrow from it. days numbers the scenes of each
// date by day, cell is the edge of a cell in metres.
func (c *cloudGuess) withoutStray(days [2][]int, cell float64) {
	throw := int(shadowThrow / cell)
	for date, scenes := range c.Scenes {
		for _, day := range slices.Compact(slices.Sorted(slices.Values(days[date]))) {
			var spans [mask.Shadow + 1][]placed
			for i, list := range scenes {
				for k, s := range list {
					if days[date][i] == day {
						spans[s.Class] = append(spans[s.Class], placed{s, i, k})
					}
				}
			}
			in, clouds := blobsOf(spans[mask.Cloud])
			for i, s := range spans[mask.Cloud] {
				if clouds[in[i]].inside() {
					scenes[s.scene][s.index].Class = mask.Clear
				}
			}
			clouds = slices.DeleteFunc(clouds, blob.inside)
			of, shadows := blobsOf(spans[mask.Shadow])
			cast := make([]bool, len(shadows))
			for i, s := range shadows {
				around := s.box.Grow(throw)
				cast[i] = slices.ContainsFunc(clouds, func(b blob) bool {
					return s.cells <= shadowGrowth*b.cells && !around.Intersect(b.box).Empty()
				})
			}
			for i, s := range spans[mask.Shadow] {
				if !cast[of[i]] {
					scenes[s.scene][s.index].Class = mask.Clear
				}
			}
		}
		for i := range scenes {
			scenes[i] = slices.DeleteFunc(scenes[i], func(s guessSpan) bool { return s.Class == mask.Clear })
		}
	}
}

// blobsOf sorts spans of one class by row and column, and says which of the returned blobs each belongs to. Cells touch at
// edges, whichever scene they are of.
func blobsOf(spans []placed) (of []int, list []blob) {
	slices.SortFunc(spans, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.Y, b.Y), cmp.Compare(a.X0, b.X0), cmp.Compare(a.X1, b.X1), cmp.Compare(a.scene, b.scene))
	})
	parent := make([]int, len(spans))
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	far := 0   // the span of the row that reaches furthest
	above := 0 // the first span that can touch the next from the row above
	for i, s := range spans {
		parent[i] = i
		if spans[far].Y == s.Y && s.X0 <= spans[far].X1 {
			parent[i] = root(far)
		}
		if spans[far].Y != s.Y || s.X1 > spans[far].X1 {
			far = i
		}
		for above < i && (spans[above].Y < s.Y-1 || spans[above].Y == s.Y-1 && spans[above].X1 <= s.X0) {
			above++
		}
		for k := above; k < i && spans[k].Y == s.Y-1 && spans[k].X0 < s.X1; k++ {
			if spans[k].X1 > s.X0 {
				parent[root(k)] = root(i)
			}
		}
	}
	of = make([]int, len(spans))
	number := map[int]int{}
	for i, s := range spans {
		r := root(i)
		if _, ok := number[r]; !ok {
			number[r] = len(list)
			list = append(list, blob{})
		}
		of[i] = number[r]
		b := &list[of[i]]
		b.cells += int64(s.X1 - s.X0)
		b.ends, b.cut = b.ends+int64(s.Ends), b.cut+int64(s.Cut)
		b.box = b.box.Union(raster.Window{X: int(s.X0), Y: int(s.Y), W: int(s.X1 - s.X0), H: 1})
	}
	return of, list
}

// count sums up the cells of each class; a cell in which the mosaic shows two scenes counts once.
func (c *cloudGuess) count() {
	for date, scenes := range c.Scenes {
		c.Cells[date] = [mask.Shadow + 1]int64{}
		all := slices.Concat(scenes...)
		slices.SortFunc(all, func(a, b guessSpan) int { return cmp.Or(cmp.Compare(a.Y, b.Y), cmp.Compare(a.X0, b.X0)) })
		row, end := int32(-1), int32(0)
		for _, s := range all {
			if s.Y != row {
				row, end = s.Y, 0
			}
			if s.X1 > end {
				c.Cells[date][s.Class] += int64(s.X1 - max(s.X0, end))
				end = s.X1
			}
		}
	}
}
