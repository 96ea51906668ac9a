package synth_test

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"tuban/raster"
	"tuban/raster/synth"
)

// signal is what both dates show over a polygon: medians of the indices, and the share without data before.
type signal struct {
	ndvi, ndwi, bright [2]float64
	rough              [2]float64 // standard deviation of brightness over its mean
	missing            int
	n                  int
}

func measure(c *synth.County, p orb.Polygon) signal {
	g := c.Grid()
	b := p.Bound()
	w := g.Cover(raster.Bounds{MinX: b.Min[0], MinY: b.Min[1], MaxX: b.Max[0], MaxY: b.Max[1]})
	var s signal
	for d := range 2 {
		planes := planesFor(w)
		c.Fill(synth.Date(d), w, planes)
		var ndvi, ndwi, br []float64
		for i := range planes[0] {
			x, y := g.Point(float64(w.X+i%w.W)+0.5, float64(w.Y+i/w.W)+0.5)
			if !planar.PolygonContains(p, orb.Point{x, y}) {
				continue
			}
			v := [4]float64{float64(planes[0][i]), float64(planes[1][i]), float64(planes[2][i]), float64(planes[3][i])}
			if v[3] == 0 {
				s.missing++
				continue
			}
			ndvi = append(ndvi, (v[3]-v[2])/(v[3]+v[2]))
			ndwi = append(ndwi, (v[1]-v[3])/(v[1]+v[3]))
			br = append(br, (v[0]+v[1]+v[2])/3)
		}
		s.n = len(br)
		s.ndvi[d], s.ndwi[d] = median(ndvi), median(ndwi)
		var m, q float64
		for _, v := range br {
			m += v
			q += v * v
		}
		m /= float64(len(br))
		s.bright[d] = m
		s.rough[d] = math.Sqrt(max(0, q/float64(len(br))-m*m)) / m
	}
	return s
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	slices.Sort(v)
	return v[len(v)/2]
}

func TestChangesShowWhatTheyAre(t *testing.T) {
	for seed := range uint64(4) {
		showChanges(t, synth.New(synth.Options{Size: 4096, Seed: seed}))
	}
}

func showChanges(t *testing.T, c *synth.County) {
	t.Helper()
	g := c.Grid()
	b := g.Bounds(g.Window())
	count, crossing, small := map[string]int{}, 0, 0
	var taken []orb.Bound
	for _, ch := range c.Changes() {
		count[ch.Kind]++
		bound := ch.Polygon.Bound()
		if bound.Min[0] < b.MinX || bound.Min[1] < b.MinY || bound.Max[0] > b.MaxX || bound.Max[1] > b.MaxY {
			t.Errorf("%s at %v leaves the county", ch.Kind, bound)
		}
		for _, o := range taken {
			if o.Intersects(bound) {
				t.Errorf("%s at %v overlaps another", ch.Kind, bound)
			}
		}
		taken = append(taken, bound)
		if a := planar.Area(origin(ch.Polygon, b)); math.Abs(a-ch.Area) > 1e-4 {
			t.Errorf("%s: area %v, polygon %v", ch.Kind, ch.Area, a)
		}
		s := measure(c, ch.Polygon)
		ok := s.missing == 0 && s.ndvi[0] > 0.3
		switch ch.Kind {
		case "built":
			ok = ok && s.ndvi[1] < 0.2 && s.ndwi[1] < 0.1 && s.rough[1] > 0.2
		case "ground":
			ok = ok && s.ndvi[1] < 0.2 && s.ndwi[1] < 0 && s.rough[1] < 0.2
		case "water":
			ok = ok && s.ndwi[1] > 0.2 && s.ndwi[0] < 0
		case "trees":
			ok = ok && s.ndvi[0] > 0.6 && s.ndvi[1] < 0.3 && s.rough[0] > 0.1
		}
		if !ok {
			t.Errorf("%s on %s, %.0f m²: %+v", ch.Kind, ch.ParcelCode, ch.Area, s)
		}
		if ch.Crossing {
			crossing++
		}
		if ch.Area < 200 {
			small++
		}
		m, _ := planar.CentroidArea(ch.Polygon)
		for _, p := range c.Parcels() {
			if planar.PolygonContains(p.Ring, m) && p.Code != ch.ParcelCode && !ch.Crossing {
				t.Errorf("%s says it is on %s, and is on %s", ch.Kind, ch.ParcelCode, p.Code)
			}
		}
	}
	if n := len(c.Changes()); n < 60 || n > 120 {
		t.Errorf("%d changes on 4 km²", n)
	}
	if count["built"] < 20 || count["ground"] < 10 || count["water"] < 5 || count["trees"] < 5 || crossing == 0 || small == 0 {
		t.Errorf("kinds %v, %d crossing, %d small", count, crossing, small)
	}
}

// The first crossing is what the classes of one parcel alone cannot explain: cropland, field road and ditch at once.
func TestABuildingCrossesFieldRoadAndDitch(t *testing.T) {
	c := synth.New(synth.Options{Size: 4096, Seed: 1})
	for _, ch := range c.Changes() {
		if !ch.Crossing {
			continue
		}
		codes := map[string]bool{}
		b := ch.Polygon.Bound()
		for i := range 40 {
			for j := range 40 {
				q := orb.Point{b.Min[0] + (b.Max[0]-b.Min[0])*float64(i)/39, b.Min[1] + (b.Max[1]-b.Min[1])*float64(j)/39}
				if !planar.PolygonContains(ch.Polygon, q) {
					continue
				}
				for _, p := range c.Parcels() {
					if p.Ring.Bound().Contains(q) && planar.PolygonContains(p.Ring, q) {
						codes[p.Code] = true
					}
				}
			}
		}
		if (codes["0103"] || codes["0101"]) && codes["1006"] && codes["1107"] {
			return
		}
	}
	t.Error("no change crosses cropland, a field road and a ditch")
}

// Traps look different, and the fields among them are few.
func TestTrapsAreThereAndFew(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: looks at many fields")
	}
	c := synth.New(synth.Options{Size: 4096, Seed: 1})
	count := map[string]int{}
	for _, tr := range c.Traps() {
		count[tr.Kind]++
		if tr.Kind != "harvested" && tr.Kind != "mulch" && tr.Kind != "rotation" {
			continue
		}
		s := measure(c, tr.Polygon)
		bare := s.ndvi[1] < 0.3
		if s.n > 2000 && s.ndvi[0] > 0.3 && bare != (tr.Kind != "rotation") {
			t.Errorf("%s: %+v", tr.Kind, s)
		}
	}
	for _, k := range []string{"harvested", "mulch", "rotation", "roof", "cloud", "shadow"} {
		if count[k] == 0 {
			t.Errorf("no trap of kind %s", k)
		}
	}
	if count["harvested"]+count["mulch"] > 12 {
		t.Errorf("traps %v", count)
	}
}

func TestAPartOfTheFirstImageIsMissing(t *testing.T) {
	c := synth.New(synth.Options{Size: 1200, Height: 900, Seed: 2})
	w := c.Grid().Window()
	share := [2]float64{}
	for d := range share {
		p := planesFor(w)
		c.Fill(synth.Date(d), w, p)
		for i := range p[0] {
			zero := 0
			for b := range p {
				if p[b][i] == 0 {
					zero++
				}
			}
			if zero != 0 && zero != 4 {
				t.Fatalf("pixel %d has %d bands without data", i, zero)
			}
			if zero == 4 {
				share[d] += 1 / float64(w.Pixels())
			}
		}
	}
	if share[0] < 0.001 || share[0] > 0.02 || share[1] != 0 {
		t.Errorf("missing: %v", share)
	}
}
