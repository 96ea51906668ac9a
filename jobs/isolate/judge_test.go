package isolate

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// world is a native library with defects, as the judge sees it: children that do n operations, some at once.
type world struct {
	n, workers int
	poison     map[int]cause
	// pair kills only when both of its operations are in work at once.
	pair [2]int
}

// live plays the life of a child that knows d; done are the operations that it finished.
func (w world) live(t *rapid.T, d docket) (done []int, end death) {
	left := rapid.Permutation(numbers(w.n)).Draw(t, "order")
	cleared := map[Op]bool{}
	for len(left) > 0 {
		batch := left[:0:0]
		for len(left) > 0 && len(batch) < w.workers {
			i := left[0]
			stubborn, suspect := d.suspects[operation(i).key()]
			if alone := suspect && (stubborn || !cleared[operation(i).key()]); alone && len(batch) > 0 {
				break
			} else if left = left[1:]; d.reason(operation(i)) != "" {
				continue
			} else if batch = append(batch, i); alone {
				cleared[operation(i).key()] = true
				break
			}
		}
		why := cause("")
		for _, i := range batch {
			if c := w.poison[i]; c != "" {
				why = c
			}
		}
		if slices.Contains(batch, w.pair[0]) && slices.Contains(batch, w.pair[1]) && w.pair[0] != w.pair[1] {
			why = crashed
		}
		if why != "" {
			var ops []Op
			for _, i := range batch {
				ops = append(ops, operation(i))
			}
			return done, death{cause: why, how: "ended", ops: ops}
		}
		done = append(done, batch...)
	}
	return done, death{cause: finished}
}

func numbers(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// Whatever is poisoned, and whatever runs beside it, exactly that is banned in the end; two operations that only
// kill together are kept apart, and both done.
func TestJudgeFindsThePoison(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := world{n: rapid.IntRange(1, 30).Draw(t, "n"), workers: rapid.IntRange(1, 8).Draw(t, "workers"), poison: map[int]cause{}}
		for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, w.n-1), 0, min(w.n, 6), rapid.ID[int]).Draw(t, "poison") {
			w.poison[i] = rapid.SampledFrom([]cause{crashed, killed, grown}).Draw(t, "cause")
		}
		w.pair = [2]int{rapid.IntRange(0, w.n-1).Draw(t, "pair"), rapid.IntRange(0, w.n-1).Draw(t, "pair")}
		j := &judge{docket: newDocket()}
		for {
			done, end := w.live(t, j.docket)
			if end.cause == finished {
				var want []int
				for i := range w.n {
					if w.poison[i] == "" {
						want = append(want, i)
					}
				}
				if slices.Sort(done); !slices.Equal(done, want) || len(j.docket.banned) != len(w.poison) {
					t.Fatalf("done %v, want %v; banned %v", done, want, j.docket.banned)
				}
				return
			}
			if _, err := j.learn(end); err != nil {
				t.Fatalf("after %d restarts: %v", j.restarts, err)
			}
		}
	})
}
