package object

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestArrangeSorts compares with sorting the runs themselves, where rows are many and few, near and far.
func TestArrangeSorts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SampledFrom([]int32{1, 5, 1000, 1 << 30}).Draw(t, "rows")
		first := rapid.SampledFrom([]int32{0, 7}).Draw(t, "first")
		runs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Run {
			x := rapid.Int32Range(0, 6).Draw(t, "x")
			return Run{
				Y: first + rapid.Int32Range(0, rows-1).Draw(t, "y"), X0: x, X1: x + rapid.Int32Range(1, 3).Draw(t, "length"),
				Kind: rapid.Uint8Range(0, 2).Draw(t, "kind"), Parcel: rapid.Int32Range(0, 2).Draw(t, "parcel"),
				Pair: rapid.Uint16Range(0, 1).Draw(t, "pair"), Undecided: rapid.Uint32Range(0, 1).Draw(t, "undecided"),
			}
		}), 1, 60).Draw(t, "runs")
		want := slices.Clone(runs)
		slices.SortFunc(want, func(a, b Run) int { return compare(&a, &b) })
		if arrange(runs); !slices.Equal(runs, want) {
			t.Errorf("%v, want %v", runs, want)
		}
	})
}
