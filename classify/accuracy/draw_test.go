package accuracy

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestAllocate(t *testing.T) {
	for _, c := range []struct {
		name  string
		n     int
		sizes []int64
		least int
		how   Allocation
		want  []int
	}{
		{"a rare stratum gets its minimum", 500, []int64{1000, 99_000}, 50, Proportional, []int{54, 446}},
		{"by largest remainder: 1.4, 1.5 and 7.1", 10, []int64{14, 15, 71}, 0, Proportional, []int{1, 2, 7}},
		{"equally", 300, []int64{1000, 99_000, 5000}, 50, Equal, []int{100, 100, 100}},
		{"by the root", 300, []int64{10_000, 40_000}, 0, Root, []int{100, 200}},
		{"a stratum of three pixels is drawn whole", 103, []int64{3, 1000}, 50, Equal, []int{3, 100}},
		{"more units than pixels", 100, []int64{3, 4}, 50, Proportional, []int{3, 4}},
	} {
		got, err := Allocate(c.n, c.sizes, c.least, c.how)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v; want %v", c.name, got, err, c.want)
		}
	}
	if _, err := Allocate(99, []int64{1000, 1000}, 50, Equal); err == nil {
		t.Error("99 units for two minima of 50")
	}
	if _, err := Allocate(100, []int64{1000}, 50, "neyman"); err == nil {
		t.Error("an allocation that does not exist")
	}
}

func TestAllocateLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.Int64Range(1, 1e9), 1, 8).Draw(t, "sizes")
		least := rapid.IntRange(0, 60).Draw(t, "least")
		n := rapid.IntRange(least*len(sizes), 2000).Draw(t, "n")
		how := rapid.SampledFrom(Allocations).Draw(t, "how")
		got, err := Allocate(n, sizes, least, how)
		if err != nil {
			t.Fatal(err)
		}
		sum, pixels := int64(0), int64(0)
		for i, k := range got {
			sum += int64(k)
			pixels += sizes[i]
			if int64(k) > sizes[i] || int64(k) < min(int64(least), sizes[i]) {
				t.Fatalf("stratum %d of %d pixels gets %d", i, sizes[i], k)
			}
		}
		if sum != min(int64(n), pixels) {
			t.Fatalf("%d units are drawn of %d", sum, n)
		}
	})
}

// The draw does not depend on the order in which pixels are seen, and a larger one contains the smaller.
func TestLotteryDoesNotDependOnTheOrder(t *testing.T) {
	const pixels = 5000
	a, b, larger := NewLottery(9, 2, 40), NewLottery(9, 2, 40), NewLottery(9, 2, 200)
	for i := range uint64(pixels) {
		a.See(int(i%2), i)
		larger.See(int(i%2), i)
		j := pixels - 1 - i
		b.See(int(j%2), j)
	}
	for s := range 2 {
		if a.Size(s) != pixels/2 {
			t.Errorf("stratum %d has %d pixels", s, a.Size(s))
		}
		drawn := a.Draw(s, 40)
		if len(drawn) != 40 || !slices.Equal(drawn, b.Draw(s, 40)) || !slices.Equal(drawn, larger.Draw(s, 40)) {
			t.Errorf("stratum %d: %v and %v", s, drawn, b.Draw(s, 40))
		}
	}
	other := NewLottery(10, 2, 40)
	for i := range uint64(pixels) {
		other.See(int(i%2), i)
	}
	if slices.Equal(other.Draw(0, 40), a.Draw(0, 40)) {
		t.Error("another seed draws the same pixels")
	}
}

// Each tenth of the pixels gets its share of the draws: χ² with nine degrees of freedom, limit at 0.999.
func TestLotteryIsFair(t *testing.T) {
	var count [10]float64
	const draws, pixels, seeds = 100, 4000, 40
	for seed := range uint64(seeds) {
		l := NewLottery(seed, 1, draws)
		for i := range uint64(pixels) {
			l.See(0, i)
		}
		for _, w := range l.Draw(0, draws) {
			count[w.Pixel*10/pixels]++
		}
	}
	chi, want := 0.0, float64(draws*seeds)/10
	for _, c := range count {
		chi += (c - want) * (c - want) / want
	}
	if chi > 27.88 || math.IsNaN(chi) {
		t.Errorf("χ² %.1f: %v", chi, count)
	}
}
