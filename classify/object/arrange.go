package object

import "slices"

// arrange sorts runs in canonical order, in place. Runs are large, and those of a tile are of few rows: numbers are dealt out by
// row and sorted within it, and each run then moves once. Of 750,000 runs in tiles that takes 0.10 s, where sorting the runs
// themselves takes 0.43.
func arrange(runs []Run) {
	order, ends := dealt(runs)
	start := int32(0)
	for _, end := range ends {
		slices.SortFunc(order[start:end], func(a, b int32) int { return compare(&runs[a], &runs[b]) })
		start = end
	}
	permute(runs, order)
}

// dealt returns the numbers of the runs row by row, and where each row ends. Where there are more rows than runs, it is one row:
// the memory follows the runs.
func dealt(runs []Run) (order, ends []int32) {
	first, last := runs[0].Y, runs[0].Y
	for i := range runs {
		first, last = min(first, runs[i].Y), max(last, runs[i].Y)
	}
	order = make([]int32, len(runs))
	if int64(last)-int64(first) >= int64(len(runs)) {
		for i := range order {
			order[i] = int32(i)
		}
		return order, []int32{int32(len(runs))}
	}
	ends = make([]int32, last-first+2)
	for i := range runs {
		ends[runs[i].Y-first+1]++
	}
	for row := 1; row < len(ends); row++ {
		ends[row] += ends[row-1]
	}
	for i := range runs {
		at := &ends[runs[i].Y-first] // the start of the row moves to its end
		order[*at] = int32(i)
		*at++
	}
	return order, ends
}

// permute puts run order[i] at i, for all i; order is used up.
func permute(runs []Run, order []int32) {
	for start := range order {
		if int(order[start]) == start {
			continue
		}
		held := runs[start]
		at := start
		for {
			from := int(order[at])
			order[at] = int32(at)
			if from == start {
				runs[at] = held
				break
			}
			runs[at] = runs[from]
			at = from
		}
	}
}
