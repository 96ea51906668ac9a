package pipeline

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tuban/classify/object"
)

// TestRunBlocks: what is added, to nothing or to a slice that was there, comes back in its order, once.
func TestRunBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want []object.Run
		add := func(b *runBlocks, n int) {
			for range n {
				r := object.Run{X0: int32(len(want))}
				want = append(want, r)
				b.add(r)
			}
		}
		sizes := rapid.SampledFrom([]int{0, 1, 5, blockRuns - 1, blockRuns, 2*blockRuns + 7})
		var b runBlocks
		add(&b, sizes.Draw(t, "first"))
		if rapid.Bool().Draw(t, "taken") {
			b = blocksOf(b.take(nil))
		}
		add(&b, sizes.Draw(t, "then"))
		if got := slices.Collect(b.all()); b.n != len(want) || !slices.Equal(got, want) {
			t.Fatalf("%d runs, said to be %d, of %d", len(got), b.n, len(want))
		}
		before := object.Run{Y: 1}
		if got := b.take([]object.Run{before}); !slices.Equal(got[1:], want) || got[0] != before {
			t.Fatalf("took %d of %d runs", len(got)-1, len(want))
		}
		if got := b.take(nil); b.n != 0 || len(got) != 0 {
			t.Fatalf("%d runs are left", len(got))
		}
	})
}
