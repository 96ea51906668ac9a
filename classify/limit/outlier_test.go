package limit

import (
	"math"
	"testing"
)

// Median 50, median distance from it 25: 50 + 3.5·1.4826·25.
func TestOutlierIsTheMedianAndItsSpread(t *testing.T) {
	var v []float64
	for i := range 101 {
		v = append(v, float64(i))
	}
	got, ok := Outlier(append(v, math.NaN()))
	if want := 50 + 3.5*1.4826*25; !ok || math.Abs(got-want) > 0.01*want {
		t.Errorf("%v %v, want %v", got, ok, want)
	}
	// A fifth of wild values hardly moves it; the mean and the standard deviation would follow them.
	for range 20 {
		v = append(v, 1e6)
	}
	if moved, ok := Outlier(v); !ok || moved > 1.4*got {
		t.Errorf("twenty wild values move the limit from %v to %v", got, moved)
	}
}

func TestOutlierNeedsASpread(t *testing.T) {
	if l, ok := Outlier(make([]float64, 100)); ok || !math.IsNaN(l) {
		t.Errorf("equal values have the limit %v, %v", l, ok)
	}
	if _, ok := Outlier([]float64{1, 2, 3}); ok {
		t.Error("three values are enough")
	}
}
