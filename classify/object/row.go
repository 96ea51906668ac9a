package object

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Row is one row of a tile's final mask with what belongs to its pixels. Element 0 of each slice is column X;
// slices are as long as Kind, or nil, which means zero everywhere.
type Row struct {
	Y, X     int32
	Kind     []uint8  // 1-based ordinal of the kind that fired; 0 nothing
	Parcel   []int32  // 1-based index of the staged parcel; 0 none
	Pair     []uint16 // index of the scene pair
	Evidence [NEvidence][]float32
}

// AppendRow appends the change runs of r to runs: maximal spans of equal kind, parcel and pair.
// Evidence is summed in thousandths, each pixel rounded half away from zero, so that sums do not depend on where a
// row is cut; NaN adds nothing and is counted as missing. Evidence too large for the sum is an error, and runs is returned unchanged.
// Slices of different length are a caller's bug and panic.
func AppendRow(runs []Run, r Row) ([]Run, error) {
	n := len(r.Kind)
	if r.Parcel != nil && len(r.Parcel) != n || r.Pair != nil && len(r.Pair) != n {
		panic("object: AppendRow: slices of different length")
	}
	for _, e := range r.Evidence {
		if e != nil && len(e) != n {
			panic("object: AppendRow: slices of different length")
		}
	}
	if int64(r.X)+int64(n) > math.MaxInt32 {
		panic("object: AppendRow: columns beyond 2³¹")
	}
	out := runs
	for i := 0; i < n; {
		if r.Kind[i] == 0 {
			// Most of a row is empty: skip it eight pixels at a time.
			for i+8 <= n && binary.LittleEndian.Uint64(r.Kind[i:]) == 0 {
				i += 8
			}
			for i < n && r.Kind[i] == 0 {
				i++
			}
			continue
		}
		run := Run{Y: r.Y, X0: r.X + int32(i), Kind: r.Kind[i]}
		if r.Parcel != nil {
			run.Parcel = r.Parcel[i]
		}
		if r.Pair != nil {
			run.Pair = r.Pair[i]
		}
		j := i + 1
		for j < n && r.Kind[j] == run.Kind && (r.Parcel == nil || r.Parcel[j] == run.Parcel) && (r.Pair == nil || r.Pair[j] == run.Pair) {
			j++
		}
		run.X1 = r.X + int32(j)
		for e, values := range r.Evidence {
			if values == nil {
				continue
			}
			sum, missing, ok := sumThousandths(values[i:j])
			if !ok {
				return runs, fmt.Errorf("row %d, columns [%d, %d): sum of evidence %d does not fit 64 bits: scale the expression down", run.Y, run.X0, run.X1, e+1)
			}
			run.Sums[e], run.Missing[e] = sum, missing
		}
		out = append(out, run)
		i = j
	}
	return out, nil
}

// sumThousandths returns Σ round(v · 1000) and how many v are NaN, false when the sum does not fit. The product is exact
// in float64: 24 bits of v by 10 of the factor.
func sumThousandths(values []float32) (sum int64, missing int32, ok bool) {
	const limit = 1 << 62
	for _, v := range values {
		if v != v {
			missing++
			continue
		}
		t := math.Round(float64(v) * 1000)
		if t >= limit || t <= -limit {
			return 0, 0, false
		}
		if sum, ok = add(sum, int64(t)); !ok {
			return 0, 0, false
		}
	}
	return sum, missing, true
}

// add returns a + b, false when it overflows.
func add(a, b int64) (int64, bool) {
	c := a + b
	return c, (c > a) == (b > 0)
}
