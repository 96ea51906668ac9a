package synth_test

import (
	"math"
	"testing"

	"tuban/raster/synth"
)

func TestALowSunCastsLongShadows(t *testing.T) {
	under := func(elevation float64) []uint16 {
		c := synth.New(synth.Options{Size: 1500, Seed: 2, Conditions: synth.Conditions{
			NoChange: true, ClearSky: true, Light: synth.Light{Sun: [2]synth.Sun{1: {Azimuth: 200, Elevation: elevation}}},
		}})
		return image(c, synth.After)[2]
	}
	none := under(89.9)
	dark := func(elevation float64) (n int) {
		for i, v := range under(elevation) {
			if float64(v) < 0.65*float64(none[i]) {
				n++
			}
		}
		return n
	}
	if high, low := dark(65), dark(30); high == 0 || low < 2*high {
		t.Errorf("%d pixels in the shadow of a sun at 65°, %d at 30°", high, low)
	}
}

// Only what is high leans: most of the county is the same pixel for pixel.
func TestOnlyWhatIsHighLeans(t *testing.T) {
	o := synth.Options{Size: 1200, Seed: 2, Conditions: synth.Conditions{NoChange: true, ClearSky: true}}
	a := image(synth.New(o), synth.After)
	o.Conditions.Lean = 3
	b := image(synth.New(o), synth.After)
	n := 0
	for i, v := range a[0] {
		if b[0][i] != v {
			n++
		}
	}
	if share := float64(n) / float64(len(a[0])); share < 0.002 || share > 0.1 {
		t.Errorf("%.1f %% of the pixels changed", share*100)
	}
}

func TestHazeBrightensBlueMost(t *testing.T) {
	o := synth.Options{Size: 900, Seed: 2, Conditions: synth.Conditions{NoChange: true, ClearSky: true}}
	a := image(synth.New(o), synth.After)
	o.Conditions.Light.Haze[synth.After] = .04
	b := image(synth.New(o), synth.After)
	var rise [4]float64
	for k := range a {
		for i := range a[k] {
			rise[k] += (float64(b[k][i]) - float64(a[k][i])) / float64(len(a[k]))
		}
	}
	if rise[0] < 100 || rise[0] > 400 || rise[1] > rise[0] || rise[2] > rise[1] || rise[3] > rise[0]/3 {
		t.Errorf("bands rise by %.0f", rise)
	}
}

func TestTheSensorBlursAndIsNoisy(t *testing.T) {
	rough := func(s synth.Sensor) float64 {
		c := synth.New(synth.Options{Size: 700, Seed: 2, Conditions: synth.Conditions{NoChange: true, ClearSky: true, Sensor: s}})
		p := image(c, synth.After)[2]
		var sum float64
		for i, v := range p[1:] {
			sum += math.Abs(float64(v) - float64(p[i]))
		}
		return sum
	}
	plain := rough(synth.Sensor{})
	if v := rough(synth.Sensor{Blur: 1}); v > 0.95*plain {
		t.Errorf("blur leaves %.2f of the gradient", v/plain)
	}
	if v := rough(synth.Sensor{Noise: 3}); v < 1.3*plain {
		t.Errorf("noise makes %.2f of the gradient", v/plain)
	}
}
