package synth_test

import (
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/wkt"
	"github.com/paulmach/orb/planar"
	"github.com/peterstace/simplefeatures/geom"

	"tuban/raster/synth"
)

// Each level of districts is a partition of the land, fits the unit codes of the parcels, and lies within the level above.
func TestDistrictsPartitionTheCounty(t *testing.T) {
	for _, o := range []synth.Options{
		{Size: 1500, Height: 1130, Seed: 7}, {Size: 900, Height: 1400, Seed: 3, Pixel: 1, Divided: true},
		{Size: 1600, Height: 700, Seed: 8, Divided: true, Conditions: conditions("summer")},
	} {
		c := synth.New(o)
		parcels := map[string]float64{}
		b := c.Grid().Bounds(c.Grid().Window())
		for _, p := range c.Parcels() {
			a := planar.Area(origin(p.Ring, b))
			for _, n := range [3]int{6, 9, 12} {
				parcels[p.Unit[:n]] += a
			}
		}
		count := map[int]int{}
		names := map[string]bool{}
		for _, d := range c.Districts() {
			count[len(d.Code)]++
			var sum float64
			for _, p := range d.Polygons {
				sum += planar.Area(origin(p, b))
				if _, err := geom.UnmarshalWKT(wkt.MarshalString(p)); err != nil {
					t.Errorf("%s: %v", d.Code, err)
				}
			}
			if math.Abs(sum-parcels[d.Code]) > 1e-2 {
				t.Errorf("%s has %.3f m², its parcels %.3f", d.Code, sum, parcels[d.Code])
			}
			delete(parcels, d.Code)
			above := d.Code[:len(d.Code)-3]
			key := above + d.Name
			if names[key] || !strings.HasPrefix(d.Name, "演示") {
				t.Errorf("%s is called %s, as another of %s is", d.Code, d.Name, above)
			}
			names[key] = true
		}
		if len(parcels) > 0 {
			t.Errorf("no district for %v", parcels)
		}
		if want := map[bool]int{false: 1, true: 2}[o.Divided]; count[6] != want || o.Divided && count[9] != 4 {
			t.Errorf("divided %v: %v", o.Divided, count)
		}
	}
}

// Field ridges take a share of cropland alone; adjustable land occurs where the county is divided, under names of its own.
func TestParcelsHaveRidgesAndAdjustableLand(t *testing.T) {
	for _, divided := range []bool{false, true} {
		ridges, adjustable := 0, 0
		for _, p := range synth.New(synth.Options{Size: 1200, Seed: 3, Pixel: 1, Divided: divided}).Parcels() {
			if p.Ridge < 0 || p.Ridge >= 0.2 || p.Ridge > 0 && !strings.HasPrefix(p.Code, "01") {
				t.Errorf("parcel %s of class %s: ridges take %g", p.ID, p.Code, p.Ridge)
			}
			if p.Ridge > 0 {
				ridges++
			}
			if k := strings.HasSuffix(p.Code, "K"); k {
				adjustable++
				if p.Name != "可调整"+strings.TrimPrefix(p.Name, "可调整") || p.Code != p.Ground+"K" {
					t.Errorf("parcel %s of class %s on %s is called %s", p.ID, p.Code, p.Ground, p.Name)
				}
			}
		}
		if ridges == 0 || (adjustable > 0) != divided {
			t.Errorf("divided %v: %d parcels with ridges, %d adjustable", divided, ridges, adjustable)
		}
	}
}
