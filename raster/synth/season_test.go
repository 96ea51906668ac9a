package synth_test

import (
	"testing"
	"time"

	"github.com/paulmach/orb/planar"

	"tuban/raster"
	"tuban/raster/synth"
)

func day(month time.Month, d int) time.Time { return time.Date(2025, month, d, 0, 0, 0, 0, time.UTC) }

func TestFieldsFollowTheCropCalendar(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: looks at many fields")
	}
	for _, tc := range []struct {
		day    time.Time
		lo, hi float64 // the median NDVI of the fields
	}{
		{day(time.April, 28), 0, 0.25},
		{day(time.June, 10), 0.2, 0.65},
		{day(time.July, 20), 0.65, 0.9},
		{day(time.August, 26), 0.65, 0.9},
		{day(time.September, 16), 0.4, 0.7},
		{day(time.October, 25), 0, 0.3},
	} {
		c := synth.New(synth.Options{Size: 1600, Seed: 3, Conditions: synth.Conditions{
			NoChange: true, ClearSky: true, Season: synth.Season{Before: day(time.July, 18), After: tc.day},
		}})
		var before, after []float64
		for _, p := range c.Parcels() {
			if p.Code != "0103" || planar.Area(p.Ring) < 1500 {
				continue
			}
			s := measure(c, p.Ring)
			before, after = append(before, s.ndvi[0]), append(after, s.ndvi[1])
		}
		if m := median(before); m < 0.65 {
			t.Errorf("fields in July: NDVI %.2f", m)
		}
		if m := median(after); m < tc.lo || m > tc.hi {
			t.Errorf("fields on %s: NDVI %.2f, not within [%.2f, %.2f]", tc.day.Format("2 January"), m, tc.lo, tc.hi)
		}
		if !c.Day(synth.After).Equal(tc.day) {
			t.Errorf("the second image is of %v", c.Day(synth.After))
		}
	}
}

// In early October some fields are harvested and others are not: no single day tells the state of all.
func TestFieldsAreHarvestedOneAfterTheOther(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: looks at many fields")
	}
	c := synth.New(synth.Options{Size: 2000, Seed: 3, Conditions: synth.Conditions{
		NoChange: true, Season: synth.Season{Before: day(time.July, 18), After: day(time.October, 6)},
	}})
	standing, bare := 0, 0
	for _, p := range c.Parcels() {
		if p.Code == "0103" && planar.Area(p.Ring) > 1500 {
			switch s := measure(c, p.Ring); {
			case s.ndvi[1] > 0.33:
				standing++
			case s.ndvi[1] < 0.28:
				bare++
			}
		}
	}
	if standing < 10 || bare < 10 {
		t.Errorf("%d fields stand, %d are bare", standing, bare)
	}
}

func TestSomePondsFall(t *testing.T) {
	c := synth.New(synth.Options{Size: 4096, Seed: 1, Conditions: synth.Conditions{ClearSky: true, Ponds: .5}})
	rims := 0
	for _, tr := range c.Traps() {
		if tr.Kind != "level" {
			continue
		}
		g := c.Grid()
		rim, water := 0, 0
		for _, v := range tr.Polygon[0][1:] {
			m, _ := planar.CentroidArea(tr.Polygon)
			// A metre inside the outline.
			l := planar.Distance(v, m)
			x, y := g.Pixel(v[0]+(m[0]-v[0])/l*0.7, v[1]+(m[1]-v[1])/l*0.7)
			w := raster.Window{X: int(x), Y: int(y), W: 1, H: 1}
			a, b := planesFor(w), planesFor(w)
			c.Fill(synth.Before, w, a)
			c.Fill(synth.After, w, b)
			if a[3][0] < a[1][0] {
				water++
			}
			if b[3][0] > a[3][0]+200 {
				rim++
			}
		}
		if rim > 0 && water > 0 {
			rims++
		}
	}
	if rims < 3 {
		t.Errorf("%d ponds have a rim of mud", rims)
	}
}
