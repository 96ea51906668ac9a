package object

import "math"

// Metric is the ground size of a pixel in metres, along a row and along a column.
type Metric struct{ X, Y float64 }

// slack widens a gap by the rounding of its product with the size of a pixel: ten pixels of 0.3 m bridge 3 m.
const slack = 1 + 1e-9

// Bridge joins components of one kind that come within gap(kind) metres of each other, measured between the edges of
// their pixels (Euclidean, so that corner neighbours are 0 m apart), and carries on from what was joined.
// patch[i] is the patch of runs[i], 0 … np−1 numbered by first run; −1 for a gap run. A gap of 0 or less, or NaN, joins
// nothing. runs, label and n are as Label takes and returns them; gap is asked once for each kind that occurs.
//
// The cost of a kind grows with its runs times the rows that its gap spans: made for gaps of metres, not of kilometres.
// A metric that is not above 0, where a gap is to be bridged, is a caller's bug and panics.
func Bridge(runs []Run, label []int32, n int, gap func(kind uint8) float64, m Metric) (patch []int32, np int) {
	if len(label) != len(runs) {
		panic("object: Bridge: slices of different length")
	}
	byKind := runsByKind(runs)
	f := newForest(n)
	for kind := 1; kind < len(byKind); kind++ {
		if len(byKind[kind]) == 0 {
			continue
		}
		if g := gap(uint8(kind)); g > 0 {
			bridgeKind(f, runs, label, byKind[kind], reach(g*slack, m))
		}
	}
	np = f.number()
	patch = make([]int32, len(runs))
	for i, l := range label {
		patch[i] = -1
		if l >= 0 {
			patch[i] = f[l]
		}
	}
	return patch, np
}

// runsByKind lists the positions of each kind's change runs, in order.
func runsByKind(runs []Run) (byKind [256][]int32) {
	var count [256]int
	for i := range runs {
		count[runs[i].Kind]++
	}
	for k := 1; k < len(count); k++ {
		if count[k] > 0 {
			byKind[k] = make([]int32, 0, count[k])
		}
	}
	for i := range runs {
		if k := runs[i].Kind; k > 0 {
			byKind[k] = append(byKind[k], int32(i))
		}
	}
	return byKind
}

// reach returns how far a gap of g metres goes: the number of whole columns that may lie between two runs that are
// rows apart, false when the rows alone are too far.
func reach(g float64, m Metric) func(rows int) (columns int, ok bool) {
	if !(m.X > 0 && m.Y > 0) {
		panic("object: Bridge: the size of a pixel must be above 0")
	}
	return func(rows int) (int, bool) {
		dy := 0.0
		if rows > 0 {
			dy = float64(rows-1) * m.Y // between runs in neighbouring rows lies no row
		}
		if dy > g {
			return 0, false
		}
		return int(math.Min(math.Sqrt((g-dy)*(g+dy))/m.X, math.MaxInt32)), true
	}
}

// bridgeKind joins in f the components of the runs at the positions list that are within reach of each other.
func bridgeKind(f forest, runs []Run, label, list []int32, reach func(rows int) (int, bool)) {
	var rows []int // where in list each row begins, and at last its length
	for i := range list {
		if i == 0 || runs[list[i]].Y != runs[list[i-1]].Y {
			rows = append(rows, i)
		}
	}
	rows = append(rows, len(list))

	// columns[k] is the reach across k rows, found when first needed: a gap wider than the grid must not cost a table.
	var columns []int
	for at := 0; at+1 < len(rows); at++ {
		below := list[rows[at]:rows[at+1]]
		y := runs[below[0]].Y
		for up := at; up >= 0; up-- {
			above := list[rows[up]:rows[up+1]]
			dy := int(y - runs[above[0]].Y)
			for len(columns) <= dy {
				c, ok := reach(len(columns))
				if !ok {
					break
				}
				columns = append(columns, c)
			}
			if dy >= len(columns) {
				break
			}
			bridgeRows(f, runs, label, above, below, int64(columns[dy]))
		}
	}
}

// bridgeRows joins the components of two rows of one kind (or of one row with itself) whose runs have at most c
// columns between them.
func bridgeRows(f forest, runs []Run, label, above, below []int32, c int64) {
	first := 0
	for _, b := range below {
		x0, x1 := int64(runs[b].X0)-c, int64(runs[b].X1)+c
		for first < len(above) && int64(runs[above[first]].X1) < x0 {
			first++
		}
		for _, a := range above[first:] {
			if int64(runs[a].X0) > x1 {
				break
			}
			if label[a] != label[b] {
				f.join(label[a], label[b])
			}
		}
	}
}
