package synth

import "time"

// Scenario names a set of conditions, and says how the images are delivered.
type Scenario struct {
	Name       string
	Doc        string
	Conditions Conditions
	// Bands is 4 (blue, green, red, near infrared), or 3 where near infrared is not delivered.
	Bands int
}

// Byte reports whether the image of a date has 8 bits; it has 16 otherwise.
func (s Scenario) Byte(d Date) bool { return s.Conditions.Finish[d].Stretched }

func date(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

// hard is what the hard scenarios share. Strengths are those that enforcement staff meet in bad quarters: two sensors
// whose calibrations differ by a tenth, a hazy second image taken 14° off nadir in the afternoon, block-wise
// orthophotos that are out by up to three quarters of a metre, a survey in which one parcel of twenty is wrong.
func hard() Conditions {
	return Conditions{
		Season: Season{Before: date(2024, 7, 18), After: date(2025, 8, 26)},
		Light: Light{
			Gain: [4]float64{1.10, 1.06, 0.96, 0.90}, Haze: [2]float64{.008, .035},
			Sun: [2]Sun{{Azimuth: 140, Elevation: 62}, {Azimuth: 196, Elevation: 50}},
		},
		Lean:   2.4,
		Shift:  Shift{Constant: 0.6, Local: 0.9},
		Fields: Fields{Harvested: .015, Ploughed: .015, Mulch: .012, Fallow: .03, Sown: .015},
		Ponds:  .3,
		Sensor: Sensor{Mix: .04, Blur: .25, Noise: 1.4},
		Survey: Survey{WrongLabels: .05, Offset: 2},
		Kinds:  true,
	}
}

// Scenarios returns the scenarios, the plain county first.
func Scenarios() []Scenario {
	with := func(f func(*Conditions)) Conditions {
		c := hard()
		f(&c)
		return c
	}
	quiet := func(c Conditions) Conditions {
		c.NoChange, c.ClearSky = true, true
		return c
	}
	h := hard()
	return []Scenario{
		{"plain", "late summer at both dates, little noise: what the rules must not miss", Conditions{}, 4},
		{"summer", "both dates in season; haze, light, lean, local shift, mulch, ploughed and fallow fields, wrong labels", h, 4},
		{"autumn", "as summer, the second image of 20 October: most fields are harvested, leaves fall",
			with(func(c *Conditions) { c.Season.After = date(2025, 10, 20) }), 4},
		{"mixed", "as summer, the second image a mosaic of late July, mid September and mid October with seams",
			with(func(c *Conditions) {
				c.Season.After = date(2025, 7, 30)
				c.Season.Others = [2]time.Time{date(2025, 9, 12), date(2025, 10, 16)}
			}), 4},
		{"stretched", "as summer, the second image stretched to 8 bits",
			with(func(c *Conditions) { c.Finish[After].Stretched = true }), 4},
		{"dodged", "as summer, the second image stretched to 8 bits and locally dodged",
			with(func(c *Conditions) { c.Finish[After] = Finish{Stretched: true, Dodge: .18} }), 4},
		{"rgb", "as summer, both dates natural-colour mosaics of 8 bits, the second one dodged",
			with(func(c *Conditions) {
				c.Finish = [2]Finish{{Stretched: true}, {Stretched: true, Dodge: .18}}
			}), 3},
		{"quiet-season", "the same land in July and in October, no change", quiet(Conditions{
			Season: Season{Before: h.Season.Before, After: date(2025, 10, 20)},
		}), 4},
		{"quiet-light", "the same land in another light and air, no change", quiet(Conditions{Light: h.Light, Lean: h.Lean}), 4},
		{"quiet-sensor", "the same land by another sensor, no change", quiet(Conditions{
			Sensor: h.Sensor, Light: Light{Gain: h.Light.Gain},
		}), 4},
		{"quiet-shift", "the same land, out of place by up to a pixel, no change", quiet(Conditions{
			Shift: Shift{Constant: 0.4, Local: 0.6},
		}), 4},
		{"quiet-all", "the same land in another season and light, by another sensor, out of place by up to a pixel, no change",
			quiet(Conditions{
				Season: Season{Before: h.Season.Before, After: date(2025, 9, 24)},
				Light:  h.Light, Lean: h.Lean, Sensor: h.Sensor, Shift: Shift{Constant: 0.4, Local: 0.6},
			}), 4},
	}
}

// FindScenario returns the scenario of the name.
func FindScenario(name string) (Scenario, bool) {
	for _, s := range Scenarios() {
		if s.Name == name {
			return s, true
		}
	}
	return Scenario{}, false
}
