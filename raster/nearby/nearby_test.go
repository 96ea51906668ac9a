package nearby

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
)

// The index finds what a look at every pair finds.
func TestTouching(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	square := func(size float64) orb.MultiPolygon {
		x, y, s := rng.Float64()*100, rng.Float64()*100, rng.Float64()*size
		return orb.MultiPolygon{{{{x, y}, {x + s, y}, {x + s, y + s}, {x, y}}}}
	}
	list := []orb.MultiPolygon{nil}
	for range 300 {
		list = append(list, square(4))
	}
	list = append(list, square(90))
	n := New(list)
	hits := 0
	for range 200 {
		g := square(10)
		var want []int
		for i, x := range list {
			if len(x) > 0 && x.Bound().Intersects(g.Bound()) {
				want = append(want, i)
			}
		}
		got := n.Touching(g)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
		hits += len(want)
	}
	if hits < 200 {
		t.Errorf("only %d meetings: the test means little", hits)
	}
}
