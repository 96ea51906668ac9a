package synth

import (
	"math"
	"time"

	"github.com/paulmach/orb"
)

// maxTakes is how many takes a county can have: the first image, and up to three parts of the second.
const maxTakes = 4

// take is one flight over the county: an image, or the part of a mosaic that was taken on one day.
type take struct {
	date   Date
	day    time.Time
	season bool // whether the look follows the day
	sensor string
	shadow pt // where the shadow of a metre of height falls, in metres
	lean   pt // how far a metre of height leans, in metres
	moved  pt // where the image lies relative to the ground, in pixels
	air    air
	salt   uint64 // stirs the noise
	haze   *haze  // nil: none that varies
	mix    [4]colour
	mixes  bool
	blur   float32
	drift  *drift // nil: none that varies
	part   *shape // the part of the image that the take shows; nil: all of it
	ring   orb.Polygon
}

// margin is how far around a window the take must be painted.
func (t *take) margin() int {
	m := 1
	if t.blur > 0 {
		m++
	}
	if t.drift != nil {
		m += 1 + int(math.Ceil(t.drift.reach))
	}
	return m
}

// shadows is where the shadow of a metre of height falls at each date in the plain county, in metres: the sun stands
// in the south-south-east, at 58° and 54°.
var shadows = [2]pt{{-0.31, -0.54}, {-0.19, -0.70}}

// Where a date's image lies relative to the true ground in the plain county, in pixels, and how far a metre of height
// leans in metres: orthophotos agree to about a fifth of a pixel, and only for what lies on the ground.
var (
	misplaced = [2]pt{{0, 0}, {0.15, -0.12}}
	leans     = [2]pt{{0.03, 0.02}, {-0.09, 0.05}}
)

// The days of the plain county.
var days = [2]time.Time{
	time.Date(2024, 8, 14, 0, 0, 0, 0, time.UTC),
	time.Date(2025, 8, 20, 0, 0, 0, 0, time.UTC),
}

// newTakes returns the takes of a county of w × h metres: that of the first image, then the parts of the second.
func newTakes(o Options, w, h float64) []take {
	c := o.Conditions
	d := newDice(o.Seed, partTakes)
	season := !c.Season.Before.IsZero()
	dayOf := [2]time.Time{c.Season.Before, c.Season.After}
	var takes []take
	for date := range Date(2) {
		t := take{
			date: date, day: days[date], season: season, shadow: shadows[date], lean: leans[date], moved: misplaced[date],
			air: airs[date], sensor: "GF-2",
		}
		if season && !dayOf[date].IsZero() {
			t.day = dayOf[date]
		}
		if s := c.Light.Sun[date]; s.Elevation > 0 {
			t.shadow = s.shadow()
		}
		if c.Lean > 0 {
			t.lean = scale(t.lean, c.Lean)
		}
		if c.ClearSky {
			t.air.cloudy = false
		}
		if c.Light.Haze[date] > 0 {
			t.haze = newHaze(d, c.Light.Haze[date])
		}
		if date == After {
			t.differ(d, c)
		}
		takes = append(takes, t)
	}
	for k, day := range c.Season.Others {
		if season && !day.IsZero() {
			takes = append(takes, takes[After].other(d, k, day))
		}
	}
	return takes
}

// differ makes t the take of another sensor, in another light, out of place.
func (t *take) differ(d dice, c Conditions) {
	for b, g := range c.Light.Gain {
		if g > 0 {
			t.air.gain[b] *= float32(g)
		}
	}
	if n := float32(c.Sensor.Noise); n > 0 {
		t.air.noise *= n
		t.air.grow *= n
	}
	t.blur = float32(c.Sensor.Blur)
	if c.Sensor.Mix > 0 {
		t.mixes, t.mix = true, mixing(c.Sensor.Mix)
	}
	if c.Shift != (Shift{}) {
		t.moved, t.drift = pt{}, newDrift(d, c.Shift)
	}
}

// other is a take of the same image on another day: the air and the sun are of that day.
func (t take) other(d dice, k int, day time.Time) take {
	t.day, t.sensor = day, [2]string{"JL1", "GF-7"}[k]
	t.air.cloudy = false
	for b := range t.air.gain {
		t.air.gain[b] *= float32(d.between(0.93, 1.07))
	}
	if t.haze != nil {
		t.haze = newHaze(d, t.haze.most*d.between(0.3, 1.2))
	}
	t.shadow = scale(turn(t.shadow, d.between(-0.5, 0.5)), lowSun(day))
	t.lean = turn(t.lean, d.between(1, 4))
	if t.drift != nil {
		t.drift = newDrift(d, t.drift.shift)
	}
	return t
}

// lowSun is how much longer shadows are than in late August at the same hour: the noon sun at 44° N stands at
// 46° + declination.
func lowSun(day time.Time) float64 {
	noon := func(doy float64) float64 {
		return (46 - 23.45*math.Cos(2*math.Pi*(doy+10)/365)) * math.Pi / 180
	}
	return math.Tan(noon(232)) / math.Tan(noon(float64(day.YearDay())))
}

func (s Sun) shadow() pt {
	a, e := s.Azimuth*math.Pi/180, s.Elevation*math.Pi/180
	return scale(pt{-math.Sin(a), math.Cos(a)}, 1/math.Tan(e))
}

// mixing returns the response of bands that see a share of their neighbours: row b makes band b.
func mixing(share float64) [4]colour {
	var m [4]colour
	for b := range m {
		n := 0
		for _, k := range [2]int{b - 1, b + 1} {
			// Near infrared leaks little into red, or vegetation would not stand out in any sensor.
			if k < 0 || k > 3 {
				continue
			}
			f := share
			if b == 3 || k == 3 {
				f = share / 4
			}
			m[b][k] = float32(f)
			n++
		}
		rest := float32(1)
		for k := range m[b] {
			rest -= m[b][k]
		}
		m[b][b] += rest
	}
	return m
}
