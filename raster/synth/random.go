package synth

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// dice draws the layout's random numbers. Each part of the layout has its own, so that a change in one part
// does not shuffle the others.
type dice struct{ *rand.Rand }

func newDice(seed, part uint64) dice { return dice{rand.New(rand.NewPCG(seed, part))} }

func (d dice) between(a, b float64) float64 { return a + (b-a)*d.Float64() }
func (d dice) chance(p float64) bool        { return d.Float64() < p }
func (d dice) sign() float64 {
	if d.chance(0.5) {
		return 1
	}
	return -1
}

// blob returns a star-shaped outline of n points around the middle of the convex ring r, which reaches between
// lo and hi of the way to its edge.
func (d dice) blob(r ring, n int, lo, hi float64) ring {
	c := r.middle()
	// Two low harmonics make a lobed outline, the rest is roughness.
	p1, p2, p3 := d.between(0, 6.28), d.between(0, 6.28), d.between(0, 6.28)
	out := make(ring, 0, n)
	for i := range n {
		a := 2 * math.Pi * (float64(i) + d.between(-0.25, 0.25)) / float64(n)
		k := 0.5 + 0.24*math.Sin(2*a+p1) + 0.14*math.Sin(3*a+p2) + 0.08*math.Sin(5*a+p3) + d.between(-0.04, 0.04)
		s, co := math.Sincos(a)
		u := pt{co, s}
		out = append(out, add(c, scale(u, r.reach(c, u)*(lo+(hi-lo)*k))))
	}
	return out
}

func sortPoints(r ring) {
	slices.SortFunc(r, func(a, b pt) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
}

// mix is a hash of three numbers with all bits well stirred (the finaliser of SplitMix64, Steele et al. 2014).
func mix(a, b, c uint64) uint64 {
	h := a*0x9e3779b97f4a7c15 ^ b*0xc2b2ae3d27d4eb4f ^ c*0x165667b19e3779f9
	h ^= h >> 30
	h *= 0xbf58476d1ce4e5b9
	h ^= h >> 27
	h *= 0x94d049bb133111eb
	return h ^ h>>31
}
