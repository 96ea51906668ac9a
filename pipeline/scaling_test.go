package pipeline

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
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

// A band that only the after date has, or that no line could be drawn for, is not left in numbers of its own beside bands that were
// brought to the before date's: what mixes them is unknown.
func TestBandsWithoutALine(t *testing.T) {
	p := &Plan{Roles: []raster.Role{raster.Green, raster.NIR, raster.Red, raster.Pan, "p_roof"}, Normalise: true}
	p.BeforeOrigins, p.AfterOrigins = make([]Origin, 1), make([]Origin, 1)
	m := PairMeasure{
		State: Normalised, Roles: []raster.Role{raster.Green, raster.Red},
		Lines: []irmad.Line{{Gain: 0.07, N: 500}, {}}, Floors: []float64{0, 0},
	}
	a := p.adjusting([]PairMeasure{m}, []int{0}, nil)
	var got []float32
	for _, s := range a.pairs[0].scaling {
		got = append(got, s.at(300))
	}
	if got[0] != 21 || got[1] == got[1] || got[2] == got[2] || got[3] != 300 || got[4] != 300 {
		t.Errorf("green, near infrared, red, pan and a probability of 300 become %v", got)
	}
}

// A band that no rule reads may be constant: its line is none, and what was measured can be stored and named.
func TestConstantBandThatDoesNotMatter(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	x, y := make([][]float64, 4), make([][]float64, 4)
	for range 5000 {
		tone := 500 + 300*rnd.NormFloat64()
		for b := range 3 {
			v := tone*(1+0.3*float64(b)) + 80*rnd.NormFloat64()
			x[b], y[b] = append(x[b], v), append(y[b], 2*v+30+20*rnd.NormFloat64())
		}
		x[3], y[3] = append(x[3], 255), append(y[3], 255)
	}
	m := PairMeasure{Roles: []raster.Role{raster.Blue, raster.Green, raster.Red, raster.NIR}}
	m.fit(x, y, m.Roles[:3], true)
	if m.State != Normalised || m.lineOf(raster.NIR) >= 0 || m.lineOf(raster.Red) != 2 {
		t.Fatalf("%s, %+v, %+v", m.State, m.Why, m.Lines)
	}
	if _, err := (&Measured{Pairs: []PairMeasure{m}}).hash(); err != nil {
		t.Error(err)
	}
	for _, v := range m.list() {
		if strings.Contains(v.Value, "NaN") {
			t.Errorf("%s: %s", v.Name, v.Value)
		}
	}
	m.State = ""
	m.fit(x, y, m.Roles, true)
	if m.State != NotComparable {
		t.Errorf("%s although a band that the rules read is constant", m.State)
	}
}
