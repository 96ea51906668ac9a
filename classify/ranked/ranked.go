// Package ranked finds the values that stand at given ranks of a large sample, without sorting it.
package ranked

import (
	"math"
	"slices"
)

// Sample is a sample of numbers whose ranks can be asked for.
type Sample struct {
	// N finite values are in it; the others are passed over.
	N      int
	values []float32
	counts [1 << halfKey]uint32
}

// halfKey is how many of the upper bits of a key are counted: sign, exponent and seven bits of a value, so that few values of
// an image share them.
const halfKey = 16

// Of returns the sample of values, which it holds on to. It reads them once, and At once more: for the three quantiles of 400,000
// pixels that is 2 ms where sorting takes 24.
func Of(values []float32) *Sample {
	s := &Sample{values: values}
	for _, v := range values {
		if v-v == 0 {
			s.counts[key(v)>>halfKey]++
			s.N++
		}
	}
	return s
}

// At returns the value at position k, from 0, of the finite values in ascending order; zero may come with either sign. It
// panics unless 0 ≤ k < N.
func (s *Sample) At(k int) float32 {
	if k < 0 || k >= s.N {
		panic("ranked: no such rank")
	}
	group := uint32(0)
	for ; k >= int(s.counts[group]); group++ {
		k -= int(s.counts[group])
	}
	same := make([]float32, 0, s.counts[group])
	for _, v := range s.values {
		if key(v)>>halfKey == group && v-v == 0 {
			same = append(same, v)
		}
	}
	slices.Sort(same)
	return same[k]
}

// key orders as the values do: those below zero with all bits turned, the others above them.
func key(v float32) uint32 {
	b := math.Float32bits(v)
	return b ^ (uint32(int32(b)>>31) | 1<<31)
}
