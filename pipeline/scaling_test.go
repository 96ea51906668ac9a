package pipeline

import (
	"math"
	"reflect"
	"testing"

	"tuban/classify/irmad"
	"tuban/raster"
)

// A stretch that cut off the darkest land does not give it numbers below zero, where ratios lose their meaning; a band whose
// numbers are not those of light is left to its line.
func TestFloors(t *testing.T) {
	light := make([]float64, 1000)
	for i := range light {
		light[i] = 400 + float64(i)
	}
	below := make([]float64, 1000)
	for i := range below {
		below[i] = float64(i) - 500
	}
	if got := floors([][]float64{light, below, nil}); !reflect.DeepEqual(got, []float64{420 * floorShare, 0, 0}) {
		t.Errorf("floors %v", got)
	}
	s := scalingOf(irmad.Line{Gain: 10, Offset: -450}, 420*floorShare)
	values := []float32{0, 47, 48, 100, raster.NaN}
	s.apply(values)
	if want := []float32{21, 21, 30, 550}; !reflect.DeepEqual(values[:4], want) || values[4] == values[4] {
		t.Errorf("%v, want %v and NaN", values, want)
	}
	s = scalingOf(irmad.Line{Gain: 10, Offset: -450}, 0)
	if got := s.at(0); got != -450 {
		t.Errorf("%v without a floor", got)
	}
	same := []float32{-3, float32(math.Inf(-1)), 7}
	asIs.apply(same)
	if !reflect.DeepEqual(same, []float32{-3, float32(math.Inf(-1)), 7}) {
		t.Errorf("%v", same)
	}
}
