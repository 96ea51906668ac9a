package object

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
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
	for i := 0; ; {
		if i += zeros(r.Kind[i:]); i == n {
			return out, nil
		}
		j := r.end(i)
		if len(out) == cap(out) {
			// Twice the room, untouched: append would take a quarter more of a long list and clear it, and so copy each run
			// four times in the end.
			out = append(make([]Run, 0, max(2*len(out), 16)), out...)
		}
		out = append(out, Run{Y: r.Y, X0: r.X + int32(i), X1: r.X + int32(j), Kind: r.Kind[i]})
		run := &out[len(out)-1]
		if r.Parcel != nil {
			run.Parcel = r.Parcel[i]
		}
		if r.Pair != nil {
			run.Pair = r.Pair[i]
		}
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
		i = j
	}
}

// zeros returns how many zeros kind begins with. Most of a row is empty: 32 pixels at a time are skipped, then eight.
func zeros(kind []uint8) int {
	i := 0
	for ; i+32 <= len(kind); i += 32 {
		k := kind[i : i+32 : i+32]
		if binary.LittleEndian.Uint64(k)|binary.LittleEndian.Uint64(k[8:])|binary.LittleEndian.Uint64(k[16:])|binary.LittleEndian.Uint64(k[24:]) != 0 {
			break
		}
	}
	for ; i+8 <= len(kind); i += 8 {
		if v := binary.LittleEndian.Uint64(kind[i:]); v != 0 {
			return i + bits.TrailingZeros64(v)/8
		}
	}
	for i < len(kind) && kind[i] == 0 {
		i++
	}
	return i
}

// end returns where the run that begins at pixel i ends.
func (r *Row) end(i int) int {
	kind := r.Kind[i]
	j := i + 1
	for j < len(r.Kind) && r.Kind[j] == kind {
		j++
	}
	if r.Parcel != nil {
		same := r.Parcel[i:j]
		for k, p := range same {
			if p != same[0] {
				j = i + k
				break
			}
		}
	}
	if r.Pair != nil {
		same := r.Pair[i:j]
		for k, p := range same {
			if p != same[0] {
				return i + k
			}
		}
	}
	return j
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
