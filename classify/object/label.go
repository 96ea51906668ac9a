package object

// forest is a union–find over the numbers 0 … len−1. The root of a set is its smallest member, which makes the
// numbering of sets independent of the order of joins.
type forest []int32

func newForest(n int) forest { return forest(nil).reset(n) }

// reset returns n sets of one member each, in f's storage when that is large enough.
func (f forest) reset(n int) forest {
	if cap(f) < n {
		f = make(forest, n)
	}
	f = f[:n]
	for i := range f {
		f[i] = int32(i)
	}
	return f
}

func (f forest) find(i int32) int32 {
	for f[i] != i {
		f[i] = f[f[i]]
		i = f[i]
	}
	return i
}

func (f forest) join(a, b int32) {
	a, b = f.find(a), f.find(b)
	switch {
	case a < b:
		f[b] = a
	case b < a:
		f[a] = b
	}
}

// number turns the forest into set numbers 0 … n−1, in the order of each set's smallest member.
func (f forest) number() (n int) {
	for i := range f {
		// Parents are smaller than their children, so the parent already holds its number.
		if f[i] == int32(i) {
			f[i] = int32(n)
			n++
		} else {
			f[i] = f[f[i]]
		}
	}
	return n
}

// Label finds the 4-connected components of equal Kind, across parcels and scene pairs. label[i] is the component of
// runs[i], 0 … n−1 numbered by first run; −1 for a gap. The runs must be in the order that Fuse leaves; others
// are a caller's bug and panic.
func Label(runs []Run) (label []int32, n int) {
	label = newForest(len(runs))
	f := forest(label)
	above, aboveEnd := 0, 0 // runs of the row above
	for start := 0; start < len(runs); {
		end := start + 1
		for end < len(runs) && runs[end].Y == runs[start].Y {
			end++
		}
		if end < len(runs) && runs[end].Y < runs[start].Y {
			panic("object: Label: runs are not fused")
		}
		if above == aboveEnd || runs[above].Y != runs[start].Y-1 {
			above, aboveEnd = start, start
		}
		joinRow(f, runs, above, aboveEnd, start, end)
		above, aboveEnd, start = start, end, end
	}
	return label, f.numberChanges(runs)
}

// joinRow joins each change run of runs[start:end] with the one that it touches on its left, and with those of the
// row above, runs[above:aboveEnd], that share a pixel edge with it.
func joinRow(f forest, runs []Run, above, aboveEnd, start, end int) {
	last := -1
	for i := start; i < end; i++ {
		r := &runs[i]
		if r.Kind == 0 {
			continue
		}
		if last >= 0 {
			if runs[last].X1 > r.X0 {
				panic("object: Label: runs are not fused")
			}
			if runs[last].X1 == r.X0 && runs[last].Kind == r.Kind {
				f.join(int32(last), int32(i))
			}
		}
		last = i
		for ; above < aboveEnd; above++ {
			a := &runs[above]
			if a.Kind == 0 || a.X1 <= r.X0 {
				continue
			}
			if a.X0 >= r.X1 {
				break
			}
			if a.Kind == r.Kind {
				f.join(int32(above), int32(i))
			}
			if a.X1 > r.X1 {
				break // it may reach the next run too
			}
		}
	}
}

// numberChanges is number over the change runs alone; gaps become −1. No change run has a gap for a parent.
func (f forest) numberChanges(runs []Run) (n int) {
	for i := range f {
		switch {
		case runs[i].Kind == 0:
			f[i] = -1
		case f[i] == int32(i):
			f[i] = int32(n)
			n++
		default:
			f[i] = f[f[i]]
		}
	}
	return n
}

// Gather groups runs by patch: element p of the result holds the runs whose patch is p, in their order. Runs with a
// negative patch (gaps) are left out. The groups share one new array.
func Gather(runs []Run, patch []int32, np int) [][]Run {
	if len(patch) != len(runs) {
		panic("object: Gather: slices of different length")
	}
	size := make([]int, np)
	total := 0
	for _, p := range patch {
		if p >= 0 {
			size[p]++
			total++
		}
	}
	all := make([]Run, total)
	groups := make([][]Run, np)
	for p, at := 0, 0; p < np; p++ {
		groups[p] = all[at : at : at+size[p]]
		at += size[p]
	}
	for i, p := range patch {
		if p >= 0 {
			groups[p] = append(groups[p], runs[i])
		}
	}
	return groups
}
