package main

import (
	"math"
	"testing"
)

func TestChangeVectorIsTheLengthOfTheDifference(t *testing.T) {
	before := [][]float64{{0, 1, 5, math.NaN()}, {0, 2, 5, 1}}
	after := [][]float64{{3, 1, 5, 2}, {4, 2, 6, 1}}
	got := changeVector(before, after)
	for i, want := range []float64{5, 0, 1} {
		if got[i] != want {
			t.Errorf("pixel %d: %v, want %v", i, got[i], want)
		}
	}
	if !math.IsNaN(got[3]) {
		t.Errorf("no data became %v", got[3])
	}
}

// A gain and an offset of a whole date are no change once both dates are standardised.
func TestStandardisedForgetsGainAndOffset(t *testing.T) {
	a := []float64{1, 4, 2, 8, math.NaN(), 5}
	b := make([]float64, len(a))
	for i, v := range a {
		b[i] = 3*v + 100
	}
	x, y := standardised(a), standardised(b)
	for i := range a {
		if math.IsNaN(a[i]) != math.IsNaN(x[i]) || math.Abs(x[i]-y[i]) > 1e-12 {
			t.Errorf("pixel %d: %v and %v", i, x[i], y[i])
		}
	}
	if s := standardised([]float64{7, 7}); s[0] != 0 || s[1] != 0 {
		t.Errorf("a plane of one value became %v", s)
	}
}

// The pixels that do as most pixels do have not changed, whatever that is.
func TestDifferenceIsFromTheMedian(t *testing.T) {
	nir, red := []float64{3, 3, 3, 3, 0}, []float64{1, 1, 1, 1, 0}
	nir1, red1 := []float64{4, 4, 4, 1, 1}, []float64{1, 1, 1, 4, 1}
	got := difference(nir, red, nir1, red1)
	for i := range 3 {
		if got[i] != 0 {
			t.Errorf("pixel %d changed by %v as most did", i, got[i])
		}
	}
	if math.Abs(got[3]-1.2) > 1e-12 {
		t.Errorf("the index of pixel 3 fell from 0.5 to -0.6 where others rose by 0.1: %v, want 1.2", got[3])
	}
	if !math.IsNaN(got[4]) {
		t.Errorf("0/0 became %v", got[4])
	}
}

func TestMedianPassesOverNoData(t *testing.T) {
	if m := median([]float64{9, math.NaN(), 1, 5}); m != 5 {
		t.Errorf("%v, want 5", m)
	}
	if m := median([]float64{math.NaN()}); !math.IsNaN(m) {
		t.Errorf("nothing has the median %v", m)
	}
}
