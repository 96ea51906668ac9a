package pipeline

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// TestAloneIsNeverWrong draws boxes of a patch among parcels with holes and corners, and asks points of the box.
func TestAloneIsNeverWrong(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 8))
	inside := func(mp orb.MultiPolygon, p orb.Point) (in bool) {
		for _, polygon := range mp {
			for _, ring := range polygon {
				in = in != encloses(ring, p)
			}
		}
		return in
	}
	var sure [3]int // of none, of the first, of a later one
	for range 20_000 {
		var parcels []orb.MultiPolygon
		for range 1 + r.IntN(3) {
			x, y, w, h := r.Float64()*60, r.Float64()*60, 20+r.Float64()*60, 20+r.Float64()*60
			skew := r.Float64()*10 - 5
			parcels = append(parcels, orb.MultiPolygon{{
				{{x, y}, {x + w, y + skew}, {x + w - skew, y + h}, {x, y + h}, {x, y}},
				{{x + w/3, y + h/3}, {x + w/3, y + h/2}, {x + w/2, y + h/2}, {x + w/2, y + h/3}, {x + w/3, y + h/3}},
			}})
		}
		x, y := r.Float64()*100, r.Float64()*100
		b := orb.Bound{Min: orb.Point{x, y}, Max: orb.Point{x + 0.5 + r.Float64()*20, y + 0.5 + r.Float64()*20}}
		at, ok := alone(b, 0.01, parcels)
		if !ok {
			continue
		}
		sure[min(at+1, 2)]++
		for range 40 {
			p := orb.Point{b.Min[0] + r.Float64()*(b.Max[0]-b.Min[0]), b.Min[1] + r.Float64()*(b.Max[1]-b.Min[1])}
			first := -1
			for i := len(parcels) - 1; i >= 0; i-- {
				if inside(parcels[i], p) {
					first = i
				}
			}
			if first != at {
				t.Fatalf("box %v is said to be parcel %d's alone, but %v is %d's: %v", b, at, p, first, parcels)
			}
		}
	}
	for i, n := range sure {
		if n < 100 {
			t.Errorf("case %d came up %d times: too few to mean anything", i, n)
		}
	}
}
