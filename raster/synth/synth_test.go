package synth_test

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/paulmach/orb/planar"
	"github.com/peterstace/simplefeatures/geom"
	"pgregory.net/rapid"

	"tuban/raster"
	"tuban/raster/synth"
)

// counties covers sizes with and without a river, highways and villages, and W ≠ H either way.
var counties = []synth.Options{
	{Size: 2400, Height: 1300, Seed: 1},
	{Size: 900, Height: 2100, Seed: 2},
	{Size: 4096, Seed: 3},
	{Size: 300, Seed: 4},
	{Size: 1500, Height: 1400, Seed: 5, Pixel: 0.8},
	{Size: 2600, Height: 1800, Seed: 6, Conditions: conditions("mixed")},
	{Size: 700, Height: 1900, Seed: 7, Conditions: conditions("rgb")},
}

func conditions(scenario string) synth.Conditions {
	s, is := synth.FindScenario(scenario)
	if !is {
		panic(scenario)
	}
	return s.Conditions
}

func each(t *testing.T, f func(t *testing.T, c *synth.County)) {
	for _, o := range counties {
		t.Run(fmt.Sprintf("%d×%d seed %d", o.Size, o.Height, o.Seed), func(t *testing.T) { f(t, synth.New(o)) })
	}
}

func TestPixelsDoNotDependOnTheWindow(t *testing.T) {
	all := conditions("mixed")
	all.Finish = conditions("rgb").Finish
	for name, cond := range map[string]synth.Conditions{
		"plain": {}, "mixed": conditions("mixed"), "dodged": conditions("dodged"), "all": all,
	} {
		t.Run(name, func(t *testing.T) {
			windowsAgree(t, synth.Options{Size: 1500, Height: 1130, Seed: 7, Conditions: cond})
		})
	}
}

func windowsAgree(t *testing.T, o synth.Options) {
	t.Helper()
	c := synth.New(o)
	whole := c.Grid().Window()
	var want [2][][]uint16
	for d := range want {
		want[d] = planesFor(whole)
		c.Fill(synth.Date(d), whole, want[d])
	}
	rapid.Check(t, func(t *rapid.T) {
		w := raster.Window{
			X: rapid.IntRange(-20, whole.W+5).Draw(t, "x"), Y: rapid.IntRange(-20, whole.H+5).Draw(t, "y"),
			W: rapid.IntRange(1, 600).Draw(t, "w"), H: rapid.IntRange(1, 150).Draw(t, "h"),
		}
		d := rapid.IntRange(0, 1).Draw(t, "date")
		got := planesFor(w)
		for b := range got {
			raster.Fill(got[b], 77)
		}
		c.Fill(synth.Date(d), w, got)
		for b := range got {
			for i, v := range got[b] {
				x, y := w.X+i%w.W, w.Y+i/w.W
				var expect uint16
				if x >= 0 && y >= 0 && x < whole.W && y < whole.H {
					expect = want[d][b][y*whole.W+x]
				}
				if v != expect {
					t.Fatalf("date %d band %d pixel %d,%d: %d in window %v, %d in the whole", d, b, x, y, v, w, expect)
				}
			}
		}
	})
}

// Each edge of a parcel is walked once more, the other way, by exactly one other parcel, or lies on the county's
// border. Together with the sum of the areas this makes the survey a partition.
func TestParcelsPartitionTheCounty(t *testing.T) {
	each(t, func(t *testing.T, c *synth.County) {
		g := c.Grid()
		b := g.Bounds(g.Window())
		type edge [2]orb.Point
		walked := map[edge]int{}
		var sum float64
		for _, p := range c.Parcels() {
			sum += planar.Area(origin(p.Ring, b))
			for _, r := range p.Ring {
				for i, v := range r[1:] {
					walked[edge{r[i], v}]++
				}
			}
		}
		if want := (b.MaxX - b.MinX) * (b.MaxY - b.MinY); math.Abs(sum-want) > 1e-3 {
			t.Errorf("parcels have %.4f m², the county %.4f", sum, want)
		}
		const near = 1e-4
		for e, n := range walked {
			border := false
			for k, lim := range [4]float64{b.MinX, b.MaxX, b.MinY, b.MaxY} {
				border = border || math.Abs(e[0][k/2]-lim) < near && math.Abs(e[1][k/2]-lim) < near
			}
			if n != 1 || walked[edge{e[1], e[0]}] != 1 && !border {
				t.Fatalf("edge %v is walked %d times, and %d times the other way", e, n, walked[edge{e[1], e[0]}])
			}
		}
	})
}

// origin moves p to the corner of the county, where products of coordinates keep their digits.
func origin(p orb.Polygon, b raster.Bounds) orb.Polygon {
	p = p.Clone()
	for _, r := range p {
		for i := range r {
			r[i][0] -= b.MinX
			r[i][1] -= b.MinY
		}
	}
	return p
}

