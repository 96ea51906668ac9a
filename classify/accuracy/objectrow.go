package accuracy

import (
	"cmp"
	"math"
	"slices"
)

// rows is a table under construction.
type rows struct {
	list  []*ObjectRow
	index map[string]int
}

func newRows() *rows { return &rows{index: map[string]int{}} }

// row returns the line of that name, a new one the first time.
func (r *rows) row(name string) *ObjectRow {
	i, ok := r.index[name]
	if !ok {
		i = len(r.list)
		r.index[name] = i
		r.list = append(r.list, &ObjectRow{Name: name, ReferenceSide: &ReferenceSide{}, PatchSide: &PatchSide{}})
	}
	return r.list[i]
}

func (r *ObjectRow) object(hit, hitSame bool, areaError float64) {
	r.Objects++
	if hitSame {
		r.HitsSameKind++
	}
	if hit {
		r.Hits++
		r.errors = append(r.errors, areaError)
	}
}

func (r *ObjectRow) patch(isTrue bool) {
	r.Patches++
	if isTrue {
		r.True++
	}
}

// finish derives the measures and drops the sides that do not apply.
func (r *rows) finish(reference, patches bool) []ObjectRow {
	out := make([]ObjectRow, 0, len(r.list))
	for _, x := range r.list {
		x.Recall = Quotient(float64(x.Hits), float64(x.Objects))
		x.RecallSameKind = Quotient(float64(x.HitsSameKind), float64(x.Objects))
		x.MedianAreaError = median(x.errors)
		x.Precision = Quotient(float64(x.True), float64(x.Patches))
		x.F1 = f1(x.Precision, x.Recall)
		if !reference {
			x.ReferenceSide, x.F1 = nil, Ratio(math.NaN())
		}
		if !patches {
			x.PatchSide, x.F1 = nil, Ratio(math.NaN())
		}
		out = append(out, *x)
	}
	return out
}

// sorted is finish in the order of names.
func (r *rows) sorted(reference, patches bool) []ObjectRow {
	slices.SortFunc(r.list, func(a, b *ObjectRow) int { return cmp.Compare(a.Name, b.Name) })
	return r.finish(reference, patches)
}

// median is the middle of v, the mean of the two in the middle when there are two; NaN for none. v is sorted.
func median(v []float64) Ratio {
	if len(v) == 0 {
		return Ratio(math.NaN())
	}
	slices.Sort(v)
	return Ratio((v[(len(v)-1)/2] + v[len(v)/2]) / 2)
}
