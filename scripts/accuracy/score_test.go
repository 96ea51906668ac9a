package main

import (
	"testing"

	"tuban/classify/accuracy"
)

func TestScoreCountsLabelledPixelsOnly(t *testing.T) {
	got := score([]bool{true, true, false, false, true, true}, []float32{1, 0, 1, 0, 255, 10})
	if want := (accuracy.Confusion{TP: 1, FP: 1, FN: 1, TN: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// A pooled measure is that of all pixels together, not the mean of the scenes'.
func TestPooledAddsPixels(t *testing.T) {
	r := result{scenes: []accuracy.Confusion{{TP: 1, FN: 1}, {TP: 6, FP: 2, TN: 90}}}
	if got, want := r.pooled(), (accuracy.Confusion{TP: 7, FP: 2, FN: 1, TN: 90}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
