package synth_test

import (
	"math"
	"testing"

	"tuban/raster/synth"
)

func TestAStretchedImageHasEightBitsAndClipsLittle(t *testing.T) {
	for _, scenario := range []string{"stretched", "dodged", "rgb"} {
		s, _ := synth.FindScenario(scenario)
		c := synth.New(synth.Options{Size: 1600, Height: 1300, Seed: 4, Conditions: s.Conditions})
		for d := range synth.Date(2) {
			if !s.Byte(d) {
				continue
			}
			for b, p := range image(c, d) {
				var count [256]int
				for _, v := range p {
					if v > 255 {
						t.Fatalf("%s, date %d, band %d: %d", scenario, d, b, v)
					}
					count[v]++
				}
				n := float64(len(p) - count[0])
				levels := 0
				for _, k := range count {
					if k > 0 {
						levels++
					}
				}
				if clipped := float64(count[1]+count[255]) / n; clipped > 0.05 || levels < 200 {
					t.Errorf("%s, date %d, band %d: %.1f %% clipped, %d levels", scenario, d, b, 100*clipped, levels)
				}
			}
		}
	}
}

// Dodging moves the level of places hundreds of metres apart by up to its amplitude, and hardly within a house.
func TestDodgingIsSmooth(t *testing.T) {
	o := synth.Options{Size: 1500, Seed: 4, Conditions: synth.Conditions{NoChange: true, ClearSky: true}}
	o.Conditions.Finish[synth.After].Stretched = true
	a := image(synth.New(o), synth.After)
	o.Conditions.Finish[synth.After].Dodge = .18
	b := image(synth.New(o), synth.After)
	const cell = 20
	lo, hi := math.Inf(1), math.Inf(-1)
	last, step := 0.0, 0.0
	for x := 0; x < o.Size-cell; x += cell {
		var sa, sb float64
		for y := 700; y < 700+cell; y++ {
			for i := range cell {
				sa += float64(a[1][y*o.Size+x+i])
				sb += float64(b[1][y*o.Size+x+i])
			}
		}
		r := sb / sa
		lo, hi = min(lo, r), max(hi, r)
		if x > 0 {
			step = max(step, math.Abs(r-last))
		}
		last = r
	}
	if hi-lo < 0.12 || hi-lo > 0.7 || step > 0.12 {
		t.Errorf("levels go from %.2f to %.2f, %.2f within 10 m", lo, hi, step)
	}
}
