package synth_test

import (
	"math"
	"testing"
	"unicode/utf8"

	"github.com/paulmach/orb/encoding/wkt"
	"github.com/paulmach/orb/planar"
	"github.com/peterstace/simplefeatures/geom"

	"tuban/raster/synth"
	"tuban/raster/vector"
)

// Every layer has valid polygons, values that fit their fields, and an area column that is the area of the geometry: in m², that
// of the red line in km².
func TestLayersFitTheirSchemas(t *testing.T) {
	areas := map[string]float64{"YJJBNTTBMJ": 1, "TBMJ": 1, "QYMJ": 1e6, "MJ": 1, "CZCMJ": 1, "DCMJ": 1, "JCMJ": 1, "DKMJ": 1, "PZMJ": 1, "YDMJ": 1}
	for _, c := range []*synth.County{
		still(t).Night(1), still(t).Night(4), synth.New(synth.Options{Size: 1500, Height: 1130, Seed: 7}),
		synth.New(synth.Options{Size: 2600, Seed: 2, Conditions: conditions("rgb")}), synth.New(synth.Options{Size: 64, Seed: 1}),
	} {
		b := c.Grid().Bounds(c.Grid().Window())
		kinds := map[string]int{}
		for _, l := range c.Layers() {
			kinds[l.Kind+" "+l.Type] += len(l.Features)
			for i, f := range l.Features {
				var sum float64
				for _, p := range f.Polygons {
					sum += planar.Area(origin(p, b))
					if _, err := geom.UnmarshalWKT(wkt.MarshalString(p)); err != nil {
						t.Errorf("%s %d: %v", l.Name, i, err)
					}
				}
				if len(f.Values) != len(l.Fields) {
					t.Fatalf("%s has %d fields, feature %d %d values", l.Name, len(l.Fields), i, len(f.Values))
				}
				measured := 0
				for k, v := range f.Values {
					field := l.Fields[k]
					switch v := v.(type) {
					case string:
						if field.Type != vector.String || utf8.RuneCountInString(v) > field.Width {
							t.Errorf("%s %d: %q does not fit %s", l.Name, i, v, field.Name)
						}
					case float64:
						if unit, is := areas[field.Name]; is {
							measured++
							if math.Abs(v*unit-sum) > 0.01*math.Max(1, unit/1e4) {
								t.Errorf("%s %d: %s is %.6f, the area %.2f m²", l.Name, i, field.Name, v, sum)
							}
						}
					case nil:
					default:
						t.Errorf("%s %d: %s is a %T", l.Name, i, field.Name, v)
					}
				}
				if measured != 1 {
					t.Errorf("%s %d has %d columns of its area", l.Name, i, measured)
				}
			}
		}
		if c.Grid().W < 100 {
			continue // too small for some
		}
		want := []string{
			"basic_farmland ", "basic_farmland_old ", "red_line ", "urban_boundary ", "nature_reserve ", "black_soil ", "village_boundary ",
			"separate_layer ", "decided ", "county ", "town ", "village ",
		}
		if len(c.Watched()) > 0 {
			want = append(want, "approval conversion", "approval expropriation", "approval supply", "approval homestead",
				"approval facility", "approval temporary")
		}
		for _, k := range want {
			if kinds[k] == 0 {
				t.Errorf("a county of %d × %d has no %s", c.Grid().W, c.Grid().H, k)
			}
		}
	}
}

// The two versions of basic farmland share most of their parcels, and differ in some.
func TestFarmlandVersionsDiffer(t *testing.T) {
	layers := still(t).Night(1).Layers()
	now, before := map[string]bool{}, map[string]bool{}
	for _, f := range layers[0].Features {
		now[f.Values[4].(string)] = true
	}
	both := 0
	for _, f := range layers[1].Features {
		if id := f.Values[0].(string); now[id] {
			both++
		} else {
			before[id] = true
		}
	}
	if both == 0 || both == len(now) || len(before) == 0 {
		t.Errorf("%d parcels in both versions, %d in the current one, %d in the earlier one alone", both, len(now), len(before))
	}
}
