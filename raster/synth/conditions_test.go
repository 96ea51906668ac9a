package synth_test

import (
	"slices"
	"testing"

	"tuban/raster/synth"
)

// image fills the whole county.
func image(c *synth.County, d synth.Date) [][]uint16 {
	p := planesFor(c.Grid().Window())
	c.Fill(d, c.Grid().Window(), p)
	return p
}

func TestLightGainHazeAndSensorLeaveTheFirstImageAlone(t *testing.T) {
	o := synth.Options{Size: 600, Height: 500, Seed: 2}
	want := image(synth.New(o), synth.Before)
	for name, cond := range map[string]synth.Conditions{
		"gain":   {Light: synth.Light{Gain: [4]float64{1.2, 1.1, 1, .9}}},
		"haze":   {Light: synth.Light{Haze: [2]float64{0, .04}}},
		"shift":  {Shift: synth.Shift{Constant: .5, Local: 1}},
		"sensor": {Sensor: synth.Sensor{Mix: .05, Blur: .5, Noise: 2}},
		"finish": {Finish: [2]synth.Finish{{}, {Stretched: true, Dodge: .2}}},
	} {
		o.Conditions = cond
		c := synth.New(o)
		if !slices.EqualFunc(image(c, synth.Before), want, slices.Equal) {
			t.Errorf("%s changes the first image", name)
		}
		if slices.EqualFunc(image(c, synth.After), image(synth.New(synth.Options{Size: 600, Height: 500, Seed: 2}), synth.After), slices.Equal) {
			t.Errorf("%s does not change the second image", name)
		}
	}
}