func TestGeometryIsValid(t *testing.T) {
	each(t, func(t *testing.T, c *synth.County) {
		check := func(what string, p orb.Polygon) {
			if _, err := geom.UnmarshalWKT(wkt.MarshalString(p)); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		for _, p := range c.Parcels() {
			check("parcel "+p.ID+" "+p.Code, p.Ring)
			if p.Name == "" || len(p.Unit) != 19 || p.UnitName == "" {
				t.Errorf("parcel %s of class %s: name %q, unit %q %q", p.ID, p.Code, p.Name, p.Unit, p.UnitName)
			}
		}
		for _, ch := range c.Changes() {
			check("change", ch.Polygon)
		}
		for _, a := range c.Approvals() {
			check("approval", a.Polygon)
		}
		for _, tr := range c.Traps() {
			check("trap", tr.Polygon)
		}
	})
}

func TestSameSeedSameCounty(t *testing.T) {
	sameSeed(t, synth.Options{Size: 1200, Height: 700, Seed: 9})
	sameSeed(t, synth.Options{Size: 1200, Height: 700, Seed: 9, Conditions: conditions("rgb")})
}

func sameSeed(t *testing.T, o synth.Options) {
	t.Helper()
	a, b := synth.New(o), synth.New(o)
	o.Seed++
	other := synth.New(o)
	if !reflect.DeepEqual(a.Parcels(), b.Parcels()) || !reflect.DeepEqual(a.Changes(), b.Changes()) ||
		!reflect.DeepEqual(a.Approvals(), b.Approvals()) || !reflect.DeepEqual(a.Traps(), b.Traps()) {
		t.Error("two counties of one seed differ in their outlines")
	}
	if reflect.DeepEqual(a.Parcels(), other.Parcels()) {
		t.Error("another seed gives the same parcels")
	}
	w := raster.Window{X: 100, Y: 50, W: 700, H: 300}
	pa, pb, po := planesFor(w), planesFor(w), planesFor(w)
	a.Fill(synth.After, w, pa)
	b.Fill(synth.After, w, pb)
	other.Fill(synth.After, w, po)
	if !reflect.DeepEqual(pa, pb) || reflect.DeepEqual(pa, po) {
		t.Error("pixels do not follow the seed")
	}
}

func TestFillMayBeCalledConcurrently(t *testing.T) {
	c := synth.New(synth.Options{Size: 900, Height: 600, Seed: 2, Conditions: conditions("mixed")})
	want := image(c, synth.After)
	var wg sync.WaitGroup
	got := make([][][]uint16, 3)
	for i := range got {
		wg.Go(func() { got[i] = image(c, synth.After) })
	}
	wg.Wait()
	for i := range got {
		if !reflect.DeepEqual(got[i], want) {
			t.Errorf("painted at the same time as others, image %d differs", i)
		}
	}
}

func TestAnySizeWorks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := synth.Options{
			Size:   rapid.IntRange(1, 900).Draw(t, "size"),
			Height: rapid.IntRange(0, 900).Draw(t, "height"),
			Seed:   rapid.Uint64().Draw(t, "seed"),
		}
		if rapid.Bool().Draw(t, "hard") {
			o.Conditions = conditions("mixed")
			o.Conditions.Finish[synth.After] = synth.Finish{Stretched: true, Dodge: .18}
		}
		c := synth.New(o)
		w := raster.Window{W: min(o.Size, 40), H: 1}
		c.Fill(synth.After, w, planesFor(w))
		if len(c.Parcels()) == 0 {
			t.Fatal("no parcels")
		}
	})
}

func TestSurveyHasTheClassesOfACounty(t *testing.T) {
	c := synth.New(synth.Options{Size: 4096, Seed: 1})
	count := map[string]int{}
	for _, p := range c.Parcels() {
		count[p.Code]++
	}
	for _, code := range []string{"0101", "0103", "0301", "0404", "0601", "0702", "1003", "1004", "1006", "1101", "1107", "1202"} {
		if count[code] == 0 {
			t.Errorf("no parcel of class %s", code)
		}
	}
	if count["0103"] < 100 {
		t.Errorf("%d fields on 4 km²", count["0103"])
	}
}

func TestApprovalsCoverTheLegalChanges(t *testing.T) {
	c := synth.New(synth.Options{Size: 4096, Seed: 1})
	legal, late := 0, 0
	for _, ch := range c.Changes() {
		// A change is approved when an approval of before the second image holds its middle.
		m, _ := planar.CentroidArea(ch.Polygon)
		inTime := slices.ContainsFunc(c.Approvals(), func(a synth.Approval) bool {
			return a.Date.Before(c.Day(synth.After)) && planar.PolygonContains(a.Polygon, m)
		})
		if ch.Legal != inTime {
			t.Errorf("%s of %.0f m² at %v: legal %v, approved in time %v", ch.Kind, ch.Area, m, ch.Legal, inTime)
		}
		if ch.Legal {
			legal++
		}
	}
	for _, a := range c.Approvals() {
		if a.Date.After(c.Day(synth.After)) {
			late++
		}
	}
	if n := len(c.Changes()); legal < n/10 || legal > n/2 || late == 0 {
		t.Errorf("%d of %d changes are legal, %d approvals came too late", legal, n, late)
	}
}
